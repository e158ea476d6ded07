/*
 * What the accelerators of a solve share: values of lanes, sums of products, and Java's Safeguard.
 *
 * An accelerator has `memory`, TABLE_MEMORY rows of LANES values that outlast a launch: first rows that hold one
 * value a lane, then its panels. BEST2 is the least squared residual that the lane has seen, infinite before the
 * first. IMPROVED and WORSE are 1 or 0, and say of the last iteration whether its residual was the least, and
 * whether it exceeded ten times the least one. What is in the rows of a lane without a sample is nobody's, and is
 * not read.
 */
#ifdef ACCELERATED
#define ROW_BEST2 0
#define ROW_IMPROVED 1
#define ROW_WORSE 2

/* A squared residual so many times the least one is a step in the wrong direction. */
#define GROWTH 100

/* A value of a lane, and the vector of a row that the value `i` of a panel takes part in. */
#define LANE(row, lane) (((__global REAL *)memory)[(size_t)(row) * LANES + (lane)])
#define LANES_OF(row, i) (memory[(size_t)(row) * VECTORS + (i) % VECTORS])
#define IS_SET(row, i) MASK(LANES_OF(row, i) != 0)

/* Judges the residual of a lane that holds a sample. */
static void judge(PANEL memory, size_t l, PANEL residual2)
{
    const REAL r2 = ((__global REAL *)residual2)[l];
    const REAL best2 = LANE(ROW_BEST2, l);
    const bool improved = r2 < best2;
    LANE(ROW_IMPROVED, l) = improved;
    LANE(ROW_WORSE, l) = !improved && !(r2 <= GROWTH * best2) && best2 < INFINITY;
    if (improved) {
        LANE(ROW_BEST2, l) = r2;
    }
}

/* The largest value of a row of small integers, which each work-item finds for itself. */
static uint most_of(PANEL memory, uint row)
{
    uint most = 0;
    for (uint l = 0; l < LANES; l++) {
        most = max(most, (uint)LANE(row, l));
    }
    return most;
}
#endif
