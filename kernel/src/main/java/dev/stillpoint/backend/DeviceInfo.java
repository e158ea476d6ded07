package dev.stillpoint.backend;

/// A device that a backend found.
///
/// @param backend the backend's name
/// @param index the number by which the device is chosen
/// @param name the device, as its maker calls it
/// @param driver the driver and its version
/// @param memoryBytes memory in bytes
/// @param fp64 whether FP64 is offered
/// @param bitExact whether results equal the CPU's bit for bit
/// @param reason why not, where `bitExact` is false; empty otherwise
public record DeviceInfo(
        String backend,
        int index,
        String name,
        String driver,
        long memoryBytes,
        boolean fp64,
        boolean bitExact,
        String reason) {}
