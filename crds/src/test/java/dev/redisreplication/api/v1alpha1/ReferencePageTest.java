package dev.redisreplication.api.v1alpha1;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {

    @Test
    void checkedInPageIsTheGeneratedOne() throws IOException {
        Golden.check(Path.of("../docs/reference/redisreplicationgroup.md"), ReferencePage.markdown());
    }
}
