/** What INFO reports: sections that the other packages contribute, and the writer they use. */
package dev.redisreplication.node.info;
