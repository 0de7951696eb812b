package dev.redisreplication.node.acl;

import dev.redisreplication.node.command.CommandRow;
import dev.redisreplication.node.command.Denial;
import dev.redisreplication.node.command.User;
import dev.redisreplication.node.resp.Request;

/** A user: a name, and rules that are exchanged as a whole. Clients keep it. */
public final class AclUser implements User {
    private final String name;
    private final Selector.FoundKeys found;
    private Rules rules;
    private boolean unrestricted;
    private Selector[] selectors;

    AclUser(String name, Rules rules, Selector.FoundKeys found) {
        this.name = name;
        this.found = found;
        rules(rules);
    }

    /** What is said of it. */
    public Rules rules() {
        return rules;
    }

    void rules(Rules next) {
        rules = next;
        unrestricted = next.isUnrestricted();
        selectors = next.selectors().toArray(Selector[]::new);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isUnrestricted() {
        return unrestricted;
    }

    @Override
    public Denial check(CommandRow row, Request request) {
        if (unrestricted) {
            return null;
        }
        found.forget();
        long worst = 0;
        for (Selector selector : selectors) {
            long lacks = selector.check(row, request, found);
            if (lacks == 0) {
                return null;
            }
            worst = Math.max(worst, lacks);
        }
        return Selector.denial(worst);
    }

    @Override
    public boolean readsAnyKey(CommandRow row, Request request) {
        if (unrestricted) {
            return true;
        }
        found.forget();
        for (Selector selector : selectors) {
            if (selector.readsAnyKey() && selector.check(row, request, found) == 0) {
                return true;
            }
        }
        return false;
    }
}
