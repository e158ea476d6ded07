/// Data sets of labelled samples, and the readers of their files.
///
/// A [Dataset][dev.stillpoint.trainer.data.Dataset] is one split of a data set: features in [0, 1], a sample a row, and
/// a class for every sample. [KnownDataset][dev.stillpoint.trainer.data.KnownDataset] loads the three that the
/// experiments use; the optical digits are part of the program, MNIST and Fashion-MNIST are read from a folder that the
/// user names and are checked against the published checksums. [IdxFiles][dev.stillpoint.trainer.data.IdxFiles] and
/// [OpticalDigits][dev.stillpoint.trainer.data.OpticalDigits] read other files of the same forms.
///
/// A file that is not what it should be is refused with a
/// [MalformedDataException][dev.stillpoint.trainer.data.MalformedDataException], whose message is one line that names
/// the file, what is wrong, and what was expected. Data sets are immutable and may be shared by threads; they are held
/// in memory, four bytes a feature (MNIST: 188 MB for training, 31 MB for test).
package dev.stillpoint.trainer.data;
