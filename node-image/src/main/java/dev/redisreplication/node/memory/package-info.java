/**
 * Memory outside the Java heap: raw access to it ({@link dev.redisreplication.node.memory.Memory}), the allocator that
 * hands it out in exact sizes ({@link dev.redisreplication.node.memory.Slabs}), and a view of some bytes of it
 * ({@link dev.redisreplication.node.memory.Slice}). Everything else may use this package; it uses nothing.
 */
package dev.redisreplication.node.memory;
