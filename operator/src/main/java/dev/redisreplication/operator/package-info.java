/**
 * The operator's entry: the reconciler, which posts to the loop of each group what is seen of its resource and applies its objects, and
 * the configuration. A group's loop lives in {@code group}; what it sees in {@code observe}, what it remembers in {@code ledger}, what it
 * concludes in {@code decide}, what it does to nodes, labels and the status in {@code act}; the Kubernetes objects are in {@code resource},
 * what a status says in {@code status}, figures in {@code metrics}.
 */
package dev.redisreplication.operator;
