package dev.redisreplication.node.rdb;

/** Ziplist, the packed encoding up to Redis 6.2. */
final class ZiplistCursor extends PackedCursor {
    private static final int END = 0xFF;
    private static final int LONG_PREVIOUS_LENGTH = 0xFE;

    ZiplistCursor() {
        super("ziplist");
    }

    @Override
    int headerSize() {
        return 10;
    }

    @Override
    boolean next() throws RdbException {
        int previous = unsignedByte();
        if (previous == END) {
            at--;
            return false;
        }
        if (previous == LONG_PREVIOUS_LENGTH) {
            skip(4);
        }
        int first = unsignedByte();
        switch (first >>> 6) {
            case 0 -> text(first & 0x3F);
            case 1 -> text((first & 0x3F) << 8 | unsignedByte());
            case 2 -> text(Integer.reverseBytes((int) signed(4)) & 0xFFFFFFFFL);
            default -> number(first);
        }
        return true;
    }

    private void number(int first) throws RdbException {
        switch (first) {
            case 0xC0 -> integer(signed(2));
            case 0xD0 -> integer(signed(4));
            case 0xE0 -> integer(signed(8));
            case 0xF0 -> integer(signed(3));
            case 0xFE -> integer(signed(1));
            default -> {
                if (first < 0xF1 || first > 0xFD) {
                    throw broken("0x" + Integer.toHexString(first) + " begins no element");
                }
                integer((first & 0x0F) - 1);
            }
        }
    }
}
