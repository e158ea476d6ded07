package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.StronglyConnectedComponents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An order of activation blocks in groups, in which `A` is upper block triangular: a group depends on itself and
/// on groups that come after it.
///
/// The strongly connected components of the graph of activation blocks are the smallest groups there can be. Each
/// has a depth: 0 where it depends on no other, else 1 more than the deepest that it depends on. Components of one
/// depth do not depend on each other, so that they can be solved together. To have few large groups,
///
/// * components of a single block without influence on itself, which are evaluated instead of solved, form one
///   group a depth: for a feed-forward network a layer, however it was written;
/// * so do components of fewer than [#TILE] states, which could not fill one row tile of a kernel by themselves.
///
/// Where more than [#MOST_GROUPS] remain, neighbours are joined to groups that are solved, since a pass over a
/// group costs something too.
///
/// Cost: linear in the entries of the graph.
final class Partition {
    /// Rows of a tile of the product kernels.
    static final int TILE = 8;

    /// The largest number of groups.
    static final int MOST_GROUPS = 1024;

    private final List<Group> groups;

    private Partition(List<Group> groups) {
        this.groups = groups;
    }

    /// Activation blocks that are evaluated or solved together.
    ///
    /// @param blocks the activation blocks, those of one activation together and increasing
    /// @param explicit whether none depends on any of them
    @SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package
    record Group(int[] blocks, boolean explicit) {}

    /// The groups of the graph of activation blocks.
    static Partition of(Pattern graph, ActivationBlocks blocks) {
        StronglyConnectedComponents components = StronglyConnectedComponents.of(graph.start(), graph.column());
        int[] depth = depths(graph, components);
        TreeMap<Integer, List<Group>> layers = new TreeMap<>(Comparator.reverseOrder());
        for (int c = 0; c < components.count(); c++) {
            int[] members = components.members(c);
            boolean explicit = members.length == 1 && !graph.has(members[0], members[0]);
            layers.computeIfAbsent(depth[c], d -> new ArrayList<>()).add(new Group(members, explicit));
        }
        List<Group> groups = new ArrayList<>();
        for (List<Group> layer : layers.values()) {
            groups.addAll(merged(layer, blocks));
        }
        List<Group> fewer = limited(groups);
        // One group is all of the model: its order stays.
        return new Partition(
                fewer.size() == 1
                        ? List.copyOf(fewer)
                        : fewer.stream()
                                .map(group -> byActivation(group, blocks))
                                .toList());
    }

    /// Components are numbered so that those a component depends on have smaller numbers.
    private static int[] depths(Pattern graph, StronglyConnectedComponents components) {
        int[] depth = new int[components.count()];
        for (int c = 0; c < depth.length; c++) {
            for (int block : components.members(c)) {
                for (int p = graph.start()[block]; p < graph.start()[block + 1]; p++) {
                    int other = components.of(graph.column()[p]);
                    if (other != c) {
                        depth[c] = Math.max(depth[c], depth[other] + 1);
                    }
                }
            }
        }
        return depth;
    }

    private static List<Group> merged(List<Group> layer, ActivationBlocks blocks) {
        List<Group> explicit = new ArrayList<>();
        List<Group> small = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        for (Group group : layer) {
            if (group.explicit()) {
                explicit.add(group);
            } else if (Arrays.stream(group.blocks()).map(blocks::size).sum() < TILE) {
                small.add(group);
            } else {
                groups.add(group);
            }
        }
        if (!explicit.isEmpty()) {
            groups.add(joined(explicit, true));
        }
        if (!small.isEmpty()) {
            groups.add(joined(small, false));
        }
        groups.sort(Comparator.comparingInt(group -> group.blocks()[0]));
        return groups;
    }

    private static Group joined(List<Group> parts, boolean explicit) {
        int[] all = parts.stream()
                .flatMapToInt(part -> Arrays.stream(part.blocks()))
                .sorted()
                .toArray();
        return new Group(all, explicit);
    }

    /// Blocks of one activation one after the other, so that a group has few parts of different activations.
    private static Group byActivation(Group group, ActivationBlocks blocks) {
        Map<Activation, Integer> ranks = new HashMap<>();
        for (int block : group.blocks()) {
            ranks.putIfAbsent(blocks.activation(block), ranks.size());
        }
        int[] order = Arrays.stream(group.blocks())
                .boxed()
                .sorted(Comparator.comparingInt(block -> ranks.getOrDefault(blocks.activation(block), 0)))
                .mapToInt(Integer::intValue)
                .toArray();
        return new Group(order, group.explicit());
    }

    private static List<Group> limited(List<Group> groups) {
        if (groups.size() <= MOST_GROUPS) {
            return groups;
        }
        int neighbours = Math.ceilDiv(groups.size(), MOST_GROUPS);
        List<Group> fewer = new ArrayList<>();
        for (int first = 0; first < groups.size(); first += neighbours) {
            fewer.add(joined(groups.subList(first, Math.min(groups.size(), first + neighbours)), false));
        }
        return fewer;
    }

    /// The groups, each depending on itself and later ones.
    List<Group> groups() {
        return groups;
    }

    /// How many groups are evaluated, not solved.
    int explicitGroups() {
        return (int) groups.stream().filter(Group::explicit).count();
    }

    /// All activation blocks in the order of the groups.
    int[] order() {
        return groups.stream()
                .flatMapToInt(group -> Arrays.stream(group.blocks()))
                .toArray();
    }
}
