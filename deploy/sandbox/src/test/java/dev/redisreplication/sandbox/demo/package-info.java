/** The whole system, its master killed and paused. */
package dev.redisreplication.sandbox.demo;
