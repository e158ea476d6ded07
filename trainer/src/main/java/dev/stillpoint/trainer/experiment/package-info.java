/// Experiments that a user can repeat: each is a run with options, progress and a result, and a page that shows it.
///
/// [Demo][dev.stillpoint.trainer.experiment.Demo] is the shortest: a random well-posed model reads handwritten digits,
/// and its single-precision solutions are compared with double-precision ones.
/// [OptimalLimit][dev.stillpoint.trainer.experiment.OptimalLimit] shows how the state of a deep model tends to a
/// minimiser.
///
/// Runs are deterministic for a seed, their timings aside: random numbers come from
/// [SplitMix64][dev.stillpoint.trainer.experiment.SplitMix64], sums have a fixed order, and no result depends on the
/// number of threads. A run holds its thread until it ends or the thread is interrupted; results are immutable.
package dev.stillpoint.trainer.experiment;
