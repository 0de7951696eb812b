/** Reads Kubernetes objects that a client sends as protobuf, as trees of JSON. Uses {@code json} only. */
package dev.redisreplication.sandbox.protobuf;
