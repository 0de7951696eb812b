package dev.redisreplication.node.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A private key as PEM files have it: PKCS#8, encrypted or not, and the older forms of RSA and EC keys, which the JDK does not
 * know.
 */
final class PemKey {
    private static final String BAD_PASSWORD = "error:1C800064:Provider routines::bad decrypt";
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final Pattern OLD_ENCRYPTION = Pattern.compile(
            "Proc-Type: 4,ENCRYPTED\\s+DEK-Info: (AES-128|AES-192|AES-256|DES-EDE3)-CBC,([0-9A-Fa-f]+)\\s+(.*)",
            Pattern.DOTALL);
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;

    private PemKey() {}

    /** @param body what stands between BEGIN and END */
    static PrivateKey of(String label, String body, String password) throws IOException {
        try {
            return switch (label) {
                case "PRIVATE KEY" -> pkcs8(Base64.getMimeDecoder().decode(body));
                case "ENCRYPTED PRIVATE KEY" ->
                    pkcs8(decrypted(Base64.getMimeDecoder().decode(body), password));
                case "RSA PRIVATE KEY" -> pkcs8(wrapped(RSA, plain(body, password)));
                case "EC PRIVATE KEY" -> ec(plain(body, password));
                default -> throw new IOException("a " + label + " is not supported");
            };
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private static PrivateKey pkcs8(byte[] encoded) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA", "DSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // another algorithm
            }
        }
        throw new InvalidKeySpecException("error:03000072:digital envelope routines::decode error");
    }

    private static byte[] decrypted(byte[] encoded, String password) throws IOException, GeneralSecurityException {
        if (password.isEmpty()) {
            throw new IOException(BAD_PASSWORD);
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encoded);
        String algorithm = info.getAlgName();
        if (algorithm.equals("PBES2") || algorithm.equals("1.2.840.113549.1.5.13")) {
            algorithm = info.getAlgParameters().toString(); // says which functions it is made of
        }
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        try {
            return info.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeySpecException e) {
            throw new IOException(BAD_PASSWORD, e);
        }
    }

    /** The bytes of a key in an older form, which has an encryption of its own. */
    private static byte[] plain(String body, String password) throws IOException, GeneralSecurityException {
        if (!body.startsWith("Proc-Type:")) {
            return Base64.getMimeDecoder().decode(body);
        }
        Matcher old = OLD_ENCRYPTION.matcher(body);
        if (!old.matches()) {
            throw new IOException("error:04800072:PEM routines::unsupported encryption");
        }
        if (password.isEmpty()) {
            throw new IOException(BAD_PASSWORD);
        }
        byte[] iv = HexFormat.of().parseHex(old.group(2));
        boolean triple = old.group(1).equals("DES-EDE3");
        int length = triple ? 24 : Integer.parseInt(old.group(1).substring("AES-".length())) / 8;
        byte[] key = derived(password.getBytes(StandardCharsets.UTF_8), iv, length);
        Cipher cipher = Cipher.getInstance(triple ? "DESede/CBC/PKCS5Padding" : "AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, triple ? "DESede" : "AES"), new IvParameterSpec(iv));
        try {
            return cipher.doFinal(Base64.getMimeDecoder().decode(old.group(3)));
        } catch (GeneralSecurityException e) {
            throw new IOException(BAD_PASSWORD, e);
        }
    }

    /** As OpenSSL has always made a key of a password for this form. */
    private static byte[] derived(byte[] password, byte[] iv, int length) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        byte[] last = {};
        while (key.size() < length) {
            md5.update(last);
            md5.update(password);
            md5.update(iv, 0, 8);
            last = md5.digest();
            key.writeBytes(last);
        }
        return Arrays.copyOf(key.toByteArray(), length);
    }

    /** An EC key says its curve at its end, PKCS#8 wants it at the beginning. */
    private static PrivateKey ec(byte[] key) throws IOException, GeneralSecurityException {
        int at = 1 + lengthBytes(key, 1); // into the sequence
        at += 2 + key[at + 1]; // its version
        at += 1 + lengthBytes(key, at + 1) + length(key, at + 1); // the number
        if (at >= key.length || (key[at] & 0xff) != PARAMETERS) {
            throw new IOException("an EC key that does not name its curve is not supported");
        }
        int from = at + 1 + lengthBytes(key, at + 1);
        byte[] curve = Arrays.copyOfRange(key, from, from + length(key, at + 1));
        byte[] both = Arrays.copyOf(EC, EC.length + curve.length);
        System.arraycopy(curve, 0, both, EC.length, curve.length);
        return pkcs8(wrapped(tagged(SEQUENCE, both), key));
    }

    /** PKCS#8: version 0, the algorithm, the key. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {2, 1, 0});
        out.writeBytes(algorithm);
        out.writeBytes(tagged(OCTETS, key));
        return tagged(SEQUENCE, out.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static int lengthBytes(byte[] from, int at) {
        return (from[at] & 0x80) == 0 ? 1 : 1 + (from[at] & 0x7f);
    }

    private static int length(byte[] from, int at) {
        int first = from[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 1; i <= (first & 0x7f); i++) {
            length = length << 8 | from[at + i] & 0xff;
        }
        return length;
    }
}
