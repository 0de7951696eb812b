package dev.redisreplication.node.rdb;

import dev.redisreplication.node.memory.Memory;

/**
 * CRC-64/Jones (reflected, start value 0, no final xor), the checksum at the end of a dump. Eight bytes a step, by eight
 * tables.
 */
public final class Crc64 {
    private static final long REFLECTED_POLYNOMIAL = 0x95AC9329AC4BC9B5L;
    private static final long[][] TABLES = tables();

    private Crc64() {}

    private static long[][] tables() {
        long[][] tables = new long[8][256];
        for (int value = 0; value < 256; value++) {
            long crc = value;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ REFLECTED_POLYNOMIAL : crc >>> 1;
            }
            tables[0][value] = crc;
        }
        for (int slice = 1; slice < 8; slice++) {
            for (int value = 0; value < 256; value++) {
                long before = tables[slice - 1][value];
                tables[slice][value] = tables[0][(int) before & 0xFF] ^ (before >>> 8);
            }
        }
        return tables;
    }

    /**
     * Continues a checksum.
     *
     * @param crc checksum of the bytes before, 0 at the start
     * @param address first of the next bytes, in native memory
     * @param length how many
     * @return checksum of all bytes so far
     */
    public static long update(long crc, long address, long length) {
        long at = address;
        long end = address + length;
        long[][] t = TABLES;
        for (; end - at >= 8; at += 8) {
            long mixed = crc ^ Memory.getLong(at);
            crc = t[7][(int) mixed & 0xFF]
                    ^ t[6][(int) (mixed >>> 8) & 0xFF]
                    ^ t[5][(int) (mixed >>> 16) & 0xFF]
                    ^ t[4][(int) (mixed >>> 24) & 0xFF]
                    ^ t[3][(int) (mixed >>> 32) & 0xFF]
                    ^ t[2][(int) (mixed >>> 40) & 0xFF]
                    ^ t[1][(int) (mixed >>> 48) & 0xFF]
                    ^ t[0][(int) (mixed >>> 56)];
        }
        for (; at < end; at++) {
            crc = t[0][(int) (crc ^ Memory.getByte(at)) & 0xFF] ^ (crc >>> 8);
        }
        return crc;
    }
}
