/*
 * Sums over the rows of a panel in the canonical order: chains over tiles of TILE rows that start from +0, and the
 * sums of the tiles added by a tree, s_i + s_(i + 2^level) for the multiples i of 2^(level + 1), which is the tree of
 * Java's CanonicalSum: an odd last one is carried up.
 */
#define TILE 8

/*
 * Adds `count` rows by the tree, in place, for each of `sums` sums whose rows lie one after the other: each is in the
 * first of its rows. Ends with MEET.
 */
static void trees(PANEL s, size_t count, size_t sums)
{
    for (size_t step = 1; step < count; step *= 2) {
        const size_t pairs = (count + 2 * step - 1) / (2 * step);
        EACH(item, sums * pairs * VECTORS) {
            const size_t sum = item / (pairs * VECTORS) * count;
            const size_t i = item / VECTORS % pairs * 2 * step;
            const size_t v = item % VECTORS;
            if (i + step < count) {
                PANEL to = s + (sum + i) * VECTORS + v;
                *to = *to + to[step * VECTORS];
            }
        }
        MEET;
    }
}

/* The sums of (f - y)^2 and f^2 over `rows` rows, to the first rows of `difference2` and `norm2`. Ends with MEET. */
static void squares(PANEL f, PANEL y, uint rows, PANEL difference2, PANEL norm2)
{
    const size_t tiles = (rows + TILE - 1) / TILE;
    EACH(item, tiles * VECTORS) {
        const size_t first = item / VECTORS * TILE;
        const size_t v = item % VECTORS;
        const size_t end = min(first + TILE, (size_t)rows);
        REALV d2 = 0;
        REALV f2 = 0;
        for (size_t i = first; i < end; i++) {
            const REALV value = f[i * VECTORS + v];
            const REALV d = value - y[i * VECTORS + v];
            d2 = fma(d, d, d2);
            f2 = fma(value, value, f2);
        }
        difference2[item] = d2;
        norm2[item] = f2;
    }
    MEET;
    trees(difference2, tiles, 1);
    trees(norm2, tiles, 1);
}

#if defined(HAS_SOFTMAX) || defined(HAS_SOFTMAX_PROX) || defined(HAS_GROUP_NORM)
/*
 * The sum over `block` rows of one vector, or of their squares, by one work-item; `s` has a row for each tile.
 */
static REALV block_sum(PANEL a, uint block, bool squared, PANEL s)
{
    const uint tiles = (block + TILE - 1) / TILE;
    for (uint tile = 0; tile < tiles; tile++) {
        const uint end = min((tile + 1) * TILE, block);
        REALV sum = 0;
        for (uint i = tile * TILE; i < end; i++) {
            const REALV value = a[(size_t)i * VECTORS];
            sum = squared ? fma(value, value, sum) : sum + value;
        }
        if (tiles == 1) {
            return sum;
        }
        s[(size_t)tile * VECTORS] = sum;
    }
    for (uint step = 1; step < tiles; step *= 2) {
        for (uint i = 0; i + step < tiles; i += 2 * step) {
            s[(size_t)i * VECTORS] = s[(size_t)i * VECTORS] + s[(size_t)(i + step) * VECTORS];
        }
    }
    return s[0];
}
#endif
