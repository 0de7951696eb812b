/** Who owns which field: managed fields, server-side apply, its conflicts. */
package dev.redisreplication.sandbox.apply;
