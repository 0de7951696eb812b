/**
 * What the data types can do: stateless classes over an entry of a keyspace. Commands call these; they never see the
 * wire format. A small collection is one block, a large one a table, a tree, or both.
 */
package dev.redisreplication.node.type;
