package dev.redisreplication.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checked-in files that are generated: compared by default, rewritten with {@code -Dgolden.update=true}. */
final class Golden {

    private Golden() {}

    static void check(Path file, String generated) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
        }
        assertThat(file)
                .as("%s is generated; run the test with -Dgolden.update=true and commit the result", file)
                .hasContent(generated);
    }
}
