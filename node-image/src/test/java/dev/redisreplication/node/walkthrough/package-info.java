/** The walk-throughs of {@code docs/walkthroughs}, step by step, on real servers and on our nodes. */
package dev.redisreplication.node.walkthrough;
