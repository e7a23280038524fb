import ArgumentParser
import CPC
import FaultDiag
import Foundation
import Plotting
import SignalIO
import Support

/// Shows what augmented views of a recording sound and look like.
struct AugmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment",
    abstract: "Hear and see what augmentations make of a recording before a network learns from it.",
    discussion: """
      Takes one window as pretrain would, makes views of it, and writes each as a WAV file (32-bit float, in the unit of \
      the recording) and as a picture of waveform and spectrogram, before and after. --list shows the augmentations.

      Example: fault-diag augment outer.wav --out views --strength strong --count 3
      """)

  @Argument(help: "The recording.")
  var file: String?

  @Flag(help: "List the augmentations, what their strengths mean, and the defaults.")
  var list = false

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "weak or strong views as pretrain makes them (default: strong), or one augmentation at a strength; may be "
        + "repeated, also to change one of weak or strong.", valueName: "weak|strong|name=strength"))
  var strength: [StrengthArgument] = []

  @Option(help: ArgumentHelp("How many views to make.", valueName: "count"))
  var count = 1

  @Option(help: ArgumentHelp("Decides every random draw.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: "What the recording holds, which decides defaults and window (default: what it seems to be).")
  var signal: SignalKind?

  @Option(help: ArgumentHelp("Where the window begins.", valueName: "s"))
  var at = 0.0

  @Option(help: ArgumentHelp("Length of the window (default: that of pretrain).", valueName: "s"))
  var seconds: Double?

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    guard !list else { return }
    guard file != nil else { throw ValidationError("name a recording, or --list.") }
    guard out != nil else { throw ValidationError("name a folder for the views with --out.") }
    guard (1...1000).contains(count) else { throw ValidationError("--count \(count): expected 1 to 1000.") }
    guard (0...1e7).contains(at) else { throw ValidationError("--at \(at): expected 0 to 10000000 s.") }
    if let seconds, !(0.01...600).contains(seconds) {
      throw ValidationError("--seconds \(seconds): expected 0.01 to 600.")
    }
    if strength.filter({ $0.preset != nil }).count > 1 {
      throw ValidationError("--strength weak and --strength strong exclude each other.")
    }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      if list {
        console.result(output.json ? ReportJSON.text(AugmentationList()) : AugmentationList().text)
      } else if let file, let out {
        try makeViews(of: file, in: out, console: console)
      }
    }
  }

  private func makeViews(of file: String, in folder: String, console: Console) throws {
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    let source = try RecordingSource.open(path: file, flags: metadata.metadata, options: options)
    let kind =
      signal
      ?? SignalKind(
        unit: source.metadata.unit?.value, format: source.info.format, sampleRate: source.sampleRate)
    let plan = TrainingPlan.preset(for: kind)
    let steps = StrengthArgument.steps(strength, of: plan.augmentations)
    let augmenter = try Augmenter(steps)
    let window = try window(of: source, plan: plan, console: console)
    try OutputFolder.make(folder)
    let stem = folder + "/" + (((file as NSString).lastPathComponent as NSString).deletingPathExtension)
    try write(window.samples, window.rate, to: stem + "-before.wav")
    for number in 1...count {
      var view = window.samples
      var random = RandomSource(seed: seed, path: [UInt64(number)])
      augmenter.apply(to: &view, sampleRate: window.rate, random: &random)
      try write(view, window.rate, to: "\(stem)-view\(number).wav")
      let picture = AugmentationPicture(
        before: window.samples, after: view, sampleRate: window.rate, start: at,
        unit: source.metadata.unit?.value)
      let figure = try picture.figure(
        title: "\((file as NSString).lastPathComponent), view \(number): \(try Self.described(steps))")
      try AtomicFile.write(figure.svg, to: "\(stem)-view\(number).svg")
    }
    console.note(
      "wrote \(Discovery.number(count, "view")) of \(Format.harmless(file)) to \(Format.harmless(folder)): "
        + "\(Self.short(Double(window.samples.count) / window.rate)) s at \(Self.short(window.rate)) Hz, as \(kind.rawValue)"
    )
  }

  /// The window of the first channel, at the rate that the plan would learn at.
  private func window(
    of source: RecordingSource, plan: TrainingPlan, console: Console
  ) throws -> (samples: [Float], rate: Double) {
    // A WAV file has a whole number of hertz.
    let rate = min(plan.features.sampleRate, source.sampleRate).rounded(.down)
    let length = Int(((seconds ?? plan.features.windowSeconds) * rate).rounded())
    let first = Int((at * rate).rounded())
    if source.info.channels.count > 1 {
      console.note(
        "the recording has \(source.info.channels.count) channels: the first is taken (see --channel)")
    }
    // Windows that are `first` samples apart: the second one is wanted, unless that is the first.
    let cut = WindowPlan(
      length: max(1, length), hop: max(1, first), sampleRate: rate, short: first == 0 ? .pad : .refuse)
    let reader = try WindowReader(
      stream: source.stream, sampleRate: source.sampleRate, plan: cut, path: source.path, channels: [0])
    var window = try reader.next()
    if first > 0 { window = try reader.next() }
    guard let samples = window?.samples[0], samples.count >= 64, samples.allSatisfy(\.isFinite) else {
      throw SignalIOError.badSetting(
        name: "the window of \(source.path)", found: "\(at) s to \(at + Double(length) / rate) s",
        expected: "a stretch within the recording of at least 64 finite samples; see --at and --seconds")
    }
    return (samples, rate)
  }

  private func write(_ samples: [Float], _ rate: Double, to path: String) throws {
    try SoundFileWriter.write([samples], sampleRate: rate, to: path, encoding: .wavFloat)
  }

  /// `gain 6 dB, noise 0.3`.
  private static func described(_ steps: [AugmentationPlan.Step]) throws(CPCError) -> String {
    var words: [String] = []
    for step in steps {
      let unit = try Augmentations.named(step.name).scale.unit
      words.append("\(step.name) \(short(step.strength))" + (unit.isEmpty ? "" : " \(unit)"))
    }
    return words.joined(separator: ", ")
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.4g", value)
  }
}

/// What `--strength` takes: a preset or one augmentation.
struct StrengthArgument: ExpressibleByArgument {
  var preset: ViewStrength?
  var step: AugmentationPlan.Step?

  init?(argument: String) {
    preset = ViewStrength(rawValue: argument)
    step = NamedStrength(argument: argument)?.step
    if preset == nil && step == nil { return nil }
  }

  /// The augmentations of a preset with changes; without a preset the changes alone, and strong ones where nothing is
  /// given.
  static func steps(_ given: [StrengthArgument], of plan: AugmentationPlan) -> [AugmentationPlan.Step] {
    let preset = given.compactMap(\.preset).first ?? (given.isEmpty ? .strong : nil)
    var chosen = AugmentationPlan(strong: preset.map { plan[$0] } ?? [])
    for step in given.compactMap(\.step) { chosen.set(step, of: .strong) }
    return chosen.strong
  }
}
