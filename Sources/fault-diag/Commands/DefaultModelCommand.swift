import ArgumentParser
import FaultDiag
import Support

/// Trains the model that is embedded in the program.
struct DefaultModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "default-model",
    abstract: "Train what the program carries anew, on simulated bearings only.",
    usage: "fault-diag default-model [<options>] --out <file>",
    discussion: """
      The program carries two files, both made by this command with its defaults: the default model that diagnoses, and \
      the representation that pretrain starts from. The same version, seed and settings give the same bytes, whatever \
      the thread count.

      Example: fault-diag default-model --out default.safetensors
      Example: fault-diag default-model --representation --out representation.safetensors
      """)

  @Option(help: "Decides every random draw (default: the plan's).")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "A plan to follow instead of the default one, as --print-plan writes it.", valueName: "file"))
  var plan: String?

  @Flag(help: "Train the representation that pretrain starts from, instead of the default model.")
  var representation = false

  @Flag(name: .customLong("print-plan"), help: "Print the default plan as JSON and stop.")
  var printPlan = false

  @Option(help: ArgumentHelp("The model file to write.", valueName: "file"))
  var out = "default-model.safetensors"

  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if representation && (plan != nil || printPlan) {
      throw ValidationError(
        "--plan and --print-plan are about the default model, not about --representation.")
    }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      if representation { return try trainRepresentation(console: console) }
      var plan = try self.plan.map { try AlignedPlan(path: $0) } ?? AlignedPlan()
      if let seed { plan.seed = seed }
      if printPlan { return console.result(ReportJSON.text(plan)) }
      console.note("simulating \(plan.simulations) bearings, then training \(plan.members) networks on them")
      let model = try AlignedTrainer(plan).train(threads: work.count) { progress in
        console.note(
          "network \(progress.member + 1): epoch \(progress.epoch) of \(progress.epochs), "
            + "loss \(Format.fixed(progress.loss, digits: 4))")
      }
      let checkpoint = model.checkpoint(programVersion: ProgramVersion.text)
      try checkpoint.write(to: out)
      console.note("wrote \(out), \(checkpoint.bytes.count) bytes")
    }
  }

  private func trainRepresentation(console: Console) throws {
    let plan = DefaultRepresentation.plan(seed: seed ?? 1)
    console.note(
      "simulating \(DefaultRepresentation.simulations) recordings, then \(plan.steps) steps of \(plan.objective.name)"
    )
    let recordings = try DefaultRepresentation.recordings(seed: plan.seed, threads: work.count)
    var display = TrainingDisplay(console: console)
    defer { display.finish() }
    let bytes = try DefaultRepresentation.train(
      plan: plan, recordings: recordings, programVersion: ProgramVersion.text, report: { display.take($0) })
    try AtomicFile.write(bytes, to: out)
    console.note("wrote \(out), \(bytes.count) bytes")
  }
}
