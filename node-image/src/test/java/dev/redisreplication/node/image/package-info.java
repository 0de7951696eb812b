/** Tests of what the image makes of a container's environment. */
package dev.redisreplication.node.image;
