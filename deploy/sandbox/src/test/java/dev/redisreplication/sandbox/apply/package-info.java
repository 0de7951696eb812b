/** Tests of field ownership. */
package dev.redisreplication.sandbox.apply;
