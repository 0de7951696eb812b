package dev.redisreplication.sandbox.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redisreplication.sandbox.apply.ManagedFields.ConflictException;
import dev.redisreplication.sandbox.apply.ManagedFields.Writer;
import dev.redisreplication.sandbox.json.Json;
import dev.redisreplication.sandbox.schema.ModelSchemas;
import dev.redisreplication.sandbox.schema.Schema;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import org.junit.jupiter.api.Test;

/** Ownership as the documentation of server-side apply has it. */
class ManagedFieldsTest {
    private static final Schema POD = ModelSchemas.of(Pod.class);
    private static final Schema SERVICE = ModelSchemas.of(Service.class);

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.parse(text.replace('\'', '"'));
    }

    private static Writer writer(String name) {
        return new Writer(name, "v1", "", "2026-11-01T00:00:00Z");
    }

    private static JsonNode fields(ObjectNode object, String manager) {
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            if (Json.text(entry, "manager").equals(manager)) {
                return entry.path("fieldsV1");
            }
        }
        return Json.object();
    }

    private static final String EMPTY = "{'metadata':{'name':'p'}}";

    @Test
    void listsWithKeysAreOwnedByElement() throws ConflictException {
        ObjectNode pod = ManagedFields.apply(
                POD,
                json(EMPTY),
                json("{'metadata':{'name':'p','labels':{'a':'b'}},'spec':{'containers':[{'name':'x','image':'i',"
                        + "'args':['1','2'],'ports':[{'containerPort':1}],'resources':{}}],'nodeSelector':{'k':'v'}}}"),
                writer("m"),
                false);
        assertThat(fields(pod, "m"))
                .isEqualTo(json("{'f:metadata':{'f:labels':{'f:a':{}}},'f:spec':{'f:containers':{"
                        + "'k:{\\'name\\':\\'x\\'}':{'.':{},'f:args':{},'f:image':{},'f:name':{},'f:ports':{"
                        + "'k:{\\'containerPort\\':1,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:containerPort':{}}},"
                        + "'f:resources':{}}},'f:nodeSelector':{}}}"));
    }

    @Test
    void anElementGoesWithItsOwner() throws ConflictException {
        ObjectNode first = ManagedFields.apply(
                SERVICE,
                json(EMPTY),
                json("{'metadata':{'name':'p'},'spec':{'ports':[{'port':1,'name':'a'}]}}"),
                writer("one"),
                false);
        ObjectNode both = ManagedFields.apply(
                SERVICE,
                first,
                json("{'metadata':{'name':'p'},'spec':{'ports':[{'port':2,'name':'b'}]}}"),
                writer("two"),
                false);
        assertThat(both.at("/spec/ports")).hasSize(2);
        ObjectNode left = ManagedFields.apply(
                SERVICE, both, json("{'metadata':{'name':'p'},'spec':{'type':'ClusterIP'}}"), writer("one"), false);
        assertThat(left.at("/spec/ports")).hasSize(1);
        assertThat(left.at("/spec/ports/0/port").asInt()).isEqualTo(2);
        assertThat(left.at("/spec/type").asText()).isEqualTo("ClusterIP");
    }

    @Test
    void sameValueIsSharedAndNoConflict() throws ConflictException {
        ObjectNode config = json("{'metadata':{'name':'p'},'spec':{'type':'ClusterIP'}}");
        ObjectNode one = ManagedFields.apply(SERVICE, json(EMPTY), config, writer("one"), false);
        ObjectNode two = ManagedFields.apply(SERVICE, one, config, writer("two"), false);
        assertThat(fields(two, "one")).isEqualTo(fields(two, "two"));
        ObjectNode dropped = ManagedFields.apply(
                SERVICE, two, json("{'metadata':{'name':'p','labels':{'a':'b'}}}"), writer("one"), false);
        assertThat(dropped.at("/spec/type").asText()).isEqualTo("ClusterIP");
    }

    @Test
    void conflictsNameOwnerAndField() throws ConflictException {
        ObjectNode one = ManagedFields.apply(
                SERVICE,
                json(EMPTY),
                json("{'metadata':{'name':'p'},'spec':{'selector':{'a':'1'}}}"),
                writer("one"),
                false);
        ObjectNode other = json("{'metadata':{'name':'p'},'spec':{'selector':{'b':'1'}}}");
        assertThatThrownBy(() -> ManagedFields.apply(SERVICE, one, other, writer("two"), false))
                .isInstanceOfSatisfying(ConflictException.class, e -> assertThat(e.causes())
                        .containsExactly(new ConflictException.Cause("\"one\" using v1", ".spec.selector")));
        ObjectNode forced = ManagedFields.apply(SERVICE, one, other, writer("two"), true);
        // The selector is owned whole: nothing of the first one stays.
        assertThat(forced.at("/spec/selector")).isEqualTo(json("{'b':'1'}"));
        assertThat(fields(forced, "one")).isEmpty();
    }

    @Test
    void statusIsOwnedApart() {
        ObjectNode pod = json("{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{'nodeName':'n'}}");
        ManagedFields.update(POD, null, pod, writer("creator"));
        ObjectNode now = pod.deepCopy();
        now.putObject("status").put("phase", "Running");
        ManagedFields.update(POD, pod, now, new Writer("kubelet", "v1", "status", "2026-11-01T00:00:00Z"));
        assertThat(fields(now, "kubelet")).isEqualTo(json("{'f:status':{'.':{},'f:phase':{}}}"));
        assertThat(now.at("/metadata/managedFields/1/subresource").asText()).isEqualTo("status");
        assertThat(fields(now, "creator")).isEqualTo(json("{'f:spec':{'.':{},'f:nodeName':{}}}"));
    }
}
