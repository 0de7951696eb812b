/** Tests of the client of the command line. */
package dev.redisreplication.node.cli;
