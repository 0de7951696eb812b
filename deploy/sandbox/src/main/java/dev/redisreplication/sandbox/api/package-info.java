/** A Kubernetes API server in memory: the kinds in use, discovery, OpenAPI, tables, watches, patches, deletion. */
package dev.redisreplication.sandbox.api;
