/**
 * Scripts: EVAL and its kind, what a script can call, and how values come over from Lua and back. Uses the framework
 * {@code command} and what lies below it, and {@code lua}.
 */
package dev.redisreplication.node.script;
