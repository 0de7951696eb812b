/** Tests of the sandbox as a whole, and what several tests share. */
package dev.redisreplication.sandbox;
