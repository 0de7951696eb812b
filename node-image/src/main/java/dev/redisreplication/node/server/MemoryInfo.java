package dev.redisreplication.node.server;

import static dev.redisreplication.node.config.Directives.MAXMEMORY;
import static dev.redisreplication.node.config.Directives.MAXMEMORY_POLICY;

import dev.redisreplication.node.command.Node;
import dev.redisreplication.node.info.InfoSection;
import dev.redisreplication.node.info.InfoWriter;
import dev.redisreplication.node.replication.io.Replication;
import dev.redisreplication.node.script.Functions;
import dev.redisreplication.node.script.Scripts;

/**
 * INFO memory. {@code allocator_*} is the allocator of the data: allocated is what is in use, active the pages mapped for
 * it. How many of those pages are resident is not known, so active stands for that too and their overhead is none.
 */
final class MemoryInfo implements InfoSection {
    private final Node node;
    private final Replication replication;
    private final Scripts scripts;
    private final Functions functions;

    MemoryInfo(Node node, Replication replication, Scripts scripts, Functions functions) {
        this.node = node;
        this.scripts = scripts;
        this.functions = functions;
        this.replication = replication;
    }

    @Override
    public void write(InfoWriter out) {
        MemoryFigures now = MemoryFigures.of(node, replication);
        long resident = ProcessFigures.residentBytes();
        used(out, now, resident);
        scripts(out);
        size(out, "maxmemory", node.settings().get(MAXMEMORY));
        out.field("maxmemory_policy", node.settings().get(MAXMEMORY_POLICY));
        fragmentation(out, now, resident);
        parts(out, now);
        Runtime heap = Runtime.getRuntime();
        out.field("mem_allocator", "slabs")
                .field("active_defrag_running", 0) // no defragmentation
                .field("lazyfree_pending_objects", 0) // an object is freed when its command runs
                .field("lazyfreed_objects", 0)
                .field("java_heap_used", now.heap())
                .field("java_heap_committed", heap.totalMemory());
    }

    private void used(InfoWriter out, MemoryFigures now, long resident) {
        long used = now.used();
        long peak = Math.max(node.stats().peakMemory(), used);
        long reserved = node.store().reservedMemory();
        size(out, "used_memory", used);
        size(out, "used_memory_rss", resident);
        size(out, "used_memory_peak", peak);
        out.percent("used_memory_peak_perc", 100.0 * used / peak)
                .field("used_memory_overhead", now.overhead())
                .field("used_memory_startup", MemoryFigures.HEAP_AT_START)
                .field("used_memory_dataset", now.data())
                .percent("used_memory_dataset_perc", now.dataPercent())
                .field("allocator_allocated", now.data())
                .field("allocator_active", reserved)
                .field("allocator_resident", reserved);
        size(out, "total_system_memory", ProcessFigures.systemMemory());
    }

    private void scripts(InfoWriter out) {
        long lua = scripts.interpreterBytes();
        out.field("used_memory_lua", lua)
                .field("used_memory_vm_eval", lua)
                .field("used_memory_lua_human", Sizes.human(lua))
                .field("used_memory_scripts_eval", scripts.bytes())
                .field("number_of_cached_scripts", scripts.count())
                .field("number_of_functions", functions.functions())
                .field("number_of_libraries", functions.libraries())
                .field("used_memory_vm_functions", functions.interpreterBytes());
        size(out, "used_memory_vm_total", lua + functions.interpreterBytes());
        out.field("used_memory_functions", functions.bytes());
        size(out, "used_memory_scripts", scripts.bytes() + functions.bytes());
    }

    private void fragmentation(InfoWriter out, MemoryFigures now, long resident) {
        long reserved = node.store().reservedMemory();
        out.ratio("allocator_frag_ratio", MemoryFigures.ratio(reserved, now.data()))
                .field("allocator_frag_bytes", reserved - now.data())
                .ratio("allocator_rss_ratio", 1)
                .field("allocator_rss_bytes", 0)
                .ratio("rss_overhead_ratio", MemoryFigures.ratio(resident, reserved))
                .field("rss_overhead_bytes", resident - reserved)
                .ratio("mem_fragmentation_ratio", MemoryFigures.ratio(resident, now.used()))
                .field("mem_fragmentation_bytes", resident - now.used());
    }

    private void parts(InfoWriter out, MemoryFigures now) {
        boolean backlog = replication.keepsBacklog();
        out.field("mem_not_counted_for_evict", now.overhead()) // maxmemory is compared with the data
                .field("mem_replication_backlog", now.backlog())
                .field(
                        "mem_total_replication_buffers",
                        backlog ? replication.log().memory() : 0)
                .field("mem_clients_slaves", now.replicas())
                .field("mem_clients_normal", now.normalClients())
                .field("mem_cluster_links", 0) // no cluster
                .field("mem_aof_buffer", now.aofBuffer());
    }

    private static void size(InfoWriter out, String name, long bytes) {
        out.field(name, bytes).field(name + "_human", Sizes.human(bytes));
    }
}
