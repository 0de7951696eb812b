package dev.redisreplication.node.command.generic;

import static dev.redisreplication.node.command.Category.DANGEROUS;
import static dev.redisreplication.node.command.Category.LIST;
import static dev.redisreplication.node.command.Category.SET;
import static dev.redisreplication.node.command.Category.SORTEDSET;
import static dev.redisreplication.node.command.Flag.DENYOOM;
import static dev.redisreplication.node.command.Flag.READONLY;
import static dev.redisreplication.node.command.Flag.WRITE;
import static dev.redisreplication.node.command.KeyFlag.ACCESS;
import static dev.redisreplication.node.command.KeyFlag.OW;
import static dev.redisreplication.node.command.KeyFlag.RO;
import static dev.redisreplication.node.command.KeyFlag.UPDATE;

import dev.redisreplication.node.command.Call;
import dev.redisreplication.node.command.CommandError;
import dev.redisreplication.node.command.CommandTable;
import dev.redisreplication.node.command.Event;
import dev.redisreplication.node.command.Keys;
import dev.redisreplication.node.command.argument.Doubles;
import dev.redisreplication.node.command.argument.ElementBuffer;
import dev.redisreplication.node.command.argument.IndexSort;
import dev.redisreplication.node.memory.Memory;
import dev.redisreplication.node.memory.Slice;
import dev.redisreplication.node.resp.Ascii;
import dev.redisreplication.node.resp.Request;
import dev.redisreplication.node.store.Entry;
import dev.redisreplication.node.store.Type;
import dev.redisreplication.node.type.ElementVisitor;
import dev.redisreplication.node.type.Lists;
import dev.redisreplication.node.type.Sets;
import dev.redisreplication.node.type.SortedSets;

/** SORT and SORT_RO: the elements of a list, a set or a sorted set in an order, or what belongs to each of them. */
public final class SortCommands {
    private static final CommandError NO_NUMBER =
            new CommandError("ERR One or more scores can't be converted into double");
    private static final long NOTHING = -1; // in the place of a weight: there is none

    private final ElementBuffer elements = new ElementBuffer();
    private final ElementBuffer weights = new ElementBuffer(); // bits of doubles, or texts, which may be NOTHING
    private final ElementBuffer results = new ElementBuffer(); // what is stored
    private final IndexSort order = new IndexSort();
    private final SortPattern pattern = new SortPattern();
    private final Slice value = new Slice();

    private SortCommands() {}

    /** Adds the rows. */
    public static void register(CommandTable.Builder t) {
        SortCommands c = new SortCommands();
        // spotless:off: one row a command
        t.row("sort", -2, c::sort).is(WRITE, DENYOOM).key(1, RO, ACCESS).unknownKeys(RO, ACCESS).unknownKeys(OW, UPDATE)
                .keysBy(SortCommands::keys).in(SET, SORTEDSET, LIST, DANGEROUS);
        t.row("sort_ro", -2, c::sortRo).is(READONLY).key(1, RO, ACCESS).unknownKeys(RO, ACCESS)
                .keysBy((request, keys) -> keys.add(1, RO, ACCESS)).in(SET, SORTEDSET, LIST, DANGEROUS);
        // spotless:on
    }

    /** The key, and that of the last STORE; keys that come of patterns are not known before they are read. */
    private static void keys(Request request, Keys keys) {
        keys.add(1, RO, ACCESS);
        int store = 0;
        for (int i = 2; i < request.argc(); i++) {
            if (is(request, i, "LIMIT")) {
                i += 2;
            } else if (is(request, i, "GET") || is(request, i, "BY")) {
                i++;
            } else if (is(request, i, "STORE") && i + 1 < request.argc()) {
                store = ++i;
            }
        }
        if (store > 0) {
            keys.add(store, OW, UPDATE);
        }
    }

    private static boolean is(Request request, int i, String word) {
        return Ascii.same(request.address(i), request.length(i), word);
    }

    void sort(Call call) {
        run(call, SortOptions.parse(call, true));
    }

    void sortRo(Call call) {
        run(call, SortOptions.parse(call, false));
    }

    private void run(Call call, SortOptions options) {
        clear();
        long source = call.db().find(call.address(1), call.length(1));
        Type type = source == 0 ? Type.LIST : Entry.type(source);
        if (type != Type.LIST && type != Type.SET && type != Type.ZSET) {
            throw CommandError.WRONG_TYPE;
        }
        if (type == Type.ZSET) {
            // Redis gives a sorted set its large form for this, as OBJECT ENCODING tells.
            source = call.db().findForWrite(call.address(1), call.length(1));
            Entry.general(source, true);
        }
        if (options.unsorted && type == Type.SET && (options.store > 0 || call.isInScript())) {
            // A set has no order; what replicas get, and scripts see, must not depend on chance.
            options.unsorted = false;
            options.alphabetic = true;
            options.by = 0;
        }
        long size = size(source, type);
        long first = Math.min(Math.max(options.offset, 0), size);
        long end = options.count < 0 ? size : Math.min(size, first + Math.min(options.count, size));
        if (options.unsorted && type != Type.SET) {
            gather(call, source, type, options.descending, first, end);
            end -= first;
            first = 0;
        } else {
            gather(call, source, type, false, 0, size);
        }
        if (options.unsorted) {
            order.sort(elements.size(), (a, b) -> 0);
        } else {
            weigh(call, options);
            order.sort(elements.size(), order(options));
        }
        if (options.store > 0) {
            store(call, options, (int) first, (int) end);
        } else {
            reply(call, options, (int) first, (int) end);
        }
        clear();
    }

    private static long size(long source, Type type) {
        if (source == 0) {
            return 0;
        }
        return switch (type) {
            case LIST -> Lists.length(source);
            case SET -> Sets.size(source);
            default -> SortedSets.size(source);
        };
    }

    /** Copies the elements from {@code first} to {@code end}, counted from the other side if {@code reverse}. */
    private void gather(Call call, long source, Type type, boolean reverse, long first, long end) {
        if (first >= end) {
            return;
        }
        long size = size(source, type);
        long from = reverse ? size - end : first;
        long to = reverse ? size - first : end;
        ElementVisitor add = elements::add;
        switch (type) {
            case SET -> Sets.forEach(call.db(), source, add);
            case ZSET ->
                SortedSets.range(
                        call.db(), source, from, to, reverse, (member, length, score) -> add.element(member, length));
            default -> gatherList(call, source, reverse, from, to);
        }
    }

    private void gatherList(Call call, long source, boolean reverse, long from, long to) {
        if (!reverse) {
            Lists.range(call.db(), source, from, to - 1, elements::add);
            return;
        }
        // Lists are read forwards; the order is turned round here.
        Lists.range(call.db(), source, from, to - 1, results::add);
        for (int i = results.size() - 1; i >= 0; i--) {
            elements.add(results.address(i), results.length(i));
        }
        results.clear();
    }

    /** Finds what each element is compared by, unless it is its own text. */
    private void weigh(Call call, SortOptions options) {
        if (options.by == 0 && options.alphabetic) {
            return;
        }
        boolean lacksNumber = false;
        for (int i = 0; i < elements.size(); i++) {
            value.point(elements.address(i), elements.length(i));
            boolean found =
                    options.by == 0 || pattern.find(call, options.by, elements.address(i), elements.length(i), value);
            if (options.alphabetic && found) {
                weights.add(value.address(), value.length());
            } else if (options.alphabetic) {
                weights.add(NOTHING);
            } else {
                double number = found ? Doubles.tolerantWithin(value.address(), value.length()) : 0;
                lacksNumber |= Double.isNaN(number);
                weights.add(Double.doubleToRawLongBits(number));
            }
        }
        if (lacksNumber) { // all keys are looked at before, as in Redis
            clear();
            throw NO_NUMBER;
        }
    }

    private IndexSort.Order order(SortOptions options) {
        IndexSort.Order upwards = !options.alphabetic
                ? this::compareNumbers
                : options.by > 0 ? this::compareTexts : this::compareElements;
        return options.descending ? (a, b) -> upwards.compare(b, a) : upwards;
    }

    private int compareNumbers(int a, int b) {
        double x = Double.longBitsToDouble(weights.get(a));
        double y = Double.longBitsToDouble(weights.get(b));
        return x < y ? -1 : x > y ? 1 : compareElements(a, b);
    }

    private int compareTexts(int a, int b) {
        boolean noA = weights.get(a) == NOTHING;
        boolean noB = weights.get(b) == NOTHING;
        if (noA || noB) {
            return noA && noB ? 0 : noA ? -1 : 1;
        }
        return Memory.compare(weights.address(a), weights.length(a), weights.address(b), weights.length(b));
    }

    private int compareElements(int a, int b) {
        return Memory.compare(elements.address(a), elements.length(a), elements.address(b), elements.length(b));
    }

    private void reply(Call call, SortOptions options, int first, int end) {
        call.reply().array((end - first) * Math.max(1, options.gets));
        for (int i = first; i < end; i++) {
            int element = order.at(i);
            if (options.gets == 0) {
                call.reply().bulk(elements.address(element), elements.length(element));
            }
            for (int get = 0; get < options.gets; get++) {
                if (find(call, options.get[get], element)) {
                    call.reply().bulk(value.address(), value.length());
                } else {
                    call.reply().nil();
                }
            }
        }
    }

    private boolean find(Call call, int i, int element) {
        return pattern.find(call, i, elements.address(element), elements.length(element), value);
    }

    /** Makes a list of the result, in the place of what was there; an empty one leaves no key. */
    private void store(Call call, SortOptions options, int first, int end) {
        for (int i = first; i < end; i++) {
            int element = order.at(i);
            if (options.gets == 0) {
                results.add(elements.address(element), elements.length(element));
            }
            for (int get = 0; get < options.gets; get++) {
                boolean found = find(call, options.get[get], element);
                results.add(value.address(), found ? value.length() : 0);
            }
        }
        int size = results.size();
        int target = options.store;
        boolean removed = call.db().clear(call.address(target), call.length(target), size > 0);
        if (size > 0) {
            long list = Lists.create(call.db(), call.address(target), call.length(target), Entry.NO_EXPIRY);
            for (int i = 0; i < size; i++) {
                Lists.pushLast(call.db(), list, results.address(i), results.length(i));
            }
            call.event(Event.SORTSTORE, target);
        } else if (removed) {
            call.event(Event.DEL, target);
        }
        call.changed(size > 0 ? size : removed ? 1 : 0);
        call.reply().integer(size);
    }

    private void clear() {
        elements.clear();
        weights.clear();
        results.clear();
        order.clear();
    }
}
