/*
 * z = B u + bias for a chunk of samples, and whether they are finite; where the recipe has a resolvent, also the state
 * that it starts from.
 *
 * Shapes, row by row in memory: `inputs` (samples, p), `staged_z` (samples, n), `states` (samples, n), which holds the
 * starts where `started`, `outcome` (samples, 2). Panels of LANES samples are dealt to the work-groups; `workspace`
 * has STAGE_PANELS panels of n rows, one of p rows and the scratch rows for each.
 *
 * With a resolvent, states = fma(1 - alpha, x_0, alpha T), T = z + Op x_0, or alpha z without a start: for a solution,
 * the state at which the splitting rests.
 */
__kernel __attribute__((reqd_work_group_size(LOCAL, 1, 1))) void stage(
    INDICES tables,
    ENTRIES constants,
    ENTRIES entries,
    __global const REAL *inputs,
    __global REAL *staged_z,
    __global REAL *states,
    __global int *outcome,
    PANEL workspace,
    int samples,
    int started)
{
    const size_t n = tables[TABLE_N];
    const size_t p = tables[TABLE_P];
    const size_t rows = STAGE_PANELS * n + p + tables[TABLE_SCRATCH];
    PANEL z = workspace + get_group_id(0) * rows * VECTORS;
    PANEL u = z + n * VECTORS * STAGE_PANELS;
    PANEL scratch = u + p * VECTORS;
    INDICES indices = tables + tables[TABLE_INDICES];
    __local int bad[LANES];

    for (size_t first = get_group_id(0) * LANES; first < samples; first += get_num_groups(0) * LANES) {
        EACH(l, LANES) {
            bad[l] = 0;
        }
        gather(inputs, first, samples, p, u);
        EACH(i, n * VECTORS) {
            z[i] = (REALV)entries[i / VECTORS];
        }
        MEET;
        find_bad(u, p, bad);
        multiply(tables + tables[TABLE_INPUT_OPS], tables[TABLE_INPUT_COUNT], entries, indices, u, z, z, scratch);
        scatter(z, first, samples, n, staged_z);
        if (started) {
            for (size_t lane = 0; lane < LANES && first + lane < samples; lane++) {
                EACH(i, n) {
                    if (!(fabs(states[(first + lane) * n + i]) < INFINITY)) {
                        atomic_or(&bad[lane], 1);
                    }
                }
            }
        }
#ifdef RESOLVENT
        const REAL alpha = constants[CONSTANT_ALPHA];
        const REAL rest = constants[CONSTANT_REST];
        PANEL x = z + n * VECTORS;
        PANEL t = x + n * VECTORS;
        if (started) {
            gather(states, first, samples, n, x);
            MEET;
            multiply(tables + tables[TABLE_OPS], tables[TABLE_COUNT], entries, indices, x, z, t, scratch);
            EACH(i, n * VECTORS) {
                x[i] = fma((REALV)rest, x[i], alpha * t[i]);
            }
        } else {
            EACH(i, n * VECTORS) {
                x[i] = alpha * z[i];
            }
        }
        MEET;
        scatter(x, first, samples, n, states);
#endif
        MEET;
        EACH(l, LANES) {
            if (first + l < samples) {
                outcome[2 * (first + l)] = bad[l] ? NON_FINITE : PENDING;
            }
        }
        MEET;
    }
}
