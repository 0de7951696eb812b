package dev.redisreplication.operator.resource;

/** Pods of a StatefulSet are named {@code <set>-<ordinal>}. */
public final class Ordinals {

    private Ordinals() {}

    /** The ordinal in a pod's name; -1 when it has none. */
    public static int of(String pod) {
        int dash = pod.lastIndexOf('-');
        try {
            return dash < 0 ? -1 : Integer.parseInt(pod, dash + 1, pod.length(), 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
