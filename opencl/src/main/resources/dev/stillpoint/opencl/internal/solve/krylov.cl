/*
 * Newton's systems by GMRES, to the bit as Java's Krylov specifies it: all lanes at once, each at a column of its
 * own; one product a column, which begins with 0 in the lanes that have a column.
 *
 * `memory`, in rows of LANES values, for k columns: 10 + 4 k + k^2 rows of lanes, k + 5 panels of n rows (the base,
 * the step, T of the iterate, a product, what products begin with, and the columns) and the tiles of sums.
 */
#ifdef KRYLOV
#define ROW_RIGHT(j) (9 + (j))
#define ROW_COSINE(j) (10 + k + (j))
#define ROW_SINE(j) (10 + 2 * k + (j))
#define ROW_Y(j) (10 + 3 * k + (j))
#define ROW_TRIANGLE(i, j) (10 + 4 * k + (i) * k + (j))
#define PANELS(memory) ((memory) + (10 + 4 * k + k * k) * VECTORS)

/* How far a system is solved. */
#define REDUCTION ((REAL)0.01)

/* What the products of this iteration begin with. Ends with MEET. */
static PANEL source_of(INDICES tables, PANEL memory, PANEL z)
{
    const size_t k = tables[TABLE_HISTORY];
    const size_t panel = (size_t)tables[TABLE_N] * VECTORS;
    PANEL source = PANELS(memory) + 4 * panel;
    EACH(i, panel) {
        source[i] = CHOOSE(MASK(LANES_OF(ROW_COLUMN, i) < 0), z[i], (REALV)0);
    }
    MEET;
    return source;
}

/*
 * T <- T - ROW_FACTOR before in the lanes that have column `column - 1`, and the sum of that times `with`, which may
 * be T. Ends with MEET.
 */
static void project(PANEL memory, uint column, PANEL before, PANEL with, PANEL t, size_t n, PANEL sums)
{
    const size_t tiles = (n + TILE - 1) / TILE;
    EACH(item, tiles * VECTORS) {
        const size_t first = item / VECTORS * TILE;
        const size_t v = item % VECTORS;
        const size_t end = min(first + TILE, n);
        const MASKV own = MASK((REAL)column <= LANES_OF(ROW_SIZE, v)) & MASK((REALV)(REAL)column > 0);
        const REALV factor = LANES_OF(ROW_FACTOR, v);
        REALV sum = 0;
        for (size_t i = first; i < end; i++) {
            const size_t at = i * VECTORS + v;
            const REALV value = CHOOSE(own, fma(-factor, before[at], t[at]), t[at]);
            t[at] = value;
            sum = fma(with == t ? value : with[at], value, sum);
        }
        sums[item] = sum;
    }
    MEET;
    trees(sums, tiles, 1);
}

/* Applies the rotations to column `j`, whose last value is `h`, and makes the new one. */
static void rotate_column(PANEL memory, size_t l, uint k, uint j, REAL h)
{
    for (uint i = 0; i < j; i++) {
        const REAL c = LANE(ROW_COSINE(i), l);
        const REAL s = LANE(ROW_SINE(i), l);
        const REAL upper = LANE(ROW_TRIANGLE(i, j), l);
        const REAL lower = LANE(ROW_TRIANGLE(i + 1, j), l);
        LANE(ROW_TRIANGLE(i, j), l) = fma(s, lower, c * upper);
        LANE(ROW_TRIANGLE(i + 1, j), l) = fma(c, lower, -(s * upper));
    }
    const REAL last = LANE(ROW_TRIANGLE(j, j), l);
    const REAL rho = sqrt(fma(h, h, last * last));
    const REAL c = last / rho;
    const REAL s = h / rho;
    const REAL right = LANE(ROW_RIGHT(j), l);
    LANE(ROW_COSINE(j), l) = c;
    LANE(ROW_SINE(j), l) = s;
    LANE(ROW_TRIANGLE(j, j), l) = rho;
    LANE(ROW_RIGHT(j + 1), l) = -(s * right);
    LANE(ROW_RIGHT(j), l) = c * right;
}

/* Minus the coefficients of the lane's columns, of which there are ROW_SIZE: one, if they are not finite. */
static void solve_triangle(PANEL memory, size_t l, uint k)
{
    const uint size = LANE(ROW_SIZE, l);
    bool finite = true;
    for (uint i = size; i-- > 0;) {
        REAL value = LANE(ROW_RIGHT(i), l);
        for (uint q = i + 1; q < size; q++) {
            value = fma(LANE(ROW_TRIANGLE(i, q), l), LANE(ROW_Y(q), l), value);
        }
        const REAL y = -(value / LANE(ROW_TRIANGLE(i, i), l));
        LANE(ROW_Y(i), l) = y;
        finite = finite && fabs(y) < INFINITY;
    }
    if (!finite) {
        LANE(ROW_SIZE, l) = 1;
        LANE(ROW_Y(0), l) = -(LANE(ROW_TARGET, l) / REDUCTION);
    }
}

/* What is done to a lane whose state is an iterate. */
static void at_iterate(PANEL memory, size_t l, uint k, PANEL residual2)
{
    if (!accepts(memory, l, residual2)) {
        LANE(ROW_KIND, l) = KIND_MOVES;
        return;
    }
    const REAL norm = sqrt(((__global REAL *)residual2)[l]);
    const REAL factor = 1 / norm;
    const bool begins = norm < INFINITY && factor < INFINITY;
    LANE(ROW_KIND, l) = begins ? KIND_BEGINS : KIND_PLAIN;
    if (begins) {
        LANE(ROW_FACTOR, l) = factor;
        LANE(ROW_COLUMN, l) = 0;
        LANE(ROW_RIGHT(0), l) = norm;
        LANE(ROW_TARGET, l) = REDUCTION * norm;
    }
}

/* Ends a column of the lane, and the system, if no other is needed. */
static void end_column(PANEL memory, size_t l, uint k, REAL sum)
{
    const uint j = LANE(ROW_COLUMN, l);
    const REAL h = sqrt(sum);
    const REAL factor = 1 / h;
    rotate_column(memory, l, k, j, h);
    const bool goes_on = fabs(LANE(ROW_RIGHT(j + 1), l)) > LANE(ROW_TARGET, l) && j + 1 < k && h < INFINITY
        && factor < INFINITY;
    LANE(ROW_KIND, l) = goes_on ? KIND_EXTENDS : KIND_ENDS;
    LANE(ROW_COLUMN, l) = goes_on ? (REAL)(j + 1) : (REAL)NONE;
    LANE(ROW_FACTOR, l) = factor;
    if (!goes_on) {
        solve_triangle(memory, l, k);
    }
}

/*
 * Makes the next state of `t`, which holds T of an iterate or a product, in the lanes that hold a sample; `f` is
 * f(x), and `residual2` has |f - x|^2 in its first row. Ends with MEET.
 */
static void accelerate(
    INDICES tables, ENTRIES constants, PANEL memory, __local const int *sample, PANEL residual2, PANEL t, PANEL f,
    PANEL x, PANEL spare)
{
    const size_t n = tables[TABLE_N];
    const size_t k = tables[TABLE_HISTORY];
    const size_t panel = n * VECTORS;
    PANEL base = PANELS(memory);
    PANEL step = base + panel;
    PANEL argument = step + panel;
    PANEL product = argument + panel;
    PANEL basis = product + 2 * panel;
    PANEL sums = basis + k * panel;

    EACH(l, LANES) {
        LANE(ROW_KIND, l) = KIND_IDLE;
        LANE(ROW_SIZE, l) = 0;
        if (sample[l] >= 0) {
            if (is_iterate(memory, l)) {
                at_iterate(memory, l, k, residual2);
            } else {
                LANE(ROW_SIZE, l) = LANE(ROW_COLUMN, l) + 1;
            }
        }
    }
    MEET;
    const uint most = most_of(memory, ROW_SIZE);
    if (most > 0) {
        derivative_times(
            tables + tables[TABLE_VALUES], tables[TABLE_VALUE_COUNT], constants + CONSTANT_PARAMETERS, argument, t,
            product, spare);
        EACH(i, panel) {
            const MASKV on = MASK(LANES_OF(ROW_SIZE, i) > 0);
            t[i] = CHOOSE(on, fma((REALV)-1, product[i], x[i]), t[i]);
        }
        MEET;
        for (uint i = 0; i < most; i++) {
            project(memory, i, basis + (i - (i > 0)) * panel, basis + i * panel, t, n, sums);
            EACH(l, LANES) {
                if (i < LANE(ROW_SIZE, l)) {
                    const REAL h = ((__global REAL *)sums)[l];
                    LANE(ROW_FACTOR, l) = h;
                    LANE(ROW_TRIANGLE(i, (uint)LANE(ROW_COLUMN, l)), l) = h;
                }
            }
            MEET;
        }
        project(memory, most, basis + (most - 1) * panel, t, t, n, sums);
        EACH(l, LANES) {
            if (LANE(ROW_SIZE, l) > 0) {
                end_column(memory, l, k, ((__global REAL *)sums)[l]);
            }
        }
        MEET;
    }
    EACH(i, n * LANES) {
        const size_t l = i % LANES;
        __global REAL *to = (__global REAL *)t + i;
        __global REAL *from = (__global REAL *)base + i;
        __global REAL *along = (__global REAL *)step + i;
        __global REAL *columns = (__global REAL *)basis + i;
        const REAL state = ((__global REAL *)x)[i];
        const REAL g = fma((REAL)-1, state, ((__global REAL *)f)[i]);
        const int kind = LANE(ROW_KIND, l);
        if (kind == KIND_BEGINS) {
            const REAL first = LANE(ROW_FACTOR, l) * g;
            ((__global REAL *)argument)[i] = *to;
            *from = state;
            *columns = first;
            *to = first;
        } else if (kind == KIND_EXTENDS) {
            const REAL column = LANE(ROW_FACTOR, l) * *to;
            columns[(size_t)LANE(ROW_COLUMN, l) * n * LANES] = column;
            *to = column;
        } else if (kind != KIND_IDLE) {
            REAL d = *along;
            if (kind == KIND_PLAIN) {
                d = g;
                *from = state;
            } else if (kind == KIND_ENDS) {
                const uint size = LANE(ROW_SIZE, l);
                d = 0;
                for (uint j = 0; j < size; j++) {
                    d = fma(-LANE(ROW_Y(j), l), columns[j * n * LANES], d);
                }
            }
            *along = d;
            *to = fma(-LANE(ROW_LENGTH, l), d, *from);
        }
    }
    MEET;
}
#endif
