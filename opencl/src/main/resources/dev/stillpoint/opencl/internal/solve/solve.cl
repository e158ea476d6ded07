/*
 * A whole solve in one launch: each work-group owns a panel of LANES samples and iterates each of them to its own end.
 *
 * Shapes, row by row in memory: `staged_z` (samples, n), `states` (samples, n): where the samples start, and where
 * the state goes that a sample ends with; `outcome` (samples, 2): the status, and the iterations, those that a
 * sample has behind it when it begins; `residuals` (samples). Per work-group: `workspace` SOLVE_PANELS panels of n
 * rows, two of the tiles of sums, the scratch rows, and TABLE_MEMORY rows of an accelerator; `progress`
 * PROGRESS_SIZE and `norms` 2 LANES values, in which it all rests from one launch to the next; `schedule` holds what
 * the sequential averaging method has for each iteration. At most `steps` iterations a launch; `counters` tells the
 * next sample that is pending, and how many sit in lanes as the launch ends.
 *
 * What happens to a sample depends on that sample alone, and is what Java's LaneScheduler and PanelState do: it is
 * tested at its own iterations c, 2c, ... and at the last, keeps the state with the least residual seen, and leaves its
 * lane to the next that is pending when it meets the rule, diverges, has used its iterations up, or has not halved its
 * residual in `patience` of them. Lanes without a sample compute what nobody reads.
 */
#define IDLE -1
#define DONE -2

/* What the judgement of a panel says to all of it. */
#define LIVE 0
#define LEFT 1
#define KEEP 2
#define MOVES 3
#define VACANT 4

#define COPY_LANE(panel, lane, row) ((__global REAL *)(panel))[(row) * LANES + (lane)]

#ifdef COMBINE_SCALED
#define COMBINED(t) (constants[CONSTANT_C0] * (t))
#else
#define COMBINED(t) (t)
#endif
#ifdef RELAX_SCALED
#define RELAXED(t) (constants[CONSTANT_C3] * (t))
#else
#define RELAXED(t) (t)
#endif

__kernel __attribute__((reqd_work_group_size(LOCAL, 1, 1))) void solve(
    INDICES tables,
    ENTRIES constants,
    ENTRIES entries,
    __global const REAL *staged_z,
    __global REAL *states,
    __global REAL *residuals,
    __global int *outcome,
    __global int *counters,
    PANEL workspace,
    __global long *progress,
    __global REAL *norms,
    __global const SCHEDULE *schedule,
    int samples,
    int steps,
    int started,
    int fresh)
{
    const size_t n = tables[TABLE_N];
    const size_t tiles = (n + TILE - 1) / TILE;
    const long interval = tables[TABLE_INTERVAL];
    const long most = tables[TABLE_MOST];
    const long patience = tables[TABLE_PATIENCE];
    INDICES indices = tables + tables[TABLE_INDICES];
    INDICES ops = tables + tables[TABLE_OPS];
    INDICES values = tables + tables[TABLE_VALUES];
    const int value_count = tables[TABLE_VALUE_COUNT];
    const size_t panel = n * VECTORS;
    const size_t rows = SOLVE_PANELS * n + 2 * tiles + tables[TABLE_SCRATCH] + tables[TABLE_MEMORY];
    PANEL own = workspace + get_group_id(0) * rows * VECTORS;
    PANEL z = own + 3 * panel;
    PANEL map = own + MAP_PANEL * panel;
    PANEL spare = own + SPARE_PANEL * panel;
    PANEL difference2 = own + SOLVE_PANELS * panel;
    PANEL norm2 = difference2 + tiles * VECTORS;
    PANEL scratch = norm2 + tiles * VECTORS;
#ifdef ACCELERATED
    PANEL memory = scratch + (size_t)tables[TABLE_SCRATCH] * VECTORS;
#define MEASURES true
#else
#define MEASURES test
#endif
#ifdef KRYLOV
#define SOURCE source_of(tables, memory, z)
#else
#define SOURCE z
#endif
#ifdef NEWTON
#define IMAGE map
#else
#define IMAGE next
#endif
    progress += get_group_id(0) * PROGRESS_SIZE;
    norms += get_group_id(0) * 2 * LANES;

    __local int sample[LANES];
    __local int leaving[LANES];
    __local int entering[LANES];
    __local int improved[LANES];
    __local int from_best[LANES];
    __local long entered[LANES];
    __local long begun[LANES];
    __local long mark_at[LANES];
    __local REAL best2[LANES];
    __local REAL mark[LANES];
    __local long verdict[5];
#ifdef AVERAGING
    __local REALV first[VECTORS];
    __local REALV second[VECTORS];
#endif

    EACH(l, LANES) {
        sample[l] = fresh ? IDLE : progress[4 * l];
        entered[l] = fresh ? 0 : progress[4 * l + 1];
        begun[l] = fresh ? 0 : progress[4 * l + 2];
        mark_at[l] = fresh ? 0 : progress[4 * l + 3];
        best2[l] = fresh ? INFINITY : norms[2 * l];
        mark[l] = fresh ? INFINITY : norms[2 * l + 1];
        leaving[l] = IDLE;
    }
    long clock = fresh ? 0 : progress[4 * LANES];
    PANEL x = own + (fresh ? 0 : progress[4 * LANES + 1]) * panel;
    PANEL next = own + (fresh ? 1 : progress[4 * LANES + 2]) * panel;
    PANEL best = own + (fresh ? 2 : progress[4 * LANES + 3]) * panel;
#ifdef RESOLVENT
    PANEL point = own + (fresh ? POINT_PANEL : progress[4 * LANES + 4]) * panel;
#define ITERATE point
#else
#define ITERATE x
#endif
#ifdef ACCELERATED
    if (fresh) {
        EACH(i, (size_t)tables[TABLE_MEMORY] * VECTORS) {
            memory[i] = 0;
        }
    }
#endif
    MEET;

    int taken = 0;
    long live = 0;
    long left = 0;
    bool vacant = true;
    bool stale = true;
    for (;;) {
        if (stale) {
            if (vacant && clock % interval == 0) {
                EACH(l, LANES) {
                    entering[l] = 0;
                    while (sample[l] == IDLE) {
                        const int s = atomic_inc(&counters[COUNTER_NEXT]);
                        if (s >= samples) {
                            sample[l] = DONE;
                        } else if (outcome[2 * s] == PENDING) {
                            sample[l] = s;
                            entering[l] = 1;
                            begun[l] = clock;
                            entered[l] = clock - outcome[2 * s + 1];
                            best2[l] = INFINITY;
                            mark[l] = INFINITY;
                            mark_at[l] = clock + interval;
#ifdef ACCELERATED
                            begin_lane(memory, l);
#endif
                        }
                    }
                }
                MEET;
                for (int l = 0; l < LANES; l++) {
                    if (entering[l]) {
                        const size_t row = sample[l] * n;
                        EACH(i, n) {
                            COPY_LANE(z, l, i) = staged_z[row + i];
                            COPY_LANE(x, l, i) = started ? states[row + i] : 0;
                        }
                    }
                }
            }
            MEET;
            if (get_local_id(0) == 0) {
                long count = 0;
                long least = LONG_MAX;
                long idle = 0;
                for (int l = 0; l < LANES; l++) {
                    if (sample[l] >= 0) {
                        count++;
                        least = min(least, entered[l] + most - clock);
                    }
                    idle += sample[l] == IDLE;
                }
                verdict[LIVE] = count;
                verdict[LEFT] = least;
                verdict[VACANT] = idle;
            }
            MEET;
            live = verdict[LIVE];
            left = verdict[LEFT];
            vacant = verdict[VACANT] > 0;
            /* Idle lanes wait for a step that the tests of new samples can follow; where all are idle, it is now. */
            if (live == 0 && vacant) {
                clock = 0;
                continue;
            }
            stale = false;
        }
        if (live == 0 || taken == steps) {
            break;
        }
        taken++;
        clock++;
        left--;
        const bool check = clock % interval == 0;
#ifdef KRYLOV
        /* A test may be owed to a lane. */
        const bool test = true;
#else
        const bool test = check || left == 0;
#endif

#if defined(RESOLVENT)
        INDICES proximal = tables + tables[TABLE_PROXIMAL];
        const int proximal_count = tables[TABLE_PROXIMAL_COUNT];
        ENTRIES steps_of = constants + CONSTANT_PARAMETERS + value_count;
        activate(proximal, proximal_count, steps_of, x, point, spare);
        if (test) {
            multiply(ops, tables[TABLE_COUNT], entries, indices, point, z, map, scratch);
            activate(values, value_count, constants + CONSTANT_PARAMETERS, map, map, spare);
            squares(map, point, n, difference2, norm2);
        }
        EACH(i, panel) {
            const REALV v = fma((REALV)-2, point[i], x[i]);
            next[i] = v;
            map[i] = fma((REALV)constants[CONSTANT_ALPHA], z[i], -v);
        }
        MEET;
        multiply(
            tables + tables[TABLE_RESOLVENT_OPS], tables[TABLE_RESOLVENT_COUNT],
            entries, indices, map, next, next, scratch);
#else
        multiply(ops, tables[TABLE_COUNT], entries, indices, x, SOURCE, next, scratch);
#ifdef EVALUATES_MAP
        activate(values, value_count, constants + CONSTANT_PARAMETERS, next, IMAGE, spare);
        if (MEASURES) {
            squares(IMAGE, x, n, difference2, norm2);
        }
#else
        if (test) {
            activate(values, value_count, constants + CONSTANT_PARAMETERS, next, map, spare);
            squares(map, x, n, difference2, norm2);
        }
#if defined(COMBINE_SCALED) || defined(COMBINE_ADDS)
        EACH(i, panel) {
#ifdef COMBINE_ADDS
            next[i] = fma((REALV)constants[CONSTANT_C1], x[i], COMBINED(next[i]));
#else
            next[i] = COMBINED(next[i]);
#endif
        }
        MEET;
#endif
        activate(
            tables + tables[TABLE_PROXIMAL], tables[TABLE_PROXIMAL_COUNT],
            constants + CONSTANT_PARAMETERS + value_count, next, next, spare);
#endif
#endif

        bool keep = false;
        if (test) {
            EACH(l, LANES) {
                leaving[l] = IDLE;
                improved[l] = 0;
                const bool last = clock - entered[l] == most;
                const bool due = sample[l] >= 0 && (check || last);
#ifdef KRYLOV
                /* What is no iterate has no residual, and is tested when it next is one. */
                const bool asked = due || (sample[l] >= 0 && LANE(ROW_OWED, l) != 0);
                const bool tested = asked && is_iterate(memory, l);
                LANE(ROW_OWED, l) = asked && !tested;
#else
                const bool tested = due;
#endif
                if (due || tested) {
                    const REAL r2 = ((__global REAL *)difference2)[l];
                    const REAL f2 = ((__global REAL *)norm2)[l];
                    const bool finite = !tested || (r2 < INFINITY && f2 < INFINITY);
                    const REAL tolerance = fma(constants[CONSTANT_RELATIVE], sqrt(f2), constants[CONSTANT_ABSOLUTE]);
                    const bool converged = tested && finite && sqrt(r2) <= tolerance;
                    if (tested && finite && r2 < best2[l]) {
                        improved[l] = 1;
                        best2[l] = r2;
                    }
                    const REAL least = best2[l] < INFINITY ? sqrt(best2[l]) : NAN;
                    bool gives_up = false;
                    if (check && patience > 0 && mark_at[l] <= clock) {
                        gives_up = !(2 * least <= mark[l]);
                        mark[l] = least;
                        mark_at[l] = clock + patience;
                    }
                    const int status = converged ? CONVERGED
                        : !finite                ? DIVERGED
                        : last || gives_up       ? MAX_ITERATIONS
                                                 : PENDING;
                    if (status != PENDING) {
                        const int s = sample[l];
                        outcome[2 * s] = status;
                        outcome[2 * s + 1] = clock - entered[l];
                        residuals[s] = converged ? sqrt(r2) : least;
                        leaving[l] = s;
                        from_best[l] = !converged && !improved[l];
                        sample[l] = IDLE;
                    }
                }
            }
            MEET;
            if (get_local_id(0) == 0) {
                long kept = 1;
                long moves = 0;
                long gone = 0;
                for (int l = 0; l < LANES; l++) {
                    gone |= leaving[l] >= 0;
                    if (sample[l] >= 0) {
                        kept &= improved[l];
                        moves |= improved[l];
                    }
                }
                verdict[KEEP] = kept;
                verdict[MOVES] = moves;
                verdict[VACANT] = gone;
            }
            MEET;
            /* Where all improve, as while all converge, the iterate's memory becomes the best's and nothing is moved. */
            keep = verdict[KEEP];
            stale = verdict[VACANT];
            vacant |= stale;
            if (stale || (!keep && verdict[MOVES])) {
                for (int l = 0; l < LANES; l++) {
                    if (leaving[l] >= 0) {
                        __global REAL *state = states + leaving[l] * n;
                        PANEL source = from_best[l] ? best : ITERATE;
                        EACH(i, n) {
                            state[i] = COPY_LANE(source, l, i);
                        }
                    } else if (!keep && improved[l]) {
                        EACH(i, n) {
                            COPY_LANE(best, l, i) = COPY_LANE(ITERATE, l, i);
                        }
                    }
                }
            }
            MEET;
        }

#ifdef NEWTON
        accelerate(tables, constants, memory, sample, difference2, next, map, x, spare);
#elif defined(ACCELERATED)
        accelerate(tables, memory, sample, clock, difference2, next, x);
#endif
#ifdef AVERAGING
#ifdef INVERSE_NORM
        squares(x, x, n, difference2, norm2);
#endif
        EACH(l, LANES) {
            const size_t k = clamp(clock - begun[l], 1L, most);
            __local REAL *c3 = (__local REAL *)first;
            __local REAL *c4 = (__local REAL *)second;
#ifdef INVERSE_NORM
            const double s = (double)((__global REAL *)norm2)[l] + schedule[0];
            const double q = -2 / (s * s);
            const double gamma = schedule[1];
            const double beta = schedule[2 * k];
            const double lambda = schedule[2 * k + 1];
            c3[l] = (REAL)(1 - beta);
            c4[l] = (REAL)(beta * (1 - gamma * lambda - gamma * q));
#else
            c3[l] = schedule[2 * k];
            c4[l] = schedule[2 * k + 1];
#endif
        }
        MEET;
        EACH(i, panel) {
            next[i] = fma(second[i % VECTORS], x[i], first[i % VECTORS] * next[i]);
        }
        MEET;
#elif defined(RELAX_SCALED) || defined(RELAX_ADDS)
        EACH(i, panel) {
#ifdef RELAX_ADDS
            next[i] = fma((REALV)constants[CONSTANT_C4], x[i], RELAXED(next[i]));
#else
            next[i] = RELAXED(next[i]);
#endif
        }
        MEET;
#endif

        PANEL spent = x;
#ifdef RESOLVENT
        if (keep) {
            PANEL kept = best;
            best = point;
            point = kept;
        }
#else
        if (keep) {
            spent = best;
            best = x;
        }
#endif
        x = next;
        next = spent;
        stale |= vacant && check;
    }

    EACH(l, LANES) {
        progress[4 * l] = sample[l];
        progress[4 * l + 1] = entered[l];
        progress[4 * l + 2] = begun[l];
        progress[4 * l + 3] = mark_at[l];
        norms[2 * l] = best2[l];
        norms[2 * l + 1] = mark[l];
    }
    if (get_local_id(0) == 0) {
        progress[4 * LANES] = clock;
        progress[4 * LANES + 1] = (x - own) / panel;
        progress[4 * LANES + 2] = (next - own) / panel;
        progress[4 * LANES + 3] = (best - own) / panel;
#ifdef RESOLVENT
        progress[4 * LANES + 4] = (point - own) / panel;
#endif
        atomic_add(&counters[COUNTER_LIVE], (int)live);
    }
}
