package dev.redisreplication.sandbox.kubelet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback addresses that no other sandbox on this machine uses: a 127.x.0.0/16, claimed by listening on a port of its
 * first address for as long as this lives. Thread-safe.
 */
public final class Addresses implements AutoCloseable {
    private static final int CLAIM_PORT = 26997;

    private final ServerSocket claim;
    private final String prefix;
    private final Set<Integer> services = new HashSet<>();
    private int pods;

    public Addresses() throws IOException {
        int start = ThreadLocalRandom.current().nextInt(10, 240);
        ServerSocket socket = null;
        int octet = 0;
        for (int i = 0; i < 230 && socket == null; i++) {
            octet = 10 + (start - 10 + i) % 230;
            ServerSocket attempt = new ServerSocket();
            try {
                attempt.bind(new InetSocketAddress("127." + octet + ".0.1", CLAIM_PORT));
                socket = attempt;
            } catch (IOException e) {
                attempt.close();
            }
        }
        if (socket == null) {
            throw new IOException("no free 127.x.0.0/16: is every address of 127.0.0.0/8 local on this machine?");
        }
        claim = socket;
        prefix = "127." + octet + ".";
    }

    /** An address for a pod; never given twice. */
    public synchronized String pod() {
        int number = pods++;
        return prefix + (1 + number / 250) + "." + (1 + number % 250);
    }

    /** A cluster address for a Service. */
    public synchronized String service() {
        int number = 1;
        while (!services.add(number)) {
            number++;
        }
        return prefix + (200 + number / 250) + "." + (1 + number % 250);
    }

    /** Gives a Service's address back. */
    public synchronized void releaseService(String address) {
        String[] parts = address.split("\\.", -1);
        if (parts.length == 4 && address.startsWith(prefix)) {
            services.remove((Integer.parseInt(parts[2]) - 200) * 250 + Integer.parseInt(parts[3]) - 1);
        }
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }
}
