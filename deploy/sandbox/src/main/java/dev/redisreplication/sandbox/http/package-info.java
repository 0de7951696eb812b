/** A small HTTP/1.1 server with WebSockets, a virtual thread a connection. Knows nothing of Kubernetes. */
package dev.redisreplication.sandbox.http;
