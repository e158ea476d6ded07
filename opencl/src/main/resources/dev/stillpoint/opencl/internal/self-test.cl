/*
 * Basic arithmetic, one operation after the other, so that the host can compare its bits with Java's.
 *
 *     out[OPERATION * count + i] = bits of OPERATION(a[i], b[i], c[i])        0 <= i < count
 *
 * Shapes: a, b, c hold `count` operands, out holds `count` results of each operation, all as bits; one work-item
 * computes all operations of one triple, and count is the global size. Operands come from memory, so that no compiler can compute
 * results in its own arithmetic.
 *
 * The host writes a prelude before this text, which defines for the precision: REAL and its signed and unsigned
 * integers INTEGER and BITS of the same width, AS_REAL, AS_INTEGER and AS_BITS, the conversion's limit INTEGER_LIMIT,
 * and for every operation its number. What the operations are is said in Java's Operation, their twin.
 *
 * The product of MULTIPLY_ADD may not be fused with its addition: contraction is off, and FMA asks for it explicitly.
 * Nothing here may be compiled with options that relax arithmetic.
 */
#pragma OPENCL FP_CONTRACT OFF

__kernel void self_test(
    __global const BITS *restrict a_bits,
    __global const BITS *restrict b_bits,
    __global const BITS *restrict c_bits,
    __global BITS *restrict out)
{
    const size_t i = get_global_id(0);
    const size_t count = get_global_size(0);
    const REAL a = AS_REAL(a_bits[i]);
    const REAL b = AS_REAL(b_bits[i]);
    const REAL c = AS_REAL(c_bits[i]);

    out[ADD * count + i] = AS_BITS(a + b);
    out[SUBTRACT * count + i] = AS_BITS(a - b);
    out[MULTIPLY * count + i] = AS_BITS(a * b);
    out[MULTIPLY_ADD * count + i] = AS_BITS(a * b + c);
    out[FMA * count + i] = AS_BITS(fma(a, b, c));
    out[DIVIDE * count + i] = AS_BITS(a / b);
    out[SQRT * count + i] = AS_BITS(sqrt(a));
    out[COMPARE * count + i] = AS_BITS(a < b ? (REAL)1 : a == b ? (REAL)2 : a > b ? (REAL)3 : (REAL)4);
    out[SELECT * count + i] = AS_BITS(a < (REAL)0 ? (REAL)0 : a);
    out[FROM_INTEGER * count + i] = AS_BITS((REAL)AS_INTEGER(a_bits[i]));
    out[TO_INTEGER * count + i] =
        AS_BITS(a > -INTEGER_LIMIT && a < INTEGER_LIMIT ? (REAL)(INTEGER)a : (REAL)0);
    out[TO_SINGLE * count + i] = AS_BITS((REAL)(float)a);
}
