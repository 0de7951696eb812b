/**
 * Tests of what is shipped: the chart and the manifests by themselves, and everything together on a real cluster.
 *
 * <p>The cluster is a {@code K3sContainer}, started once for all test classes that ask for it ({@link
 * dev.redisreplication.cluster.RealCluster}). Figures, such as the time from a kill to the first accepted write, are
 * printed and kept in {@code target/cluster-figures.txt}; no test fails by a clock.
 */
package dev.redisreplication.cluster;
