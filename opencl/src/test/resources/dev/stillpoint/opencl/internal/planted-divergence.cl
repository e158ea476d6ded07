/*
 * A fault on purpose: only some work-items of the work-group come to the barrier.
 *
 *     out[i] = i
 */
__kernel void planted_divergence(__global int *restrict out)
{
    const size_t i = get_local_id(0);
    if (i > 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    out[get_global_id(0)] = (int)i;
}
