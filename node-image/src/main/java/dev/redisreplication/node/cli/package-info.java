/**
 * The command line client of the image: what people use of redis-cli in a container, with its formats. A process of its own, on
 * plain sockets, which starts quickly. Uses {@code config} for the words of a line and {@code net} for certificates, and nothing
 * of the server.
 */
package dev.redisreplication.node.cli;
