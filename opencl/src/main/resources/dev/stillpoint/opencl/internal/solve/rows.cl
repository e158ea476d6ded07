/*
 * Between samples as rows in memory, as they travel, and panels.
 *
 * Shapes: `rows` (samples, columns), of which the panel takes LANES from `first` on; lanes without a sample hold zeros.
 */
static void gather(__global const REAL *rows, size_t first, size_t samples, size_t columns, PANEL panel)
{
    __global REAL *values = (__global REAL *)panel;
    EACH(i, columns * LANES) {
        const size_t lane = i / columns;
        const size_t j = i % columns;
        values[j * LANES + lane] = first + lane < samples ? rows[(first + lane) * columns + j] : 0;
    }
}

static void scatter(PANEL panel, size_t first, size_t samples, size_t columns, __global REAL *rows)
{
    __global const REAL *values = (__global const REAL *)panel;
    EACH(i, columns * LANES) {
        const size_t lane = i / columns;
        const size_t j = i % columns;
        if (first + lane < samples) {
            rows[(first + lane) * columns + j] = values[j * LANES + lane];
        }
    }
}

/* Sets `bad` where a value of a lane is not finite. */
static void find_bad(PANEL panel, size_t rows, __local int *bad)
{
    __global const REAL *values = (__global const REAL *)panel;
    EACH(i, rows * LANES) {
        if (!(fabs(values[i]) < INFINITY)) {
            atomic_or(&bad[i % LANES], 1);
        }
    }
}
