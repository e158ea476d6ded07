/*
 * P = phi(V) on a panel, or the proximal map that the host put in its place; P may be V.
 *
 * An activation is a list of `count` parts, PART_SIZE integers each (Java's ActivationTable writes them): the kind, the
 * first row, the number of rows, the rows of a block, and for gates which of the two functions are tanh; PARAMETERS
 * holds a value for each: the slope, eps or the step alpha.
 */
#define VALUES(function)                                                                                               \
    EACH(i, (size_t)rows * VECTORS) {                                                                                  \
        const REALV t = from[i];                                                                                       \
        to[i] = function;                                                                                              \
    }

#define BLOCKS(function)                                                                                               \
    EACH(i, (size_t)(rows / block) * VECTORS) {                                                                        \
        const size_t at = i / VECTORS * block * VECTORS + i % VECTORS;                                                 \
        function;                                                                                                      \
    }

/* `spare` has as many rows as the panel. Ends with MEET. */
static void activate(INDICES parts, int count, ENTRIES parameters, PANEL v, PANEL p, PANEL spare)
{
    for (int part = 0; part < count; part++, parts += PART_SIZE) {
        const uint rows = parts[PART_ROWS];
        const uint block = parts[PART_BLOCK];
        const size_t begin = (size_t)parts[PART_BEGIN] * VECTORS;
        const REAL parameter = parameters[part];
        PANEL from = v + begin;
        PANEL to = p + begin;
        PANEL s = spare + begin;
        switch (parts[PART_KIND]) {
#ifdef HAS_IDENTITY
        case IDENTITY:
            VALUES(t)
            break;
#endif
#ifdef HAS_RELU
        case RELU:
            VALUES(CHOOSE(MASK(t < 0), (REALV)0, t))
            break;
#endif
#ifdef HAS_LEAKY_RELU
        case LEAKY_RELU:
            VALUES(CHOOSE(MASK(t < 0), parameter * t, t))
            break;
#endif
#ifdef HAS_TANH
        case TANH:
            VALUES(engine_tanh(t))
            break;
#endif
#ifdef HAS_SIGMOID
        case SIGMOID:
            VALUES(engine_sigmoid(t))
            break;
#endif
#ifdef HAS_TANH_PROX
        case TANH_PROX:
            VALUES(tanh_prox(parameter, t))
            break;
#endif
#ifdef HAS_SIGMOID_PROX
        case SIGMOID_PROX:
            VALUES(sigmoid_prox(parameter, t))
            break;
#endif
#ifdef HAS_SOFTMAX
        case SOFTMAX:
            BLOCKS(softmax(from + at, to + at, block, s + at))
            break;
#endif
#ifdef HAS_SOFTMAX_PROX
        case SOFTMAX_PROX:
            BLOCKS(softmax_prox(parameter, from + at, to + at, block, s + at))
            break;
#endif
#ifdef HAS_GROUP_NORM
        case GROUP_NORM:
            BLOCKS(group_norm(parameter, from + at, to + at, block, s + at))
            break;
#endif
#ifdef HAS_MAX_POOL
        case MAX_POOL:
            BLOCKS(max_pool(from + at, to + at, block))
            break;
#endif
#ifdef HAS_GATE
        case GATE:
            BLOCKS(gate(parts[PART_OUTER_TANH] != 0, parts[PART_INNER_TANH] != 0, from + at, to + at))
            break;
#endif
        }
    }
    MEET;
}
