package dev.redisreplication.sandbox.http;

import java.io.InputStream;
import java.io.OutputStream;

/** Bytes both ways, whatever carries them. What is written leaves when it is flushed. */
public record Duplex(InputStream in, OutputStream out) {}
