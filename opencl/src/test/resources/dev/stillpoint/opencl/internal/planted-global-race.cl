/*
 * A fault on purpose: every work-item writes its number to the same word of global memory.
 *
 *     out[0] = the number of any work-item
 */
__kernel void planted_global_race(__global int *restrict out)
{
    out[0] = (int)get_global_id(0);
}
