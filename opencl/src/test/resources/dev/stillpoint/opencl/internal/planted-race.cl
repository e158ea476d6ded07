/*
 * A fault on purpose: a work-item reads the local memory that its neighbour writes, without a barrier between them.
 *
 *     out[i] = i + 1 mod the size of the work-group, or anything else
 */
#define GROUP 8

__kernel void planted_race(__global int *restrict out)
{
    __local int shared[GROUP];
    const size_t i = get_local_id(0);
    shared[i] = (int)i;
    out[get_global_id(0)] = shared[(i + 1) % GROUP];
}
