/** Structural schemas: validation in the API server's words, defaulting, pruning, CEL rules, and the schemas of built-in kinds. */
package dev.redisreplication.sandbox.schema;
