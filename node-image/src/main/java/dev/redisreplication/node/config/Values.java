package dev.redisreplication.node.config;

import java.util.Map;

/** The values of all directives at one moment, parsed. Immutable. */
final class Values implements Preparation.Next {
    static final Values INITIAL = initial();

    private final String[] texts;
    private final Object[] parsed;

    private Values(String[] texts, Object[] parsed) {
        this.texts = texts;
        this.parsed = parsed;
    }

    private static Values initial() {
        int count = Directives.all().size();
        Values values = new Values(new String[count], new Object[count]);
        Directives.all().forEach(d -> values.put(d, d.initial()));
        return values;
    }

    private void put(Directive<?> d, String canonical) {
        texts[d.index] = canonical;
        parsed[d.index] = d.parse(canonical);
    }

    /** These with some others, given in canonical form. */
    Values with(Map<? extends Directive<?>, String> changes) {
        Values next = new Values(texts.clone(), parsed.clone());
        changes.forEach(next::put);
        return next;
    }

    /** In canonical form. */
    String text(Directive<?> d) {
        return texts[d.index];
    }

    @Override
    @SuppressWarnings("unchecked") // put in by the directive itself
    public <T> T get(Directive<T> d) {
        return (T) parsed[d.index];
    }
}
