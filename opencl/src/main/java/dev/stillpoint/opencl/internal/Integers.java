package dev.stillpoint.opencl.internal;

import java.util.Arrays;

/// Integers, one after the other.
final class Integers {
    private static final int FIRST = 64;

    private int[] values = new int[FIRST];
    private int size;

    /// How many there are.
    int size() {
        return size;
    }

    /// Adds one.
    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(2, size));
        }
        values[size++] = value;
    }

    /// Adds all of `more`.
    void addAll(int... more) {
        for (int value : more) {
            add(value);
        }
    }

    /// Replaces one.
    void set(int index, int value) {
        values[index] = value;
    }

    /// All of them.
    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
