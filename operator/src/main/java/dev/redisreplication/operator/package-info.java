/**
 * The operator's entry: the reconciler that observes, decides, acts and writes the status of each group, and its configuration.
 * What it sees lives in {@code observe}, what it concludes in {@code decide}, what it does to nodes in {@code act}, the Kubernetes objects
 * in {@code resource}, the status in {@code status}, figures in {@code metrics}.
 */
package dev.redisreplication.operator;
