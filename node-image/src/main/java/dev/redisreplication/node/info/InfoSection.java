package dev.redisreplication.node.info;

/** One section of INFO, such as replication. Contributed at start-up to {@link Info}; called on the event loop. */
public interface InfoSection {
    /** Writes the section's fields. */
    void write(InfoWriter out);
}
