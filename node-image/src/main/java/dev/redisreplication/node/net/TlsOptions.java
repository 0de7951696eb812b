package dev.redisreplication.node.net;

/**
 * What TLS is configured with. Files are named as the process finds them; "" is for what is not set.
 *
 * @param certFile PEM: the certificate of the server, and those that lead from it to one that clients trust
 * @param keyFile PEM: its private key
 * @param keyPass what the key is encrypted with
 * @param clientCertFile PEM: the certificate of outgoing connections; "" for that of the server
 * @param clientKeyFile its private key
 * @param clientKeyPass what that key is encrypted with
 * @param caFile PEM: the certificates of those who are trusted
 * @param caDir a folder of such files, each under the hash of its subject, as {@code openssl rehash} makes it
 * @param dhFile PEM: parameters for a kind of cipher that neither library has any more; only looked at
 * @param clients whether those who connect must, can or need not have a certificate
 * @param protocols versions, separated by blanks; "" for TLSv1.2 and TLSv1.3
 * @param ciphers up to TLSv1.2, in OpenSSL's words; "" for the default
 * @param cipherSuites of TLSv1.3, by name, separated by colons; "" for the default
 * @param serverChooses whether the server's order of ciphers counts, and not the client's
 * @param caching whether sessions can be resumed
 * @param cacheSize how many sessions are kept; 0 for no bound
 * @param cacheSeconds how long one can be resumed
 */
public record TlsOptions(
        String certFile,
        String keyFile,
        String keyPass,
        String clientCertFile,
        String clientKeyFile,
        String clientKeyPass,
        String caFile,
        String caDir,
        String dhFile,
        Clients clients,
        String protocols,
        String ciphers,
        String cipherSuites,
        boolean serverChooses,
        boolean caching,
        long cacheSize,
        long cacheSeconds) {
    /** Whether those who connect have a certificate. */
    public enum Clients {
        /** They are not asked for one. */
        NO,
        /** Without one that is trusted they are not let in. */
        YES,
        /** One that is given must be trusted. */
        OPTIONAL
    }
}
