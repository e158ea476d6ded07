/// Trials of error bounds: random problems, states near and far from their fixed points, and the true errors in
/// double-double arithmetic beside the bounds that are claimed.
///
///     CertificateTrial.Outcome outcome = CertificateTrial.run(17);
///     outcome.lies();        // bounds below the true error, each with what reproduces it: must be none
///     outcome.loosest();     // the largest bound over true error where the contraction factor is below 0.9
package dev.stillpoint.validation.certificate;
