/*
 * Newton's systems by elimination on the components with a slope other than 0, to the bit as Java's ActiveSet
 * specifies it, which says what is computed. Lanes have systems of their own sizes; the work-items share the rows of
 * all lanes, and one of them does what is done once in a lane: the pivot, the swap of two rows, and the way back.
 *
 * `memory`, in rows of LANES values: 9 rows of lanes, 7 panels of n rows (the base, the step, the slopes, ones, g,
 * the right side, the active components), and the system, row by row, n^2. The operator's entries, row by row, are
 * among the constants, from TABLE_MATRIX on.
 */
#ifdef ELIMINATION
#define SYSTEM(r, c) (((__global REAL *)system)[((size_t)(r) * n + (c)) * LANES + l])
#define VALUE(panel, i) (((__global REAL *)(panel))[(size_t)(i) * LANES + l])

/* The largest entry of the column comes to row `c`; whether it is a pivot. */
static bool bring_pivot(PANEL memory, PANEL system, PANEL right, size_t n, uint l, uint c, uint size)
{
    uint top = c;
    for (uint r = c + 1; r < size; r++) {
        if (fabs(SYSTEM(r, c)) > fabs(SYSTEM(top, c))) {
            top = r;
        }
    }
    const REAL pivot = SYSTEM(top, c);
    if (!(pivot != 0 && fabs(pivot) < INFINITY)) {
        return false;
    }
    if (top != c) {
        for (uint q = c; q < size; q++) {
            const REAL kept = SYSTEM(c, q);
            SYSTEM(c, q) = SYSTEM(top, q);
            SYSTEM(top, q) = kept;
        }
        const REAL kept = VALUE(right, c);
        VALUE(right, c) = VALUE(right, top);
        VALUE(right, top) = kept;
    }
    return true;
}

/* Row `r` of the lane's system, and its right side. */
static void gather_row(
    ENTRIES a, PANEL system, PANEL right, PANEL slope, PANEL g, PANEL active, size_t n, uint l, uint r, uint size)
{
    const size_t i = VALUE(active, r);
    const REAL s = VALUE(slope, i);
    for (uint c = 0; c < size; c++) {
        SYSTEM(r, c) = fma(-s, a[i * n + (size_t)VALUE(active, c)], (REAL)(c == r));
    }
    REAL sum = 0;
    for (size_t q = 0; q < n; q++) {
        if (VALUE(slope, q) == 0) {
            sum = fma(a[i * n + q], VALUE(g, q), sum);
        }
    }
    VALUE(right, r) = fma(s, sum, VALUE(g, i));
}

/* The way back; replaces g by d where that is finite. */
static void substitute(PANEL system, PANEL right, PANEL g, PANEL active, size_t n, uint l, uint size)
{
    bool finite = true;
    for (uint r = size; r-- > 0;) {
        REAL value = VALUE(right, r);
        for (uint c = r + 1; c < size; c++) {
            value = fma(-SYSTEM(r, c), VALUE(right, c), value);
        }
        value /= SYSTEM(r, r);
        VALUE(right, r) = value;
        finite = finite && fabs(value) < INFINITY;
    }
    for (uint r = 0; finite && r < size; r++) {
        VALUE(g, (size_t)VALUE(active, r)) = VALUE(right, r);
    }
}

/*
 * Makes the next state of `t`, which holds T, in the lanes that hold a sample; `f` is f(x), and `residual2` has
 * |f - x|^2 in its first row. Ends with MEET.
 */
static void accelerate(
    INDICES tables, ENTRIES constants, PANEL memory, __local const int *sample, PANEL residual2, PANEL t, PANEL f,
    PANEL x, PANEL spare)
{
    const size_t n = tables[TABLE_N];
    const size_t panel = n * VECTORS;
    ENTRIES a = constants + tables[TABLE_MATRIX];
    PANEL base = memory + 9 * VECTORS;
    PANEL step = base + panel;
    PANEL slope = step + panel;
    PANEL ones = slope + panel;
    PANEL g = ones + panel;
    PANEL right = g + panel;
    PANEL active = right + panel;
    PANEL system = active + panel;

    EACH(i, panel) {
        ones[i] = 1;
        g[i] = f[i] - x[i];
    }
    MEET;
    derivative_times(
        tables + tables[TABLE_VALUES], tables[TABLE_VALUE_COUNT], constants + CONSTANT_PARAMETERS, t, ones, slope,
        spare);
    EACH(l, LANES) {
        uint size = 0;
        int kind = KIND_IDLE;
        if (sample[l] >= 0) {
            kind = accepts(memory, l, residual2) ? KIND_PLAIN : KIND_MOVES;
        }
        for (uint i = 0; kind == KIND_PLAIN && i < n; i++) {
            if (VALUE(slope, i) != 0) {
                VALUE(active, size) = i;
                size++;
            }
        }
        LANE(ROW_KIND, l) = kind;
        LANE(ROW_SIZE, l) = size;
    }
    MEET;
    const uint most = most_of(memory, ROW_SIZE);
    EACH(i, (size_t)most * LANES) {
        const uint l = i % LANES;
        const uint size = LANE(ROW_SIZE, l);
        if (i / LANES < size) {
            gather_row(a, system, right, slope, g, active, n, l, i / LANES, size);
        }
    }
    MEET;
    for (uint c = 0; c < most; c++) {
        /* A lane without a pivot goes without a system: its step is g. */
        EACH(l, LANES) {
            const uint size = LANE(ROW_SIZE, l);
            if (c < size && !bring_pivot(memory, system, right, n, l, c, size)) {
                LANE(ROW_SIZE, l) = 0;
            }
        }
        MEET;
        EACH(i, (size_t)(most - c - 1) * LANES) {
            const uint l = i % LANES;
            const uint r = c + 1 + i / LANES;
            const uint size = LANE(ROW_SIZE, l);
            if (r < size) {
                const REAL m = SYSTEM(r, c) / SYSTEM(c, c);
                if (m != 0) {
                    for (uint q = c + 1; q < size; q++) {
                        SYSTEM(r, q) = fma(-m, SYSTEM(c, q), SYSTEM(r, q));
                    }
                    VALUE(right, r) = fma(-m, VALUE(right, c), VALUE(right, r));
                }
            }
        }
        MEET;
    }
    EACH(l, LANES) {
        substitute(system, right, g, active, n, l, LANE(ROW_SIZE, l));
    }
    MEET;
    EACH(i, panel) {
        const MASKV accepted = MASK(LANES_OF(ROW_KIND, i) == KIND_PLAIN);
        const REALV from = CHOOSE(accepted, x[i], base[i]);
        const REALV d = CHOOSE(accepted, g[i], step[i]);
        base[i] = from;
        step[i] = d;
        t[i] = fma(-LANES_OF(ROW_LENGTH, i), d, from);
    }
    MEET;
}
#endif
