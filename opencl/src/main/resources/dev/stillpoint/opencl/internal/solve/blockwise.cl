/*
 * The activations whose blocks of `block` rows belong together, one vector of one block at a time: what Java's
 * PanelSoftmax, PanelGroupNorm, PanelMaxPool and PanelGate specify. P may be V. `s` has as many rows to spare as the
 * block.
 */
#define ROW(panel, i) panel[(size_t)(i) * VECTORS]

#if defined(HAS_SOFTMAX) || defined(HAS_SOFTMAX_PROX)
static REALV largest(PANEL v, uint block)
{
    REALV top = ROW(v, 0);
    for (uint i = 1; i < block; i++) {
        const REALV t = ROW(v, i);
        top = CHOOSE(MASK(t > top), t, top);
    }
    return top;
}

static void divide_by_sum(PANEL p, uint block, PANEL s)
{
    const REALV sum = block_sum(p, block, false, s);
    for (uint i = 0; i < block; i++) {
        ROW(p, i) = ROW(p, i) / sum;
    }
}
#endif

#ifdef HAS_SOFTMAX
static void softmax(PANEL v, PANEL p, uint block, PANEL s)
{
    const REALV top = largest(v, block);
    for (uint i = 0; i < block; i++) {
        ROW(p, i) = engine_exp(ROW(v, i) - top);
    }
    divide_by_sum(p, block, s);
}
#endif

#ifdef HAS_SOFTMAX_PROX
static void softmax_prox(REAL alpha, PANEL v, PANEL p, uint block, PANEL s)
{
    const REALV top = largest(v, block);
    REALV mu = (REALV)(alpha < 1 ? alpha - 1 : 0);
    MASKV active = ~(MASKV)0;
    for (int step = 0; step < PROX_STEPS; step++) {
        REALV sum = 0;
        REALV slope = 0;
        for (uint tile = 0; tile < block; tile += TILE) {
            REALV tile_sum = 0;
            REALV tile_slope = 0;
            const uint end = min(block, tile + TILE);
            for (uint i = tile; i < end; i++) {
                const REALV x = component(alpha, ROW(v, i) - top - mu);
                tile_sum += x;
                tile_slope += x / fma((REALV)alpha, 1 - x, x);
            }
            sum += tile_sum;
            slope += tile_slope;
        }
        const REALV next = mu + (sum - 1) / slope;
        active &= MASK(next > mu);
        if (!ANY(active)) {
            break;
        }
        mu = CHOOSE(active, next, mu);
    }
    for (uint i = 0; i < block; i++) {
        ROW(p, i) = component(alpha, ROW(v, i) - top - mu);
    }
    divide_by_sum(p, block, s);
}
#endif

#ifdef HAS_GROUP_NORM
static void group_norm(REAL eps, PANEL v, PANEL p, uint block, PANEL s)
{
    const REALV mean = block_sum(v, block, false, s) / (REAL)block;
    for (uint i = 0; i < block; i++) {
        ROW(p, i) = ROW(v, i) - mean;
    }
    const REALV variance = block_sum(p, block, true, s) / (REAL)block;
    const REALV deviation = sqrt(variance + eps);
    for (uint i = 0; i < block; i++) {
        ROW(p, i) = ROW(p, i) / deviation;
    }
}
#endif

#ifdef HAS_MAX_POOL
static void max_pool(PANEL v, PANEL p, uint block)
{
    REALV top = ROW(v, 0);
    for (uint i = 1; i < block; i++) {
        const REALV t = ROW(v, i);
        const MASKV first_nan = MASK(t != t) & MASK(top == top);
        top = CHOOSE(MASK(t > top) | first_nan, t, top);
    }
    const REALV rest = CHOOSE(MASK(top != top), top, (REALV)0);
    ROW(p, 0) = top;
    for (uint i = 1; i < block; i++) {
        ROW(p, i) = rest;
    }
}
#endif

#ifdef HAS_GATE
static void gate(bool outer_tanh, bool inner_tanh, PANEL v, PANEL p)
{
    const REALV a = ROW(v, 0);
    const REALV b = ROW(v, 1);
    const REALV product = (outer_tanh ? engine_tanh(a) : engine_sigmoid(a))
        * (inner_tanh ? engine_tanh(b) : engine_sigmoid(b));
    ROW(p, 0) = product;
    ROW(p, 1) = CHOOSE(MASK(product != product), product, (REALV)0);
}
#endif
