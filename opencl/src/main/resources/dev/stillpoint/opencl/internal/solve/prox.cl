/*
 * The proximal maps that are found by Newton's method, as Java's ScalarProx and PanelSoftmax specify and explain them,
 * each lane until its own iteration ends: `active` are the lanes that go on, and a lane that has ended keeps what it
 * has.
 */
#define PROX_STEPS 1024

#ifdef HAS_TANH_PROX
static REALV tanh_prox(REAL alpha, REALV v)
{
    const bool rising = alpha < 1;
    const REALV y = fabs(v);
    const REALV bound = (y - (1 - alpha)) / alpha;
    const MASKV above = MASK(bound > y);
    REALV t = CHOOSE(rising ? above : ~above, bound, y);
    REALV p = engine_tanh(t);
    MASKV active = ~(MASKV)0;
    for (int step = 0; step < PROX_STEPS; step++) {
        const REALV residual = fma((REALV)-alpha, tanh_gap(t, p), y - p);
        const REALV slope = fma(alpha * p, p, fma(-p, p, (REALV)1));
        const REALV next = t + residual / slope;
        active &= rising ? MASK(next > t) : MASK(next < t) & MASK(next >= 0);
        if (!ANY(active)) {
            break;
        }
        t = CHOOSE(active, next, t);
        const REALV last = p;
        p = CHOOSE(active, engine_tanh(t), p);
        active &= rising ? MASK(p > last) : MASK(p < last);
    }
    return copysign(p, v);
}
#endif

#ifdef HAS_SIGMOID_PROX
static REALV sigmoid_prox(REAL alpha, REALV v)
{
    const bool rising = alpha > 1;
    const REAL c = 1 - alpha;
    const MASKV upper = MASK(v > (REAL)0.5 * c);
    const REALV y = CHOOSE(upper, c - v, v);
    const REALV bound = y / alpha;
    const REALV tangent = fma((REALV)-0.5, (REALV)c, y) / fma((REAL)0.25, c, alpha);
    const MASKV above = MASK(tangent > bound);
    REALV t = CHOOSE(rising ? above : ~above, tangent, bound);
    REALV p = engine_sigmoid(t);
    MASKV active = ~(MASKV)0;
    for (int step = 0; step < PROX_STEPS; step++) {
        const REALV residual = fma((REALV)-c, p, fma((REALV)-alpha, t, y));
        const REALV slope = fma((REALV)c, fma(-p, p, p), (REALV)alpha);
        const REALV next = t + residual / slope;
        active &= rising ? MASK(next > t) & MASK(next <= 0) : MASK(next < t);
        if (!ANY(active)) {
            break;
        }
        t = CHOOSE(active, next, t);
        const REALV last = p;
        p = CHOOSE(active, engine_sigmoid(t), p);
        active &= rising ? MASK(p > last) : MASK(p < last);
    }
    return CHOOSE(upper, 1 - p, p);
}
#endif

#ifdef HAS_SOFTMAX_PROX
/* The x = e^u with c e^u + alpha u = y, for alpha < 1. */
static REALV falling_component(REAL alpha, REALV y)
{
    const REAL c = 1 - alpha;
    const REALV bound = y / alpha;
    REALV u = y - c;
    u = CHOOSE(MASK(bound < u), bound, u);
    REALV x = engine_exp(u);
    MASKV active = ~(MASKV)0;
    for (int step = 0; step < PROX_STEPS; step++) {
        const REALV residual = fma((REALV)-c, x, fma((REALV)-alpha, u, y));
        const REALV next = u + residual / fma((REALV)c, x, (REALV)alpha);
        active &= MASK(next < u);
        if (!ANY(active)) {
            break;
        }
        u = CHOOSE(active, next, u);
        const REALV last = x;
        x = CHOOSE(active, engine_exp(u), x);
        active &= MASK(x < last);
    }
    return x;
}

/* The x = e^u with c (e^u - 1) + alpha u = y, for alpha > 1. */
static REALV rising_component(REAL alpha, REALV y)
{
    const REAL c = 1 - alpha;
    const REALV bound = (y + c) / alpha;
    REALV u = CHOOSE(MASK(bound > y), bound, y);
    REALV m = engine_expm1(u);
    MASKV active = ~(MASKV)0;
    for (int step = 0; step < PROX_STEPS; step++) {
        const REALV residual = fma((REALV)-alpha, u, fma((REALV)-c, m, y));
        const REALV next = u + residual / fma((REALV)-alpha, m, m + 1);
        active &= MASK(next > u) & MASK(next <= 0);
        if (!ANY(active)) {
            break;
        }
        u = CHOOSE(active, next, u);
        const REALV last = m;
        m = CHOOSE(active, engine_expm1(u), m);
        active &= MASK(m > last);
    }
    return engine_exp(u);
}

static REALV component(REAL alpha, REALV y)
{
    return alpha < 1 ? falling_component(alpha, y) : rising_component(alpha, y);
}
#endif
