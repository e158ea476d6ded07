/*
 * T = Z + Op X on a panel, for every operator.
 *
 * Shapes: X `columns` rows, Z and T `rows` rows, SCRATCH what chains of factors need between them. T may be Z. A value
 * is one chain of fused multiply-adds that starts from that of Z, in the order that Java's PanelProduct says for each
 * kind of operator; the work is shared so that no chain is cut.
 *
 * An operator is a list of `count` leaves, OP_SIZE integers each (Java's ProductTable writes them): the kind, rows and
 * columns, where its entries and indices begin, and where it reads and writes: X, Z, T or SCRATCH and a first row.
 * One leaf is done before the next begins.
 *
 *     OP_DENSE        entries [tile][k][ROWS], tiles of ROWS rows, the last filled with zeros
 *     OP_SPARSE       compressed rows: rows + 1 starts, then the columns
 *     OP_DIAGONAL     rows entries
 *     OP_CONVOLUTION  weights [channel][input channel of the group][row][column]; 11 integers say the shape
 *     OP_COPY         T = Z, where no block is
 */
typedef __global const REAL *ENTRIES;
typedef __global const int *INDICES;
typedef __global REALV *PANEL;

#ifdef HAS_DENSE
/* ROWS x NV accumulators: entries are read once for NV vectors, vectors once for ROWS rows. */
static void dense(ENTRIES a, uint rows, uint columns, PANEL x, PANEL z, bool zero, PANEL t)
{
    const size_t chunks = VECTORS / NV;
    EACH(item, (rows + ROWS - 1) / ROWS * chunks) {
        const size_t row = item / chunks * ROWS;
        const size_t v = item % chunks;
        ENTRIES w = a + row * columns;
        REALV sum[ROWS][NV];
        UNROLL
        for (int r = 0; r < ROWS; r++) {
            UNROLL
            for (int j = 0; j < NV; j++) {
                sum[r][j] = zero || row + r >= rows ? (REALV)0 : z[(row + r) * VECTORS + v + j * chunks];
            }
        }
        for (uint k = 0; k < columns; k++) {
            REALV xk[NV];
            UNROLL
            for (int j = 0; j < NV; j++) {
                xk[j] = x[(size_t)k * VECTORS + v + j * chunks];
            }
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                const REALV entry = (REALV)w[(size_t)k * ROWS + r];
                UNROLL
                for (int j = 0; j < NV; j++) {
                    sum[r][j] = fma(entry, xk[j], sum[r][j]);
                }
            }
        }
        UNROLL
        for (int r = 0; r < ROWS; r++) {
            if (row + r < rows) {
                UNROLL
                for (int j = 0; j < NV; j++) {
                    t[(row + r) * VECTORS + v + j * chunks] = sum[r][j];
                }
            }
        }
    }
}
#endif

#ifdef HAS_SPARSE
static void sparse(ENTRIES a, INDICES starts, uint rows, PANEL x, PANEL z, bool zero, PANEL t)
{
    INDICES columns = starts + rows + 1;
    EACH(item, (size_t)rows * VECTORS) {
        const size_t row = item / VECTORS;
        const size_t v = item % VECTORS;
        REALV sum = zero ? (REALV)0 : z[item];
        for (int e = starts[row]; e < starts[row + 1]; e++) {
            sum = fma((REALV)a[e], x[(size_t)columns[e] * VECTORS + v], sum);
        }
        t[item] = sum;
    }
}
#endif

#ifdef HAS_DIAGONAL
static void diagonal(ENTRIES a, uint rows, PANEL x, PANEL z, bool zero, PANEL t)
{
    EACH(item, (size_t)rows * VECTORS) {
        t[item] = fma((REALV)a[item / VECTORS], x[item], zero ? (REALV)0 : z[item]);
    }
}
#endif

#ifdef HAS_CONVOLUTION
/* Taps in increasing input channel of the group, kernel row, kernel column; those outside of the image are skipped. */
static void convolution(ENTRIES weights, INDICES shape, uint rows, PANEL x, PANEL z, bool zero, PANEL t)
{
    const int height = shape[0], width = shape[1], channels_in = shape[2], channels_out = shape[3];
    const int out_height = shape[4], out_width = shape[5], taps_down = shape[6], taps_across = shape[7];
    const int stride = shape[8], padding = shape[9], groups = shape[10];
    const int per_group = channels_in / groups;
    EACH(item, (size_t)rows * VECTORS) {
        const int i = item / VECTORS;
        const size_t v = item % VECTORS;
        const int channel = i / (out_height * out_width);
        const int top = i / out_width % out_height * stride - padding;
        const int left = i % out_width * stride - padding;
        const int group = channel / (channels_out / groups);
        size_t tap = (size_t)channel * per_group * taps_down * taps_across;
        REALV sum = zero ? (REALV)0 : z[item];
        for (int c = group * per_group; c < (group + 1) * per_group; c++) {
            for (int a = 0; a < taps_down; a++) {
                for (int b = 0; b < taps_across; b++, tap++) {
                    const int row = top + a;
                    const int column = left + b;
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        const size_t k = ((size_t)c * height + row) * width + column;
                        sum = fma((REALV)weights[tap], x[k * VECTORS + v], sum);
                    }
                }
            }
        }
        t[item] = sum;
    }
}
#endif

#ifdef HAS_COPY
static void copy_rows(uint rows, PANEL z, bool zero, PANEL t)
{
    EACH(item, (size_t)rows * VECTORS) {
        t[item] = zero ? (REALV)0 : z[item];
    }
}
#endif

/* Ends with MEET. */
static void multiply(INDICES ops, int count, ENTRIES entries, INDICES indices, PANEL x, PANEL z, PANEL t, PANEL scratch)
{
    for (int o = 0; o < count; o++, ops += OP_SIZE) {
        const uint rows = ops[OP_ROWS];
        ENTRIES a = entries + ((size_t)(uint)ops[OP_ENTRIES_HIGH] << 32 | (uint)ops[OP_ENTRIES_LOW]);
        PANEL from = (ops[OP_FROM] == SPACE_X ? x : scratch) + (size_t)ops[OP_FROM_ROW] * VECTORS;
        const bool zero = ops[OP_START] == SPACE_ZERO;
        PANEL start = (ops[OP_START] == SPACE_Z ? z : ops[OP_START] == SPACE_T ? t : scratch)
            + (size_t)ops[OP_START_ROW] * VECTORS;
        PANEL to = (ops[OP_TO] == SPACE_T ? t : scratch) + (size_t)ops[OP_TO_ROW] * VECTORS;
        switch (ops[OP_KIND]) {
#ifdef HAS_DENSE
        case OP_DENSE:
            dense(a, rows, ops[OP_COLUMNS], from, start, zero, to);
            break;
#endif
#ifdef HAS_SPARSE
        case OP_SPARSE:
            sparse(a, indices + ops[OP_INDICES], rows, from, start, zero, to);
            break;
#endif
#ifdef HAS_DIAGONAL
        case OP_DIAGONAL:
            diagonal(a, rows, from, start, zero, to);
            break;
#endif
#ifdef HAS_CONVOLUTION
        case OP_CONVOLUTION:
            convolution(a, indices + ops[OP_INDICES], rows, from, start, zero, to);
            break;
#endif
#ifdef HAS_COPY
        case OP_COPY:
            copy_rows(rows, start, zero, to);
            break;
#endif
        }
        MEET;
    }
}
