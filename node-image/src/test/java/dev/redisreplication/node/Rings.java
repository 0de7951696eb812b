package dev.redisreplication.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is connected in a ring: the strongly connected components of a graph, by Tarjan's algorithm. */
final class Rings<T> {
    private final Map<T, Set<T>> edges;
    private final Map<T, Integer> index = new HashMap<>();
    private final Map<T, Integer> low = new HashMap<>();
    private final Deque<T> open = new ArrayDeque<>();
    private final List<List<T>> found = new ArrayList<>();

    private Rings(Map<T, Set<T>> edges) {
        this.edges = edges;
    }

    /** Those of more than one element, each in the order of its elements' names, the smallest first. */
    static <T> List<List<T>> of(Map<T, Set<T>> edges) {
        Rings<T> rings = new Rings<>(edges);
        edges.keySet().forEach(rings::visit);
        rings.found.sort(Comparator.comparingInt(List::size));
        return rings.found;
    }

    private void visit(T from) {
        if (index.containsKey(from)) {
            return;
        }
        int at = index.size();
        index.put(from, at);
        low.put(from, at);
        open.push(from);
        for (T to : edges.getOrDefault(from, Set.of())) {
            if (!index.containsKey(to)) {
                visit(to);
                low.merge(from, low.get(to), Math::min);
            } else if (open.contains(to)) {
                low.merge(from, index.get(to), Math::min);
            }
        }
        if (low.get(from) == at) {
            close(from);
        }
    }

    private void close(T last) {
        List<T> ring = new ArrayList<>();
        T each;
        do {
            each = open.pop();
            ring.add(each);
        } while (!each.equals(last));
        if (ring.size() > 1) {
            ring.sort(Comparator.comparing(Object::toString));
            found.add(ring);
        }
    }
}
