package dev.redisreplication.node.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A resolver of names that a test has in its hand, for the process that is started with {@link #option}. Names are files of a
 * folder: what such a file holds are the addresses, each in a line; without a file the name is not known. A file {@code hold} there makes
 * every look-up wait. Each look-up is a line in the file {@code asked}.
 */
public final class TestResolver extends InetAddressResolverProvider {
    private static final String PROPERTY = "redis-node.test.names";

    /** The option of the JVM. */
    public static String option(Path folder) {
        return "-D" + PROPERTY + "=" + folder;
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        String folder = System.getProperty(PROPERTY);
        return folder == null ? configuration.builtinResolver() : new ByFolder(Path.of(folder));
    }

    @Override
    public String name() {
        return "names of a test";
    }

    private record ByFolder(Path folder) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            try {
                Files.writeString(
                        folder.resolve("asked"), host + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                while (Files.exists(folder.resolve("hold"))) {
                    Thread.sleep(10);
                }
                Path file = folder.resolve(host);
                if (!Files.exists(file)) {
                    throw new UnknownHostException(host);
                }
                List<InetAddress> all = new ArrayList<>();
                for (String line : Files.readAllLines(file)) {
                    all.add(InetAddress.getByAddress(
                            host, InetAddress.ofLiteral(line.strip()).getAddress()));
                }
                return all.stream();
            } catch (UnknownHostException e) {
                throw e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            throw new UnknownHostException();
        }
    }
}
