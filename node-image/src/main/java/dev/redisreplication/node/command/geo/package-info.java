/** The commands on places: sorted sets whose scores are hashes of longitude and latitude. */
package dev.redisreplication.node.command.geo;
