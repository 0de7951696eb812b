/** The kubectl plugin: its process, and the command that the others stand below. */
package dev.redisreplication.kubectl;
