package dev.redisreplication.operator.act;

/**
 * What the side that applies objects has to say of a group.
 *
 * @param generation of the spec that it acted on
 * @param specReason why the spec cannot be carried out, in one word; "" if it can
 * @param specProblem the same in a sentence
 * @param rotation what is to be said of a password that is being replaced, "" when none is
 * @param secretName of the Secret with the password
 * @param replaceUnloadable members whose data cannot be loaded may begin anew
 */
public record Notes(
        long generation,
        String specReason,
        String specProblem,
        String rotation,
        String secretName,
        boolean replaceUnloadable) {

    /** Nothing yet. */
    public static final Notes NONE = new Notes(0, "", "", "", "", false);
}
