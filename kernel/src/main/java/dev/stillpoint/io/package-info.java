/// Files of numbers: NumPy's `.npy` and `.npz`, and `.safetensors`.
///
///     Matrix inputs = NumpyFile.read(Path.of("U.npy")).toMatrix();
///     Matrix a = ArrayFile.read(Path.of("model.safetensors")).array("A").toMatrix(Precision.F32);
///     NumpyFile.write(Path.of("Y.npy"), outputs);
///
/// **Reading.** [NumpyFile][dev.stillpoint.io.NumpyFile] holds one array, an [ArrayFile][dev.stillpoint.io.ArrayFile]
/// several by name. Files are mapped, and an array in them is a [NumericArray][dev.stillpoint.io.NumericArray]: its
/// type and shape at once, its elements when they are asked for, with one copy from the mapping, or from the
/// inflater, to the array of the matrix, whatever the type, byte order or order of axes.
/// [NumpyFile#map][dev.stillpoint.io.NumpyFile#map] copies nothing. A mapping ends with the arena that the caller
/// gave or, where none was given, when nothing refers to it any more. A file must not be changed in place while it is
/// in use; writing it anew through this package is safe.
///
/// **Untrusted files.** A malformed file, whatever is wrong with it, gives a
/// [FormatException][dev.stillpoint.io.FormatException], whose one line names the file, the array and what was
/// expected; other failures of files are other `IOException`s. Nothing in a file is executed. Memory follows what a
/// file holds, never what it claims: at most 8 times the bytes of its elements (a byte read as FP64), which exist in
/// the file or were seen to inflate from it.
///
/// **Writing.** All files are little-endian and in C order, depend on their content alone, and appear whole or not at
/// all: see [AtomicFile][dev.stillpoint.io.AtomicFile], which writes other files, such as reports, as well, and lets
/// several appear together.
///
/// Readers and arrays are immutable and may be shared between threads, as far as their arena may.
package dev.stillpoint.io;
