/** Tests of the API server through real clients. */
package dev.redisreplication.sandbox.api;
