/** What is printed, and how: tables, colours, times. */
package dev.redisreplication.kubectl.print;
