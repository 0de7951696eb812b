package dev.redisreplication.node.info;

/** Collects the text of INFO. */
public final class InfoWriter {
    private final StringBuilder text = new StringBuilder(4096);

    void heading(String name) {
        if (!text.isEmpty()) {
            text.append("\r\n");
        }
        text.append("# ").append(name).append("\r\n");
    }

    /** One field. */
    public InfoWriter field(String name, String value) {
        text.append(name).append(':').append(value).append("\r\n");
        return this;
    }

    /** One field. */
    public InfoWriter field(String name, long value) {
        text.append(name).append(':').append(value).append("\r\n");
        return this;
    }

    /** One field, with two decimals. */
    public InfoWriter ratio(String name, double value) {
        long hundredths = Math.round(value * 100);
        text.append(name).append(':').append(hundredths / 100).append('.');
        long rest = Math.abs(hundredths % 100);
        text.append(rest / 10).append(rest % 10).append("\r\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
