/*
 * One pass over explicit blocks, from the last to the first: for each
 *
 *     T = bias + Op V,   X = phi(T),   V the rows behind the block,
 *
 * on panels of LANES samples.
 *
 * Shapes, row by row in memory: `behind` (samples, PASS_BEHIND) the values behind all blocks, `states`
 * (samples, PASS_ROWS) those of the blocks, `bad` (samples) whether a value of either is not finite. The panel holds
 * the rows of the blocks and those behind; `workspace` has it, as many rows to work in and to spare as the largest
 * block has, and the scratch rows, for each work-group. A block is BLOCK_SIZE integers (Java's PassTable writes them).
 */
__kernel __attribute__((reqd_work_group_size(LOCAL, 1, 1))) void pass(
    __global const int *tables,
    __global const REAL *parameters,
    __global const REAL *entries,
    __global const REAL *behind,
    __global REAL *states,
    __global int *bad,
    PANEL workspace,
    int samples)
{
    const size_t rows = tables[PASS_ROWS];
    const size_t others = tables[PASS_BEHIND];
    const size_t most = tables[PASS_MOST];
    PANEL own = workspace + get_group_id(0) * (rows + others + 2 * most + tables[PASS_SCRATCH]) * VECTORS;
    PANEL t = own + (rows + others) * VECTORS;
    PANEL spare = t + most * VECTORS;
    PANEL scratch = spare + most * VECTORS;
    INDICES indices = tables + tables[PASS_INDICES];
    __local int found[LANES];

    for (size_t first = get_group_id(0) * LANES; first < samples; first += get_num_groups(0) * LANES) {
        EACH(l, LANES) {
            found[l] = 0;
        }
        gather(behind, first, samples, others, own + rows * VECTORS);
        MEET;
        INDICES block = tables + PASS_BLOCKS;
        for (int b = 0; b < tables[PASS_COUNT]; b++, block += BLOCK_SIZE) {
            const size_t begin = block[BLOCK_BEGIN];
            const size_t size = block[BLOCK_ROWS];
            PANEL after = own + (begin + size) * VECTORS;
            __global const REAL *bias = entries + block[BLOCK_BIAS];
            EACH(i, size * VECTORS) {
                t[i] = (REALV)bias[i / VECTORS];
            }
            MEET;
            multiply(tables + block[BLOCK_OPS], block[BLOCK_COUNT], entries, indices, after, t, t, scratch);
            activate(
                tables + block[BLOCK_PARTS], block[BLOCK_PART_COUNT], parameters + block[BLOCK_PARAMETERS],
                t, own + begin * VECTORS, spare);
        }
        find_bad(own, rows + others, found);
        scatter(own, first, samples, rows, states);
        MEET;
        EACH(l, LANES) {
            if (first + l < samples) {
                bad[first + l] = found[l];
            }
        }
        MEET;
    }
}
