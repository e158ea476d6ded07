/*
 * A fault on purpose: an array that should be in registers is indexed by a value that the compiler does not know, so
 * that it has to be in memory.
 *
 *     innocent:       out[i] = sum of k * in[k], k < 16: the loops are unrolled and the array is in registers
 *     planted_frame:  out[i] = k * in[k] for k = in[i] mod 16
 */
__kernel void innocent(__global const int *restrict in, __global int *restrict out)
{
    int products[16];
    const size_t i = get_global_id(0);
    for (int k = 0; k < 16; k++) {
        products[k] = k * in[k];
    }
    int sum = 0;
    for (int k = 0; k < 16; k++) {
        sum += products[k];
    }
    out[i] = sum;
}

__kernel void planted_frame(__global const int *restrict in, __global int *restrict out)
{
    int products[16];
    const size_t i = get_global_id(0);
    for (int k = 0; k < 16; k++) {
        products[k] = k * in[k];
    }
    out[i] = products[in[i] & 15];
}
