/*
 * Broyden's method on the lanes of a panel, to the bit as Java's Broyden does it.
 *
 *     v = tau g,  g = f - x;   v <- v + s_(i+1) s_i'v / |s_i|^2,  i = 0, ..., k - 2
 *     s_k = v / (1 - s_(k-1)'v / |s_(k-1)|^2),   T <- x + s_k
 *
 * with the steps since the lane's last restart; f where there are none, and tau is 1. A lane that went astray goes
 * back to f - (1 - tau) g of the best iterate, with half the tau. All lanes push their step to the same slot, that
 * of the panel's step, and ROW_COUNT says how many of the newest are a lane's own.
 *
 * `memory`, in rows of LANES values: 9 + h rows of lanes, h + 2 panels of n rows (f and g of the best iterate, then
 * the steps by slot) and the tiles of sums, which are in the canonical order.
 */
#ifdef BROYDEN
#define ROW_COUNT 3
#define ROW_DAMPING 4
#define ROW_PROGRESS 5
#define ROW_OWN 6
#define ROW_FACTOR 7
#define ROW_CORRECTED 8
#define ROW_SQUARE(slot) (9 + (slot))

/* Beyond it tau is 1 again. */
#define LEAST_DAMPING 0x1p-10f

/* A new sample sits in the lane. */
static void begin_lane(PANEL memory, size_t l)
{
    LANE(ROW_BEST2, l) = INFINITY;
    LANE(ROW_COUNT, l) = 0;
    LANE(ROW_DAMPING, l) = 1;
    LANE(ROW_PROGRESS, l) = 0;
}

static REAL damped(REAL damping)
{
    return damping > LEAST_DAMPING ? damping / 2 : 1;
}

/*
 * Judges the lane, and says with how many steps it goes on: ROW_OWN, none after it went astray or when its memory was
 * full, and it begins anew.
 */
static void prepare(PANEL memory, size_t l, uint h, PANEL residual2)
{
    judge(memory, l, residual2);
    if (LANE(ROW_IMPROVED, l) != 0) {
        LANE(ROW_PROGRESS, l) = 1;
    }
    const uint count = LANE(ROW_COUNT, l);
    uint own = 0;
    if (LANE(ROW_WORSE, l) != 0) {
        LANE(ROW_COUNT, l) = 0;
    } else if (count == h) {
        LANE(ROW_COUNT, l) = 0;
        if (LANE(ROW_PROGRESS, l) == 0) {
            LANE(ROW_DAMPING, l) = damped(LANE(ROW_DAMPING, l));
        }
        LANE(ROW_PROGRESS, l) = 0;
    } else {
        own = count;
    }
    LANE(ROW_OWN, l) = own;
}

/*
 * Adds ROW_FACTOR times `step` to `s` in the lanes that have more than `age` steps, none where `age` is h, and
 * leaves the tiles of the sum of `step` times `s` in `sums`, which is then added. Ends with MEET.
 */
static void project(PANEL memory, uint age, PANEL step, PANEL s, size_t n, PANEL sums)
{
    const size_t tiles = (n + TILE - 1) / TILE;
    EACH(item, tiles * VECTORS) {
        const size_t first = item / VECTORS * TILE;
        const size_t v = item % VECTORS;
        const size_t end = min(first + TILE, n);
        const MASKV own = MASK((REAL)age < LANES_OF(ROW_OWN, v));
        const REALV factor = LANES_OF(ROW_FACTOR, v);
        REALV sum = 0;
        for (size_t i = first; i < end; i++) {
            const REALV d = step[i * VECTORS + v];
            const REALV value = s[i * VECTORS + v];
            const REALV next = CHOOSE(own, fma(factor, d, value), value);
            s[i * VECTORS + v] = next;
            sum = fma(d, next, sum);
        }
        sums[item] = sum;
    }
    MEET;
    trees(sums, tiles, 1);
}

/* s <- s ROW_FACTOR in the lanes that are corrected, and the sum of its squares. Ends with MEET. */
static void divide(PANEL memory, PANEL s, size_t n, PANEL sums)
{
    const size_t tiles = (n + TILE - 1) / TILE;
    EACH(item, tiles * VECTORS) {
        const size_t first = item / VECTORS * TILE;
        const size_t v = item % VECTORS;
        const size_t end = min(first + TILE, n);
        const MASKV corrected = IS_SET(ROW_CORRECTED, v);
        const REALV factor = LANES_OF(ROW_FACTOR, v);
        REALV sum = 0;
        for (size_t i = first; i < end; i++) {
            const REALV value = s[i * VECTORS + v];
            const REALV next = CHOOSE(corrected, factor * value, value);
            s[i * VECTORS + v] = next;
            sum = fma(next, next, sum);
        }
        sums[item] = sum;
    }
    MEET;
    trees(sums, tiles, 1);
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
    const uint slot = clock % h;
    PANEL best_f = memory + (9 + h) * VECTORS;
    PANEL best_g = best_f + panel;
    PANEL steps = best_g + panel;
    PANEL sums = steps + h * panel;
    PANEL s = steps + slot * panel;

    EACH(l, LANES) {
        LANE(ROW_IMPROVED, l) = 0;
        LANE(ROW_WORSE, l) = 0;
        LANE(ROW_OWN, l) = 0;
        if (sample[l] >= 0) {
            prepare(memory, l, h, residual2);
        }
    }
    MEET;
    EACH(i, panel) {
        const REALV f = t[i];
        const REALV g = f - x[i];
        const MASKV improved = IS_SET(ROW_IMPROVED, i);
        best_f[i] = CHOOSE(improved, f, best_f[i]);
        best_g[i] = CHOOSE(improved, g, best_g[i]);
        s[i] = LANES_OF(ROW_DAMPING, i) * g;
    }
    const uint most = most_of(memory, ROW_OWN);
    MEET;
    /* The newest step has age 0, and is in the slot before. */
    for (uint age = most; age-- > 0;) {
        const uint from = (slot + 2 * h - 1 - age) % h;
        project(memory, age + 1 == most ? h : age + 1, steps + from * panel, s, n, sums);
        EACH(v, VECTORS) {
            const REALV quotient = sums[v] / LANES_OF(ROW_SQUARE(from), v);
            if (age > 0) {
                LANES_OF(ROW_FACTOR, v) = quotient;
            } else {
                const REALV factor = 1 / (1 - quotient);
                LANES_OF(ROW_FACTOR, v) = factor;
                const MASKV corrected = MASK(LANES_OF(ROW_OWN, v) > 0) & MASK(fabs(factor) < INFINITY);
                LANES_OF(ROW_CORRECTED, v) = CHOOSE(corrected, (REALV)1, (REALV)0);
            }
        }
        MEET;
    }
    if (most == 0) {
        EACH(v, VECTORS) {
            LANES_OF(ROW_CORRECTED, v) = 0;
        }
        MEET;
    }
    divide(memory, s, n, sums);
    EACH(l, LANES) {
        if (sample[l] >= 0) {
            const REAL square = ((__global REAL *)sums)[l];
            const REAL count = LANE(ROW_COUNT, l);
            LANE(ROW_SQUARE(slot), l) = square;
            if (LANE(ROW_WORSE, l) != 0) {
                LANE(ROW_DAMPING, l) = damped(LANE(ROW_DAMPING, l));
                LANE(ROW_FACTOR, l) = 1 - LANE(ROW_DAMPING, l);
            } else {
                const bool known = count == 0 || LANE(ROW_CORRECTED, l) != 0;
                LANE(ROW_COUNT, l) = known && square > 0 && square < INFINITY ? count + 1 : 0;
            }
        }
    }
    MEET;
    EACH(i, panel) {
        const MASKV moved = IS_SET(ROW_CORRECTED, i) | MASK(LANES_OF(ROW_DAMPING, i) != 1);
        const REALV next = CHOOSE(moved, fma((REALV)1, s[i], x[i]), t[i]);
        const REALV back = fma(-LANES_OF(ROW_FACTOR, i), best_g[i], best_f[i]);
        t[i] = CHOOSE(IS_SET(ROW_WORSE, i), back, next);
    }
    MEET;
}
#endif
