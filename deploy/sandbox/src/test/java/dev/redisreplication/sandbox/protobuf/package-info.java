/** Tests of the reading of protobuf. */
package dev.redisreplication.sandbox.protobuf;
