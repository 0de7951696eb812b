import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Sums up the Surefire reports given as arguments: what failed and what was skipped, by name, and as the last line the
 * counts. Run as a source file by the script test; ends with status 1 if anything failed or nothing ran.
 */
class Summary {

    private int passed;
    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    public static void main(String[] files) throws Exception {
        Summary summary = new Summary();
        for (String file : files) {
            summary.read(Path.of(file));
        }
        summary.failed.stream().sorted().forEach(name -> System.out.println("  failed  " + name));
        summary.skipped.stream().sorted().forEach(name -> System.out.println("  skipped " + name));
        System.out.printf(
                "%d passed, %d failed, %d skipped%n", summary.passed, summary.failed.size(), summary.skipped.size());
        System.exit(summary.failed.isEmpty() && summary.passed > 0 ? 0 : 1);
    }

    private void read(Path file) throws Exception {
        NodeList cases = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("name");
            name = test.getAttribute("classname") + (name.isEmpty() ? "" : " > " + name);
            Element skip = (Element) test.getElementsByTagName("skipped").item(0);
            if (skip != null) {
                skipped.add(name + ": " + skip.getAttribute("message").lines().findFirst().orElse("no reason given"));
            } else if (has(test, "failure") || has(test, "error")) {
                failed.add(name);
            } else {
                passed++;
            }
        }
    }

    private static boolean has(Element test, String child) {
        return test.getElementsByTagName(child).getLength() > 0;
    }
}
