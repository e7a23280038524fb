import ArgumentParser

/// The documented exit codes; numbers follow BSD `sysexits` where one fits.
enum FaultDiagExit {
  /// The command did what was asked.
  static let success = ExitCode(0)
  /// A batch ended, but at least one recording in it failed.
  static let partialFailure = ExitCode(1)
  /// The recording asks for attention (only with `--fail-on`).
  static let finding = ExitCode(2)
  /// The command line is wrong (`EX_USAGE`, as ArgumentParser uses it).
  static let usage = ExitCode(64)
  /// An input is damaged, unsuitable or not what it claims to be (`EX_DATAERR`).
  static let badData = ExitCode(65)
  /// An input does not exist or holds no recordings (`EX_NOINPUT`).
  static let noInput = ExitCode(66)
  /// The computation failed, for instance a training that diverged (`EX_SOFTWARE`).
  static let software = ExitCode(70)
  /// An output cannot be written (`EX_CANTCREAT`).
  static let cannotWrite = ExitCode(73)
  /// A model, plan or settings file cannot be used (`EX_CONFIG`).
  static let configuration = ExitCode(78)
  /// Stopped by Ctrl-C or SIGTERM after saving what was computed (128 + SIGINT).
  static let interrupted = ExitCode(130)

  /// Every code in a few words, for the help and the manual.
  static let meanings: [(code: ExitCode, words: String)] = [
    (success, "success"), (partialFailure, "some recordings of a batch failed"),
    (finding, "a finding, with --fail-on"), (usage, "wrong command line"),
    (badData, "damaged or unsuitable input"), (noInput, "missing input"),
    (software, "the computation failed"), (cannotWrite, "an output cannot be written"),
    (configuration, "unusable model or settings"), (interrupted, "interrupted after saving"),
  ]

  /// All of them in a sentence, for the help of the root command.
  static let documentation =
    "Exit codes: " + meanings.map { "\($0.code.rawValue) \($0.words)" }.joined(separator: "; ") + "."
}
