package dev.redisreplication.node.rdb;

/** Listpack, the packed encoding since Redis 7 (streams: since 5). */
final class ListpackCursor extends PackedCursor {
    private static final int END = 0xFF;

    ListpackCursor() {
        super("listpack");
    }

    @Override
    int headerSize() {
        return 6;
    }

    @Override
    boolean next() throws RdbException {
        long start = at;
        int first = unsignedByte();
        if (first < 0x80) {
            integer(first);
        } else if (first < 0xC0) {
            text(first & 0x3F);
        } else if (first < 0xE0) {
            int value = (first & 0x1F) << 8 | unsignedByte();
            integer(value << 19 >> 19);
        } else if (first < 0xF0) {
            text((first & 0x0F) << 8 | unsignedByte());
        } else {
            switch (first) {
                case 0xF0 -> text(signed(4) & 0xFFFFFFFFL);
                case 0xF1 -> integer(signed(2));
                case 0xF2 -> integer(signed(3));
                case 0xF3 -> integer(signed(4));
                case 0xF4 -> integer(signed(8));
                case END -> {
                    at = start;
                    return false;
                }
                default -> throw broken("0x" + Integer.toHexString(first) + " begins no element");
            }
        }
        skip(backLengthSize(at - start));
        return true;
    }

    /** Bytes of the length that follows each element for walking backwards. */
    static int backLengthSize(long elementSize) {
        if (elementSize <= 127) {
            return 1;
        } else if (elementSize < 16383) {
            return 2;
        } else if (elementSize < 2097151) {
            return 3;
        } else if (elementSize < 268435455) {
            return 4;
        }
        return 5;
    }
}
