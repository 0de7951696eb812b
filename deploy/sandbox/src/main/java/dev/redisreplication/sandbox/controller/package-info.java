/** The controllers that a cluster brings along: StatefulSets, endpoints of Services, garbage collection. */
package dev.redisreplication.sandbox.controller;
