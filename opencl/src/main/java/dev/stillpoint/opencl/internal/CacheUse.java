package dev.stillpoint.opencl.internal;

/// What a cache of compiled programs did for one program.
public enum CacheUse {
    /// The compiled program came from the cache.
    HIT,
    /// The cache had no such program, or could not be read: the program was compiled from its source.
    MISS,
    /// What the cache had was damaged, not of this version, or refused by the driver: the program was compiled
    /// from its source.
    STALE,
    /// There is no cache: the program was compiled from its source.
    OFF
}
