package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.NativeBuffer;

/**
 * Writes a stream's value: nodes of {@link #NODE_ENTRIES} entries each, whose fields and ids are stored as differences to
 * the node's first entry, then the counters and the consumer groups.
 */
final class StreamWriter {
    /** Entries a node, as {@code stream-node-max-entries} has it. */
    static final int NODE_ENTRIES = 100;

    private final RdbWriter out;
    private final ListpackBuilder node = new ListpackBuilder();
    private Slice[] masterFields = new Slice[0];
    private int shared;
    private long left;
    private int inNode;
    private long masterMs;
    private long masterSequence;

    StreamWriter(RdbWriter out) {
        this.out = out;
    }

    /** Begins a stream of {@code length} entries. */
    void begin(long length) {
        out.length((length + NODE_ENTRIES - 1) / NODE_ENTRIES);
        left = length;
        inNode = 0;
    }

    /** The next entry; {@code count} slices of alternating fields and values. */
    void entry(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) {
        if (inNode == 0) {
            beginNode(milliseconds, sequence, fieldsAndValues, count);
        }
        boolean same = sameFields(fieldsAndValues, count);
        node.add(same ? RdbFormat.STREAM_ENTRY_SAME_FIELDS : 0);
        node.add(milliseconds - masterMs);
        node.add(sequence - masterSequence);
        int fields = count / 2;
        if (!same) {
            node.add(fields);
        }
        for (int i = same ? 1 : 0; i < count; i += same ? 2 : 1) {
            node.add(fieldsAndValues[i].address(), fieldsAndValues[i].length());
        }
        // Elements of this entry without this one: flags and id are three, the number of fields one.
        node.add(same ? 3L + fields : 4L + 2L * fields);
        inNode++;
        left--;
        if (inNode == NODE_ENTRIES || left == 0) {
            endNode();
        }
    }

    private void beginNode(long milliseconds, long sequence, Slice[] fieldsAndValues, int count) {
        masterMs = milliseconds;
        masterSequence = sequence;
        shared = count / 2;
        if (masterFields.length < shared) {
            masterFields = new Slice[shared];
            for (int i = 0; i < shared; i++) {
                masterFields[i] = new Slice();
            }
        }
        node.begin();
        node.add(Math.min(left, NODE_ENTRIES));
        node.add(0); // deleted entries
        node.add(shared);
        for (int i = 0; i < shared; i++) {
            Slice field = fieldsAndValues[2 * i];
            masterFields[i].copyOf(field.address(), field.length());
            node.add(field.address(), field.length());
        }
        node.add(0); // end of the master entry
    }

    private boolean sameFields(Slice[] fieldsAndValues, int count) {
        if (count != 2 * shared) {
            return false;
        }
        for (int i = 0; i < shared; i++) {
            Slice field = fieldsAndValues[2 * i];
            if (field.length() != masterFields[i].length()
                    || !Memory.equal(field.address(), masterFields[i].address(), field.length())) {
                return false;
            }
        }
        return true;
    }

    private void endNode() {
        out.nodeId(masterMs, masterSequence);
        NativeBuffer packed = node.end();
        out.plain(packed.address(), packed.readable());
        inNode = 0;
    }

    /** Ends the entries; the number of consumer groups and the groups follow. */
    void end(StreamFacts facts) {
        out.length(facts.length());
        out.length(facts.lastMs());
        out.length(facts.lastSequence());
        out.length(facts.firstMs());
        out.length(facts.firstSequence());
        out.length(facts.maxDeletedMs());
        out.length(facts.maxDeletedSequence());
        out.length(facts.entriesAdded());
    }
}
