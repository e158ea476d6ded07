/*
 * A fault on purpose: the first work-item copies local memory that nobody wrote.
 *
 *     out[i] = i, or anything for i = 0
 */
#define GROUP 8

__kernel void planted_uninitialized(__global int *restrict out)
{
    __local int shared[GROUP];
    const size_t i = get_local_id(0);
    if (i > 0) {
        shared[i] = (int)i;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    out[get_global_id(0)] = shared[i];
}
