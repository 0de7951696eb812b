/**
 * What the container image adds to a start: the environment variables of the widely used images as directives, and the
 * defaults of the official one. Pure: what is read of the machine comes from the caller. Uses {@code config} only.
 */
package dev.redisreplication.node.image;
