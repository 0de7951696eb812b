package dev.redisreplication.node.command.list;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.store.Keyspace;
import dev.redisreplication.node.type.Lists;

/** Where a list is pushed to and popped from. */
enum ListEnd {
    LEFT("LPOP", Event.LPUSH, Event.LPOP) {
        @Override
        long push(Keyspace db, long list, long value, int length) {
            return Lists.pushFirst(db, list, value, length);
        }

        @Override
        long pop(Keyspace db, long list, Slice out) {
            return Lists.popFirst(db, list, out);
        }
    },
    RIGHT("RPOP", Event.RPUSH, Event.RPOP) {
        @Override
        long push(Keyspace db, long list, long value, int length) {
            return Lists.pushLast(db, list, value, length);
        }

        @Override
        long pop(Keyspace db, long list, Slice out) {
            return Lists.popLast(db, list, out);
        }
    };

    /** The command that pops here: what LMPOP is logged as. */
    final String popCommand;

    /** What has happened to a list that was pushed to here. */
    final Event pushed;

    /** What has happened to a list that was popped from here. */
    final Event popped;

    ListEnd(String popCommand, Event pushed, Event popped) {
        this.popCommand = popCommand;
        this.pushed = pushed;
        this.popped = popped;
    }

    /** Adds an element; returns the new length. */
    abstract long push(Keyspace db, long list, long value, int length);

    /** Takes an element into {@code out}; returns the remaining length, 0 when the key is gone. */
    abstract long pop(Keyspace db, long list, Slice out);

    /** The end that argument {@code i} names. */
    static ListEnd at(Call call, int i) {
        if (call.is(i, "LEFT")) {
            return LEFT;
        }
        if (call.is(i, "RIGHT")) {
            return RIGHT;
        }
        throw CommandError.SYNTAX;
    }
}
