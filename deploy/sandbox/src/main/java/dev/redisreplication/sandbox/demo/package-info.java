/** What the run command shows: a live table, a client that writes, a killed master, and the figures. */
package dev.redisreplication.sandbox.demo;
