package dev.redisreplication.node.net;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.security.SecureRandom;
import java.util.List;

/** What the native library is told and asked beyond what Netty does. Its classes are loaded only where the library is. */
final class TlsNative {
    private TlsNative() {}

    /**
     * The ciphers up to TLSv1.2 that a list in OpenSSL's words stands for, the preferred one first; none when it names none that
     * is known.
     */
    static List<String> ciphers(String list) {
        long context = 0;
        long session = 0;
        try {
            context = SSLContext.make(SSL.SSL_PROTOCOL_TLSV1_2, SSL.SSL_MODE_SERVER);
            SSLContext.setCipherSuite(context, list, false);
            session = SSL.newSSL(context, true);
            return List.of(SSL.getCiphers(session));
        } catch (Exception e) { // declared so by the library
            return List.of();
        } finally {
            if (session != 0) {
                SSL.freeSSL(session);
            }
            if (context != 0) {
                SSLContext.free(context);
            }
        }
    }

    /** Lets clients resume sessions, which they keep themselves; what they hold is worth nothing once this context is gone. */
    static void resumable(ReferenceCountedOpenSslContext context) {
        OpenSslSessionContext sessions = context.sessionContext();
        sessions.setSessionCacheEnabled(true);
        SecureRandom random = new SecureRandom();
        byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
        byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
        byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
        random.nextBytes(name);
        random.nextBytes(hmac);
        random.nextBytes(aes);
        sessions.setTicketKeys(new OpenSslSessionTicketKey(name, hmac, aes));
    }

    /** Every session is to begin with a whole handshake. */
    static void notResumable(ReferenceCountedOpenSslContext context) {
        context.sessionContext().setSessionCacheEnabled(false);
    }
}
