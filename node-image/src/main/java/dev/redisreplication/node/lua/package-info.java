/**
 * Lua 5.1: the native library, reached through the foreign function interface, and an interpreter with a limit of memory
 * that Java functions can be called from. Uses {@code memory} only.
 */
package dev.redisreplication.node.lua;
