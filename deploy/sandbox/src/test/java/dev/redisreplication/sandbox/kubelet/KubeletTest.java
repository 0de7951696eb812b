package dev.redisreplication.sandbox.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.Sandbox;
import dev.redisreplication.sandbox.api.Api;
import dev.redisreplication.sandbox.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods as processes, and the traffic to them. The containers are shell scripts and the JDK's own web server. */
class KubeletTest {
    private Sandbox sandbox;
    private Api api;

    @BeforeEach
    void start() throws IOException {
        String web =
                Path.of(System.getProperty("java.home"), "bin", "jwebserver").toString();
        sandbox = new Sandbox(
                List.of(
                        new Image("test/shell", List.of("sh", "-c"), Map.of("IP", "$(POD_IP)")),
                        new Image("test/web", List.of(web), Map.of())),
                0,
                Duration.ofMillis(50));
        api = sandbox.api();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void apply(String text) {
        sandbox.apply((ObjectNode) Json.parse(text.replace('\'', '"')));
    }

    private void shellPod(String name, String policy, String script) {
        apply("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'" + name + "'},'spec':{'nodeName':'sandbox',"
                + "'restartPolicy':'" + policy + "','terminationGracePeriodSeconds':1,'containers':[{'name':'c',"
                + "'image':'test/shell:1','args':['" + script + "'],"
                + "'env':[{'name':'WHO','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}],"
                + "'volumeMounts':[{'name':'d','mountPath':'/data'}]}],'volumes':[{'name':'d','emptyDir':{}}]}}");
    }

    private JsonNode pod(String name) {
        JsonNode found = api.find(api.type("pods"), "default", name);
        return found == null ? Json.object() : found;
    }

    private JsonNode container(String name) {
        return pod(name).at("/status/containerStatuses/0");
    }

    @Test
    void aContainersEndIsPublishedAndItStartsAgain() {
        shellPod("p", "Always", "echo $(WHO) at $IP; exec sleep 600");
        await().until(() -> container("p").at("/state/running").isObject());
        String first = Json.text(container("p"), "containerID");
        long pid = sandbox.kubelet().pid("default", "p").orElseThrow();
        assertThat(sandbox.kubelet().log("default", "p")).hasValueSatisfying(log -> await().until(
                        () -> Files.readString(log).equals("p at " + Json.text(pod("p"), "status", "podIP") + "\n")));

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().until(() -> container("p").path("restartCount").asInt() == 1
                && container("p").at("/state/running").isObject());
        assertThat(container("p").at("/lastState/terminated/exitCode").asInt()).isEqualTo(137);
        assertThat(container("p").at("/lastState/terminated/containerID").asText())
                .isEqualTo(first);
        assertThat(Json.text(container("p"), "containerID")).isNotEqualTo(first);
    }

    @Test
    void aChangedSecretIsInTheVolumeFromOneMomentToTheNext() throws IOException {
        apply("{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'data':{'one':'MQ==','gone':'eA=='}}");
        apply("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'nodeName':'sandbox',"
                + "'terminationGracePeriodSeconds':1,'containers':[{'name':'c','image':'test/shell:1',"
                + "'args':['cd $DIR; while :; do echo one $(cat one); echo all $(cat one two gone 2>/dev/null);"
                + " sleep 0.05; done'],"
                + "'env':[{'name':'DIR','value':'/etc/s'}],'volumeMounts':[{'name':'v','mountPath':'/etc/s'}]}],"
                + "'volumes':[{'name':'v','secret':{'secretName':'s','defaultMode':288}}]}}");
        await().untilAsserted(() -> assertThat(lines("p")).contains("all 1x"));
        apply("{'apiVersion':'v1','kind':'Secret','metadata':{'name':'s'},'data':{'one':'Mg==','two':'Mw=='}}");
        await().untilAsserted(() -> assertThat(lines("p")).contains("all 23"));
        // Of several files one may be read before and another one after; a single one is whole at any time.
        assertThat(lines("p")).filteredOn(line -> line.startsWith("one")).containsOnly("one 1", "one 2");

        api.delete(api.type("secrets"), "default", "s", Json.object(), false);
        int seen = lines("p").size();
        await().until(() -> lines("p").size() > seen + 3);
        assertThat(lines("p"))
                .filteredOn(line -> line.startsWith("all"))
                .last()
                .as("what is mounted stays")
                .isEqualTo("all 23");
    }

    private List<String> lines(String pod) throws IOException {
        var log = sandbox.kubelet().log("default", pod);
        return log.isPresent() && Files.exists(log.get()) ? Files.readAllLines(log.get()) : List.of();
    }

    @Test
    void aCrashLoopBacksOff() {
        shellPod("p", "Always", "exit 3");
        await().until(() -> container("p").at("/state/waiting/reason").asText().equals("CrashLoopBackOff"));
        await().until(() -> container("p").path("restartCount").asInt() >= 3);
    }

    @Test
    void aPodThatIsNotRestartedEnds() {
        shellPod("p", "Never", "exit 0");
        await().until(() -> pod("p").at("/status/phase").asText().equals("Succeeded"));
        shellPod("q", "Never", "exit 1");
        await().until(() -> pod("q").at("/status/phase").asText().equals("Failed"));
    }

    @Test
    void deletionEndsTheProcessFirst() {
        shellPod("p", "Always", "trap : TERM; while :; do sleep 0.05; done");
        await().until(() -> sandbox.kubelet().pid("default", "p").isPresent());
        ProcessHandle process = ProcessHandle.of(
                        sandbox.kubelet().pid("default", "p").orElseThrow())
                .orElseThrow();
        api.delete(api.type("pods"), "default", "p", Json.object(), false);
        assertThat(Json.deleting(pod("p"))).isTrue();
        await().until(() -> pod("p").isEmpty());
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void setsKeepTheirNamesAndServicesLeadToReadyPods() throws IOException {
        apply("{'apiVersion':'v1','kind':'Service','metadata':{'name':'web'},'spec':{'selector':{'app':'web'},"
                + "'ports':[{'name':'http','port':80,'targetPort':'http'}]}}");
        apply("{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'name':'web'},'spec':{'replicas':2,"
                + "'serviceName':'web','podManagementPolicy':'Parallel','selector':{'matchLabels':{'app':'web'}},"
                + "'template':{'metadata':{'labels':{'app':'web'}},'spec':{'terminationGracePeriodSeconds':1,"
                + "'containers':[{'name':'c','image':'test/web','args':['-b','$(IP)','-p','8000','-d','/'],"
                + "'env':[{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}],"
                + "'ports':[{'name':'http','containerPort':8000}],"
                + "'readinessProbe':{'tcpSocket':{'port':'http'},'periodSeconds':1}}]}}}}");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.get(api.type("statefulsets"), "default", "web")
                                .at("/status/readyReplicas")
                                .asInt()
                        == 2);
        String address = api.get(api.type("services"), "default", "web")
                .at("/spec/clusterIP")
                .asText();
        await().ignoreExceptions().until(() -> answers(address));

        String uid = Json.uid(pod("web-1"));
        api.delete(api.type("pods"), "default", "web-1", Json.object(), false);
        await().until(() -> !pod("web-1").isEmpty() && !Json.uid(pod("web-1")).equals(uid));

        ObjectNode foreground = Json.object().put("propagationPolicy", "Foreground");
        api.delete(api.type("statefulsets"), "default", "web", foreground, false);
        await().until(() -> api.find(api.type("statefulsets"), "default", "web") == null);
        assertThat(api.list(api.type("pods"), "default", p -> true)).isEmpty();
        await().until(() -> !accepts(address));
    }

    private static boolean answers(String address) throws IOException {
        try (Socket socket = new Socket(address, 80)) {
            socket.getOutputStream().write("GET /no-such-file HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("HTTP/");
        }
    }

    /** Whether a connection stands for longer than the proxy needs to refuse it. */
    private static boolean accepts(String address) {
        try {
            return answers(address);
        } catch (IOException e) {
            return false;
        }
    }
}
