/**
 * A deterministic discrete-event simulator of a whole group: nodes, network, API server, kubelets, operators and clients
 * on one virtual clock. The decider under test is the real one; everything around it is a model that follows the rules
 * that nodes and operator keep. One seed is one schedule.
 */
package dev.redisreplication.operator.sim;
