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
        return field(name, twoDecimals(value));
    }

    /** One field, with two decimals and the sign for percent. */
    public InfoWriter percent(String name, double value) {
        return field(name, twoDecimals(value) + "%");
    }

    /** A number as {@link #ratio} shows it. */
    public static String twoDecimals(double value) {
        long hundredths = Math.round(value * 100);
        long rest = Math.abs(hundredths % 100);
        return hundredths / 100 + "." + rest / 10 + rest % 10;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
