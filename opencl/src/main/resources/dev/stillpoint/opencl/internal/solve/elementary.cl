/*
 * The elementary functions: what Java's Elementary specifies, operation for operation, on vectors of lanes. The
 * prelude transcribes its constants; the analysis stands there.
 */
static REALV power_of_two(MASKV k)
{
    return AS_REALV((k + BIAS) << FRACTION_BITS);
}

/* (e^r - 1 - r)/r^2 by Horner's rule. */
static REALV exp_series(REALV r)
{
#if REAL_BITS == 32
    REALV q = (REALV)EXP_C6;
#else
    REALV q = (REALV)EXP_C11;
    q = fma(q, r, (REALV)EXP_C10);
    q = fma(q, r, (REALV)EXP_C9);
    q = fma(q, r, (REALV)EXP_C8);
    q = fma(q, r, (REALV)EXP_C7);
    q = fma(q, r, (REALV)EXP_C6);
#endif
    q = fma(q, r, (REALV)EXP_C5);
    q = fma(q, r, (REALV)EXP_C4);
    q = fma(q, r, (REALV)EXP_C3);
    return fma(q, r, (REALV)EXP_C2);
}

/* (x - tanh x)/x^3 of w = x^2 by Horner's rule. */
static REALV gap_series(REALV w)
{
#if REAL_BITS == 32
    REALV g = (REALV)GAP_C5;
#else
    REALV g = (REALV)GAP_C11;
    g = fma(g, w, (REALV)GAP_C10);
    g = fma(g, w, (REALV)GAP_C9);
    g = fma(g, w, (REALV)GAP_C8);
    g = fma(g, w, (REALV)GAP_C7);
    g = fma(g, w, (REALV)GAP_C6);
    g = fma(g, w, (REALV)GAP_C5);
#endif
    g = fma(g, w, (REALV)GAP_C4);
    g = fma(g, w, (REALV)GAP_C3);
    g = fma(g, w, (REALV)GAP_C2);
    g = fma(g, w, (REALV)GAP_C1);
    return fma(g, w, (REALV)GAP_C0);
}

static REALV engine_exp(REALV x)
{
    REALV c = CHOOSE(MASK(x > EXP_HIGH), (REALV)EXP_HIGH, x);
    c = CHOOSE(MASK(c < EXP_LOW), (REALV)EXP_LOW, c);
    const REALV t = fma(c, (REALV)LOG2_E, (REALV)ROUND);
    const MASKV k = AS_MASKV(t) - AS_MASKV((REALV)ROUND);
    const REALV n = t - ROUND;
    const REALV h = fma(n, (REALV)-LN2_HIGH, c);
    const REALV r = fma(n, (REALV)-LN2_LOW, h);
    const REALV s = 1 + h;
    const REALV e = fma(n, (REALV)-LN2_LOW, 1 - s + h);
    const REALV y = s + fma(r * r, exp_series(r), e);
    const MASKV k1 = k >> 1;
    return y * power_of_two(k1) * power_of_two(k - k1);
}

/* e^x - 1 for x <= 0. */
static REALV engine_expm1(REALV x)
{
    const REALV c = CHOOSE(MASK(x < EXPM1_LOW), (REALV)EXPM1_LOW, x);
    const REALV t = fma(c, (REALV)LOG2_E, (REALV)ROUND);
    const MASKV k = AS_MASKV(t) - AS_MASKV((REALV)ROUND);
    const REALV n = t - ROUND;
    const REALV h = fma(n, (REALV)-LN2_HIGH, c);
    const REALV low = n * -LN2_LOW;
    const REALV r = h + low;
    const REALV w = fma(r * r, exp_series(r), low);
    const REALV s = power_of_two(k);
    return fma(s, w, fma(s, h, s - 1));
}

static REALV engine_tanh(REALV x)
{
    const REALV a = fabs(x);
    const REALV a2 = a * a;
    const REALV small = fma(-(a * a2), gap_series(a2), a);
    const REALV c = CHOOSE(MASK(a > TANH_HIGH), (REALV)TANH_HIGH, a);
    const REALV t = fma(c, (REALV)(2 * LOG2_E), (REALV)ROUND);
    const MASKV k = AS_MASKV(t) - AS_MASKV((REALV)ROUND);
    const REALV n = t - ROUND;
    const REALV h = fma(n, (REALV)-LN2_HIGH, 2 * c);
    const REALV r = fma(n, (REALV)-LN2_LOW, h);
    const REALV y = fma(r, fma(r, exp_series(r), (REALV)1), (REALV)1);
    const REALV large = 1 - 2 / fma(power_of_two(k), y, (REALV)1);
    return copysign(CHOOSE(MASK(a < TANH_SMALL), small, large), x);
}

/* x - tanh x for x >= 0, given tanh x. */
static REALV tanh_gap(REALV x, REALV tanh_x)
{
    const REALV x2 = x * x;
    return CHOOSE(MASK(x < TANH_SMALL), x * x2 * gap_series(x2), x - tanh_x);
}

static REALV engine_sigmoid(REALV x)
{
    const REALV z = engine_exp(-fabs(x));
    const REALV numerator = CHOOSE(MASK(x < 0), z, (REALV)1);
    const REALV denominator = 1 + z;
    const REALV lost = z - (denominator - 1);
    const REALV reciprocal = 1 / denominator;
    const REALV y = numerator * reciprocal;
    const REALV residual = fma(-y, lost, fma(-y, denominator, numerator));
    return fma(residual, reciprocal, y);
}
