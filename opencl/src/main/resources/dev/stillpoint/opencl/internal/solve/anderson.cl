/*
 * Anderson acceleration of the lanes of a panel, to the bit as Java's Anderson does it.
 *
 *     T <- f - DF gamma,   DG'DG gamma = DG'g,   g = f - x
 *
 * by Cholesky on columns scaled to length 1, the newest first, as far as the pivots reach; and T <- f of the best
 * iterate in a lane that went astray, whose history begins anew. All lanes push their differences to the same slot,
 * that of the panel's step, and ROW_COUNT says how many of the newest are a lane's own, -1 where it has no previous
 * f and g.
 *
 * `memory`, in rows of LANES values: 5 + 4 h + 2 h^2 rows of lanes, 2 h + 3 panels of n rows (f of the best iterate,
 * the previous f and g, then DF and DG by slot) and 2 h times the tiles of sums. Sums over rows are in the canonical
 * order, the system of a lane is solved by one work-item, one operation after the other.
 */
#ifdef ANDERSON
#define ROW_COUNT 3
#define ROW_USED 4
#define ROW_GAMMA(age) (5 + (age))
#define ROW_RIGHT(age) (5 + h + (age))
#define ROW_SCALE(k) (5 + 2 * h + (k))
#define ROW_Y(k) (5 + 3 * h + (k))
#define ROW_GRAM(newer, older) (5 + 4 * h + (newer) * h + (older))
#define ROW_FACTOR(k, j) (5 + 4 * h + h * h + (k) * h + (j))

/* What is added to the diagonal of the scaled system, and the least pivot. */
#define SHIFT (16 * UNIT_ROUNDOFF)
#define LEAST_PIVOT (256 * UNIT_ROUNDOFF)

/* A new sample sits in the lane. */
static void begin_lane(PANEL memory, size_t l)
{
    LANE(ROW_BEST2, l) = INFINITY;
    LANE(ROW_COUNT, l) = -1;
}

/* The slot of the column of that age; the newest, which is in `newest`, has age 0. */
static uint slot_of(uint newest, uint age, uint h)
{
    return newest >= age ? newest - age : newest + h - age;
}

/* L and the scales of as many columns of the lane as have a pivot; how many. */
static uint factorise(PANEL memory, size_t l, uint h, uint newest, uint count)
{
    for (uint k = 0; k < count; k++) {
        const uint slot = slot_of(newest, k, h);
        const REAL square = LANE(ROW_GRAM(slot, slot), l);
        if (!(square > 0 && square < INFINITY)) {
            return k;
        }
        const REAL scale = 1 / sqrt(square);
        LANE(ROW_SCALE(k), l) = scale;
        REAL pivot = 1 + SHIFT;
        for (uint j = 0; j < k; j++) {
            REAL value = LANE(ROW_GRAM(slot_of(newest, j, h), slot), l) * scale * LANE(ROW_SCALE(j), l);
            for (uint q = 0; q < j; q++) {
                value = fma(-LANE(ROW_FACTOR(k, q), l), LANE(ROW_FACTOR(j, q), l), value);
            }
            value /= LANE(ROW_FACTOR(j, j), l);
            LANE(ROW_FACTOR(k, j), l) = value;
            pivot = fma(-value, value, pivot);
        }
        if (!(pivot >= LEAST_PIVOT)) {
            return k;
        }
        LANE(ROW_FACTOR(k, k), l) = sqrt(pivot);
    }
    return count;
}

/* gamma of the lane; by how many columns, none where it is not finite. */
static uint solve_lane(PANEL memory, size_t l, uint h, uint newest, uint count)
{
    const uint columns = factorise(memory, l, h, newest, count);
    for (uint i = 0; i < columns; i++) {
        REAL value = LANE(ROW_RIGHT(i), l) * LANE(ROW_SCALE(i), l);
        for (uint q = 0; q < i; q++) {
            value = fma(-LANE(ROW_FACTOR(i, q), l), LANE(ROW_Y(q), l), value);
        }
        LANE(ROW_Y(i), l) = value / LANE(ROW_FACTOR(i, i), l);
    }
    bool finite = true;
    for (uint i = columns; i-- > 0;) {
        REAL value = LANE(ROW_Y(i), l);
        for (uint q = i + 1; q < columns; q++) {
            value = fma(-LANE(ROW_FACTOR(q, i), l), LANE(ROW_Y(q), l), value);
        }
        value /= LANE(ROW_FACTOR(i, i), l);
        const REAL gamma = value * LANE(ROW_SCALE(i), l);
        LANE(ROW_Y(i), l) = value;
        LANE(ROW_GAMMA(i), l) = gamma;
        finite = finite && fabs(gamma) < INFINITY;
    }
    return finite ? columns : 0;
}

/* Sums of products of the newest column, and of `g`, with the columns of `most` ages. Ends with MEET. */
static void products(PANEL dg, PANEL g, uint h, uint newest, uint most, size_t n, PANEL sums)
{
    const size_t tiles = (n + TILE - 1) / TILE;
    PANEL a = dg + newest * n * VECTORS;
    EACH(item, tiles * VECTORS) {
        const size_t first = item / VECTORS * TILE;
        const size_t v = item % VECTORS;
        const size_t end = min(first + TILE, n);
        for (uint age = 0; age < most; age++) {
            PANEL c = dg + slot_of(newest, age, h) * n * VECTORS;
            REALV ac = 0;
            REALV gc = 0;
            for (size_t i = first; i < end; i++) {
                const REALV value = c[i * VECTORS + v];
                ac = fma(a[i * VECTORS + v], value, ac);
                gc = fma(g[i * VECTORS + v], value, gc);
            }
            sums[2 * age * tiles * VECTORS + item] = ac;
            sums[(2 * age + 1) * tiles * VECTORS + item] = gc;
        }
    }
    MEET;
    trees(sums, tiles, 2 * most);
}

/*
 * Makes the next state of `t`, which holds f(x), in the lanes that hold a sample. `residual2` has |f - x|^2 in its
 * first row; `clock` counts the panel's steps, and begins anew only where all lanes do. Ends with MEET.
 */
static void accelerate(
    INDICES tables, PANEL memory, __local const int *sample, long clock, PANEL residual2, PANEL t, PANEL x)
{
    const size_t n = tables[TABLE_N];
    const uint h = tables[TABLE_HISTORY];
    const size_t panel = n * VECTORS;
    const uint newest = clock % h;
    PANEL best = memory + (5 + 4 * h + 2 * h * h) * VECTORS;
    PANEL last_f = best + panel;
    PANEL last_g = last_f + panel;
    PANEL df = last_g + panel;
    PANEL dg = df + h * panel;
    PANEL sums = dg + h * panel;

    EACH(l, LANES) {
        REAL count = -1;
        LANE(ROW_IMPROVED, l) = 0;
        LANE(ROW_WORSE, l) = 0;
        if (sample[l] >= 0) {
            judge(memory, l, residual2);
            count = LANE(ROW_WORSE, l) != 0 ? -1 : min(LANE(ROW_COUNT, l) + 1, (REAL)h);
        }
        LANE(ROW_COUNT, l) = count;
        LANE(ROW_USED, l) = max(count, (REAL)0);
    }
    MEET;
    PANEL newest_df = df + newest * panel;
    PANEL newest_dg = dg + newest * panel;
    EACH(i, panel) {
        const REALV f = t[i];
        const REALV g = f - x[i];
        newest_dg[i] = g - last_g[i];
        newest_df[i] = f - last_f[i];
        last_g[i] = g;
        last_f[i] = f;
        best[i] = CHOOSE(IS_SET(ROW_IMPROVED, i), f, best[i]);
    }
    const uint most = most_of(memory, ROW_USED);
    MEET;
    products(dg, last_g, h, newest, most, n, sums);
    EACH(l, LANES) {
        const uint count = LANE(ROW_USED, l);
        const size_t sum = (n + TILE - 1) / TILE * LANES;
        for (uint age = 0; age < count; age++) {
            LANE(ROW_GRAM(newest, slot_of(newest, age, h)), l) = ((__global REAL *)sums)[2 * age * sum + l];
            LANE(ROW_RIGHT(age), l) = ((__global REAL *)sums)[(2 * age + 1) * sum + l];
        }
        LANE(ROW_USED, l) = solve_lane(memory, l, h, newest, count);
    }
    MEET;
    EACH(i, panel) {
        const REALV used = LANES_OF(ROW_USED, i);
        REALV value = t[i];
        for (uint age = 0; age < most; age++) {
            const REALV d = df[slot_of(newest, age, h) * panel + i];
            value = CHOOSE(MASK((REAL)age < used), fma(-LANES_OF(ROW_GAMMA(age), i), d, value), value);
        }
        t[i] = CHOOSE(IS_SET(ROW_WORSE, i), best[i], value);
    }
    MEET;
}
#endif
