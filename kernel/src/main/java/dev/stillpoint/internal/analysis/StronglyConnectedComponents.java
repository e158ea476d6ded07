package dev.stillpoint.internal.analysis;

import java.util.Arrays;

/// The strongly connected components of the graph of a square matrix, which has an edge from `i` to `j` where entry
/// `(i, j)` is not zero: state `i` depends on state `j`.
///
/// Components are numbered so that each depends on itself and on components of smaller numbers alone: evaluated in
/// that order, a system falls into its diagonal blocks (IDL-21 Theorems 2.7 and 2.8). A component of one state has
/// its diagonal entry, perhaps zero, as its block. The matrix is triangular under a symmetric permutation exactly
/// when every component is of size one.
///
/// Tarjan's algorithm with an explicit stack: time and memory linear in the entries, any depth.
public final class StronglyConnectedComponents {
    private final int[] componentOf;
    private final int[][] members;

    private StronglyConnectedComponents(int[] componentOf, int[][] members) {
        this.componentOf = componentOf;
        this.members = members;
    }

    /// The components of a graph of `start.length - 1` vertices whose edges from `i` lead to
    /// `column[start[i] .. start[i+1])`.
    public static StronglyConnectedComponents of(int[] start, int[] column) {
        int n = start.length - 1;
        int[] componentOf = new int[n];
        int[] order = new int[n];
        int[] low = new int[n];
        int[] open = new int[n];
        int[] path = new int[n];
        int[] edge = new int[n];
        Arrays.fill(componentOf, -1);
        Arrays.fill(order, -1);
        int visited = 0;
        int openSize = 0;
        int components = 0;
        for (int root = 0; root < n; root++) {
            if (order[root] >= 0) {
                continue;
            }
            int depth = 0;
            path[0] = root;
            order[root] = low[root] = visited++;
            open[openSize++] = root;
            edge[root] = start[root];
            while (depth >= 0) {
                int v = path[depth];
                if (edge[v] < start[v + 1]) {
                    int w = column[edge[v]++];
                    if (order[w] < 0) {
                        order[w] = low[w] = visited++;
                        open[openSize++] = w;
                        edge[w] = start[w];
                        path[++depth] = w;
                    } else if (componentOf[w] < 0) {
                        low[v] = Math.min(low[v], order[w]);
                    }
                } else {
                    if (low[v] == order[v]) {
                        int w;
                        do {
                            w = open[--openSize];
                            componentOf[w] = components;
                        } while (w != v);
                        components++;
                    }
                    if (--depth >= 0) {
                        int parent = path[depth];
                        low[parent] = Math.min(low[parent], low[v]);
                    }
                }
            }
        }
        return new StronglyConnectedComponents(componentOf, membersOf(componentOf, components));
    }

    private static int[][] membersOf(int[] componentOf, int components) {
        int[] sizes = new int[components];
        for (int c : componentOf) {
            sizes[c]++;
        }
        int[][] members = new int[components][];
        for (int c = 0; c < components; c++) {
            members[c] = new int[sizes[c]];
        }
        int[] filled = new int[components];
        for (int v = 0; v < componentOf.length; v++) {
            int c = componentOf[v];
            members[c][filled[c]++] = v;
        }
        return members;
    }

    /// How many there are.
    public int count() {
        return members.length;
    }

    /// The component of a vertex.
    public int of(int vertex) {
        return componentOf[vertex];
    }

    /// The vertices of a component, increasing; not to be written to.
    public int[] members(int component) {
        return members[component];
    }

    /// The size of the largest.
    public int largest() {
        int largest = 0;
        for (int[] vertices : members) {
            largest = Math.max(largest, vertices.length);
        }
        return largest;
    }
}
