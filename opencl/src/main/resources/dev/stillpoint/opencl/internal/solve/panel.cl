/*
 * What every kernel of a solve is written with: panels of samples, and the work-items that share one.
 *
 * A panel holds LANES samples, a sample a lane: value `i` of lane `l` at `i * LANES + l`, or, in vectors of VEC lanes,
 * vector `v` of row `i` at `i * VECTORS + v`. A work-group of LOCAL work-items works on one panel: EACH hands the
 * items of a loop out, and MEET makes what was written visible to all. Where a work-group is a single work-item, as
 * it is best on a processor, whose vectors are the lanes, both cost nothing.
 *
 * The host writes a prelude before this text: REAL, INTEGER (of its width), VEC, LANES, LOCAL, ROWS and NV (rows and
 * vectors of a register tile).
 *
 * Conditions are masks: all ones or all zeros in each lane, whether a vector has one lane or many. Nothing here may
 * be compiled with options that relax arithmetic; what is fused says so.
 */
#pragma OPENCL FP_CONTRACT OFF

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define VECTORS (LANES / VEC)

#if VEC == 1
typedef REAL REALV;
typedef INTEGER MASKV;
#define AS_REALV JOIN(as_, REAL)
#define AS_MASKV JOIN(as_, INTEGER)
#define MASK(condition) (-(MASKV)(condition))
#define ANY(mask) ((mask) != 0)
#else
typedef JOIN(REAL, VEC) REALV;
typedef JOIN(INTEGER, VEC) MASKV;
#define AS_REALV JOIN(as_, JOIN(REAL, VEC))
#define AS_MASKV JOIN(as_, JOIN(INTEGER, VEC))
#define MASK(condition) (condition)
#define ANY(mask) any(mask)
#endif

/* `a` where the mask is set, else `b`, which are vectors. */
#define CHOOSE(mask, a, b) ((mask) ? (a) : (b))

#if LOCAL == 1
#define EACH(i, count) for (size_t i = 0; i < (size_t)(count); i++)
#define MEET
#else
#define EACH(i, count) for (size_t i = get_local_id(0); i < (size_t)(count); i += LOCAL)
#define MEET barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#endif

/* A loop over registers has to be unrolled, or they become memory. */
#define UNROLL _Pragma("unroll")
