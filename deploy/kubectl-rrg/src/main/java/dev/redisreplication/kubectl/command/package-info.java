/** The words of the plugin, a class each. */
package dev.redisreplication.kubectl.command;
