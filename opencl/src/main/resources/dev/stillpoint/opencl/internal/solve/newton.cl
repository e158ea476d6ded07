/*
 * The semismooth Newton method on the lanes of a panel, to the bit as Java's Newton does it: steps, and the search
 * along them.
 *
 * A lane is at an iterate, whose residual is known, or its system (I - J A) d = g, g = f - x, is being solved, which
 * by a Krylov space takes iterations of its own (krylov.cl), and by elimination none (elimination.cl). The next
 * state is base - length d, where length is minus that of the step in whole steps.
 *
 * `memory` has in its rows of lanes the squared residual of the base, infinite where the next iterate is accepted
 * whatever it is; length; halvings so far; what is done to the lane in this iteration; a factor; the column of the
 * Krylov space that is being made, or NONE where the state is an iterate; whether a test waits for an iterate; how
 * far the system is solved; and how large the lane's system is. The base and the step are the first panels behind
 * those rows.
 */
#ifdef NEWTON
#define ROW_BASE2 0
#define ROW_LENGTH 1
#define ROW_HALVINGS 2
#define ROW_KIND 3
#define ROW_FACTOR 4
#define ROW_COLUMN 5
#define ROW_OWED 6
#define ROW_TARGET 7
#define ROW_SIZE 8

/* What is done to a lane: nothing; a step from the base; a system begins; the step is g; it goes on; it ends. */
#define KIND_IDLE 0
#define KIND_MOVES 1
#define KIND_BEGINS 2
#define KIND_PLAIN 3
#define KIND_EXTENDS 4
#define KIND_ENDS 5

#define NONE -1

/* Halvings of a step before the whole one is taken whatever it does. */
#define MOST_HALVINGS 6

/* A new sample sits in the lane. */
static void begin_lane(PANEL memory, size_t l)
{
    LANE(ROW_BASE2, l) = INFINITY;
    LANE(ROW_COLUMN, l) = NONE;
    LANE(ROW_OWED, l) = 0;
}

/* Whether the state of the lane is an iterate. */
static bool is_iterate(PANEL memory, size_t l)
{
    return LANE(ROW_COLUMN, l) < 0;
}

/* Judges an iterate; whether it is accepted as the base of a step. */
static bool accepts(PANEL memory, size_t l, PANEL residual2)
{
    const REAL r2 = ((__global REAL *)residual2)[l];
    const REAL base2 = LANE(ROW_BASE2, l);
    if (r2 < base2 || base2 == INFINITY) {
        LANE(ROW_BASE2, l) = r2;
        LANE(ROW_HALVINGS, l) = 0;
        LANE(ROW_LENGTH, l) = -1;
        return true;
    }
    if (LANE(ROW_HALVINGS, l) < MOST_HALVINGS) {
        LANE(ROW_HALVINGS, l) += 1;
        LANE(ROW_LENGTH, l) /= 2;
    } else {
        LANE(ROW_LENGTH, l) = -1;
        LANE(ROW_BASE2, l) = INFINITY;
    }
    return false;
}
#endif
