/*
 * OUT = J(V) W with the Jacobian J of an activation, to the bit as Java's PanelActivation specifies it; parts and
 * parameters as in activation.cl. OUT may be neither V nor W.
 */
#ifdef NEWTON
#if defined(HAS_SOFTMAX) || defined(HAS_GROUP_NORM)
/* The sum of products over `block` rows of one vector, in the canonical order; `s` has a row for each tile. */
static REALV block_dot(PANEL a, PANEL b, uint block, PANEL s)
{
    const uint tiles = (block + TILE - 1) / TILE;
    for (uint tile = 0; tile < tiles; tile++) {
        const uint end = min((tile + 1) * TILE, block);
        REALV sum = 0;
        for (uint i = tile * TILE; i < end; i++) {
            sum = fma(ROW(a, i), ROW(b, i), sum);
        }
        ROW(s, tile) = sum;
    }
    for (uint step = 1; step < tiles; step *= 2) {
        for (uint i = 0; i + step < tiles; i += 2 * step) {
            ROW(s, i) = ROW(s, i) + ROW(s, i + step);
        }
    }
    return ROW(s, 0);
}
#endif

#ifdef HAS_SOFTMAX
static void softmax_derivative(PANEL v, PANEL w, PANEL out, uint block, PANEL s)
{
    softmax(v, out, block, s);
    const REALV mean = block_dot(out, w, block, s);
    for (uint i = 0; i < block; i++) {
        ROW(out, i) = ROW(out, i) * (ROW(w, i) - mean);
    }
}
#endif

#ifdef HAS_GROUP_NORM
static void group_norm_derivative(REAL eps, PANEL v, PANEL w, PANEL out, uint block, PANEL s)
{
    const REALV mean_v = block_sum(v, block, false, s) / (REAL)block;
    for (uint i = 0; i < block; i++) {
        ROW(out, i) = ROW(v, i) - mean_v;
    }
    const REALV variance = block_sum(out, block, true, s) / (REAL)block;
    const REALV deviation = sqrt(variance + eps);
    for (uint i = 0; i < block; i++) {
        ROW(out, i) = ROW(out, i) / deviation;
    }
    const REALV mean = block_sum(w, block, false, s) / (REAL)block;
    const REALV c = block_dot(out, w, block, s) / (REAL)block;
    for (uint i = 0; i < block; i++) {
        ROW(out, i) = fma(-ROW(out, i), c, ROW(w, i) - mean) / deviation;
    }
}
#endif

#ifdef HAS_MAX_POOL
static void max_pool_derivative(PANEL v, PANEL w, PANEL out, uint block)
{
    REALV top = ROW(v, 0);
    REALV direction = ROW(w, 0);
    for (uint i = 1; i < block; i++) {
        const REALV t = ROW(v, i);
        const MASKV taken = MASK(t > top) | MASK(t != t) & MASK(top == top);
        top = CHOOSE(taken, t, top);
        direction = CHOOSE(taken, ROW(w, i), direction);
    }
    const MASKV none = MASK(top != top);
    ROW(out, 0) = CHOOSE(none, top, direction);
    for (uint i = 1; i < block; i++) {
        ROW(out, i) = CHOOSE(none, top, (REALV)0);
    }
}
#endif

#ifdef HAS_GATE
static REALV slope_of(bool is_tanh, REALV t)
{
    return is_tanh ? fma(-t, t, (REALV)1) : fma(-t, t, t);
}

static void gate_derivative(bool outer_tanh, bool inner_tanh, PANEL v, PANEL w, PANEL out)
{
    const REALV t = outer_tanh ? engine_tanh(ROW(v, 0)) : engine_sigmoid(ROW(v, 0));
    const REALV s = inner_tanh ? engine_tanh(ROW(v, 1)) : engine_sigmoid(ROW(v, 1));
    const REALV by_inner = t * slope_of(inner_tanh, s) * ROW(w, 1);
    const REALV sum = fma(slope_of(outer_tanh, t) * s, ROW(w, 0), by_inner);
    ROW(out, 0) = sum;
    ROW(out, 1) = CHOOSE(MASK(sum != sum), sum, (REALV)0);
}
#endif

#define SLOPES(function)                                                                                               \
    EACH(i, (size_t)rows * VECTORS) {                                                                                  \
        const REALV t = at[i];                                                                                         \
        const REALV d = along[i];                                                                                      \
        to[i] = function;                                                                                              \
    }

#define BLOCK_SLOPES(function)                                                                                         \
    EACH(i, (size_t)(rows / block) * VECTORS) {                                                                        \
        const size_t o = i / VECTORS * block * VECTORS + i % VECTORS;                                                  \
        function;                                                                                                      \
    }

/* `spare` has as many rows as the panel. Ends with MEET. */
static void derivative_times(
    INDICES parts, int count, ENTRIES parameters, PANEL v, PANEL w, PANEL out, PANEL spare)
{
    for (int part = 0; part < count; part++, parts += PART_SIZE) {
        const uint rows = parts[PART_ROWS];
        const uint block = parts[PART_BLOCK];
        const size_t begin = (size_t)parts[PART_BEGIN] * VECTORS;
        const REAL parameter = parameters[part];
        PANEL at = v + begin;
        PANEL along = w + begin;
        PANEL to = out + begin;
        PANEL s = spare + begin;
        switch (parts[PART_KIND]) {
#ifdef HAS_IDENTITY
        case IDENTITY:
            SLOPES((t, d))
            break;
#endif
#ifdef HAS_RELU
        case RELU:
            SLOPES(CHOOSE(MASK(t < 0), (REALV)0, d))
            break;
#endif
#ifdef HAS_LEAKY_RELU
        case LEAKY_RELU:
            SLOPES(CHOOSE(MASK(t < 0), parameter * d, d))
            break;
#endif
#ifdef HAS_TANH
        case TANH:
            SLOPES(fma(-engine_tanh(t), engine_tanh(t), (REALV)1) * d)
            break;
#endif
#ifdef HAS_SIGMOID
        case SIGMOID:
            SLOPES(fma(-engine_sigmoid(t), engine_sigmoid(t), engine_sigmoid(t)) * d)
            break;
#endif
#ifdef HAS_SOFTMAX
        case SOFTMAX:
            BLOCK_SLOPES(softmax_derivative(at + o, along + o, to + o, block, s + o))
            break;
#endif
#ifdef HAS_GROUP_NORM
        case GROUP_NORM:
            BLOCK_SLOPES(group_norm_derivative(parameter, at + o, along + o, to + o, block, s + o))
            break;
#endif
#ifdef HAS_MAX_POOL
        case MAX_POOL:
            BLOCK_SLOPES(max_pool_derivative(at + o, along + o, to + o, block))
            break;
#endif
#ifdef HAS_GATE
        case GATE:
            BLOCK_SLOPES(
                gate_derivative(parts[PART_OUTER_TANH] != 0, parts[PART_INNER_TANH] != 0, at + o, along + o, to + o))
            break;
#endif
        }
    }
    MEET;
}
#endif
