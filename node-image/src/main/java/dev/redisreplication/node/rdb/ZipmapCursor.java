package dev.redisreplication.node.rdb;

/** Zipmap, the packed encoding of small hashes up to Redis 2.4, which later servers still read. */
final class ZipmapCursor extends PackedCursor {
    private static final int END = 0xFF;
    private static final int LONG_LENGTH = 0xFE;

    private boolean isValue;

    ZipmapCursor() {
        super("zipmap");
    }

    /** The number of pairs, if there are few; walking tells it anyway. */
    @Override
    int headerSize() {
        isValue = false;
        return 1;
    }

    @Override
    boolean announcesLength() {
        return false;
    }

    @Override
    boolean next() throws RdbException {
        long length = unsignedByte();
        if (length == END && !isValue) {
            at--;
            return false;
        }
        if (length == END) {
            throw broken("a field has no value");
        }
        if (length == LONG_LENGTH) {
            length = signed(4) & 0xFFFFFFFFL;
        }
        int unused = isValue ? unsignedByte() : 0; // room that a value has left
        text(length);
        skip(unused);
        isValue = !isValue;
        return true;
    }
}
