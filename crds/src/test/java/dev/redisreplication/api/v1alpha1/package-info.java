/** Generators of the CRD manifest and of the reference page, and the tests that hold the checked-in files to them. */
package dev.redisreplication.api.v1alpha1;
