/*
 * A fault on purpose: the last work-item reads the element behind the buffer's end.
 *
 *     out[i] = in[i + 1]        in and out hold as many elements as there are work-items
 */
__kernel void planted_overrun(__global const int *restrict in, __global int *restrict out)
{
    const size_t i = get_global_id(0);
    out[i] = in[i + 1];
}
