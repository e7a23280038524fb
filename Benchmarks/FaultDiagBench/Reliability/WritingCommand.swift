/// A command that writes files, with what it needs in a ``TrialFolder`` that has recordings, models and a log.
struct WritingCommand: Sendable {
  let name: String
  /// To write into `out`, a folder that exists.
  let arguments: @Sendable (_ out: String) -> [String]
  /// Files that it writes into `out` and that are whole or not there.
  var files: [String] = []
  /// Files that grow as the run goes: what was written before stays.
  var logs: [String] = []
  /// Whether it says so and goes on where a log cannot be written any more, as a training does.
  var outlivesItsLog = false
  /// Commands that write into `out` what this one reads.
  var preparations: @Sendable (_ out: String) -> [[String]] = { _ in [] }
  /// The command that writes to one file of a given name; nil where it names its files itself.
  var toFile: (@Sendable (_ file: String) -> [String])?

  /// Every command whose result is files, but for `default-model`, which writes as `fit` does and takes minutes.
  static let all = [
    single("pretrain", "model.safetensors") { TrialCommands.pretrain(out: $0) },
    WritingCommand(
      name: "pretrain --log",
      arguments: { TrialCommands.pretrain(out: $0 + "/model.safetensors") + ["--log", $0 + "/log.jsonl"] },
      files: ["model.safetensors"], logs: ["log.jsonl"], outlivesItsLog: true,
      toFile: { TrialCommands.pretrain(out: "spare.safetensors") + ["--overwrite", "--log", $0] }),
    WritingCommand(
      name: "pretrain --tensorboard",
      arguments: {
        TrialCommands.pretrain(out: "spare.safetensors") + ["--overwrite", "--tensorboard", $0 + "/events"]
      }, outlivesItsLog: true),
    single("fit", "diag.safetensors") { TrialCommands.fit(out: $0) },
    WritingCommand(
      name: "report", arguments: { TrialCommands.report(out: $0) },
      files: ["report.json", "report.csv", "report.html"], logs: ["rows.jsonl"]),
    WritingCommand(
      name: "report --prometheus",
      arguments: { TrialCommands.report(out: $0) + ["--prometheus", $0 + "/fault.prom"] },
      files: ["report.json", "report.csv", "report.html", "fault.prom"], logs: ["rows.jsonl"],
      toFile: { TrialCommands.report(out: "spare") + ["--prometheus", $0] }),
    WritingCommand(
      name: "merge", arguments: { ["merge", $0] }, files: ["report.json", "report.csv", "report.html"],
      logs: ["rows-1-of-2.jsonl", "rows-2-of-2.jsonl"],
      preparations: { out in
        ["1/2", "2/2"].map { TrialCommands.report(out: out) + ["--shard", $0] }
      }),
    single("plot", "plot.svg") { ["plot", "rec/outer1.wav", "--out", $0] },
    WritingCommand(
      name: "augment", arguments: { ["augment", "rec/outer1.wav", "--out", $0, "--count", "2"] },
      files: ["before.wav", "view1.wav", "view1.svg", "view2.wav", "view2.svg"].map { "outer1-" + $0 }),
    single("runs", "runs.html") { ["runs", "log.jsonl", "--out", $0] },
    single("cluster", "groups.csv") {
      ["cluster", "rec", "--model", "model.safetensors", "--clusters", "3", "--out", $0]
    },
    single("baseline", "healthy.safetensors") { ["baseline", "rec", "--steps", "4", "--out", $0] },
    single("embed", "vectors.npz") { ["embed", "rec", "--model", "model.safetensors", "--out", $0] },
    WritingCommand(
      name: "simulate", arguments: { ["simulate", "--seconds", "4", "--out", $0 + "/made.wav"] },
      files: ["made.wav", "made.wav.json"]),
  ]

  private static func single(
    _ name: String, _ file: String, _ arguments: @escaping @Sendable (String) -> [String]
  ) -> WritingCommand {
    WritingCommand(name: name, arguments: { arguments($0 + "/" + file) }, files: [file], toFile: arguments)
  }
}

/// Command lines that only print.
enum PrintingCommand {
  static let all = [
    ["diagnose", "rec/outer1.wav"], ["diagnose", "rec/outer1.wav", "--json"], ["inspect", "rec/outer1.wav"],
    ["doctor", "rec"], ["bearings"], ["objectives"], ["evaluate", "rec", "--model", "diag.safetensors"],
    ["completions", "bash"], ["report", "--print-actions"], ["augment", "--list"],
    ["default-model", "--print-plan"],
  ]
}
