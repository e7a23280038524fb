import ArgumentParser
import Foundation
import SignalIO
import Support

/// Makes recordings with known answers.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make a recording of a bearing with a chosen fault, and a side-car with the truth.",
    discussion: """
      The machine (resonances, noise, tones) is drawn from --structure, what happens on it (impacts, noise) from \
      --seed; recordings of one machine share a structure.

      Example: fault-diag simulate --fault outer --bearing 6205 --rpm 1797 --snr 3 --seconds 10 --out outer.wav
      """)

  /// The states that can be simulated.
  enum Fault: String, ExpressibleByArgument, CaseIterable {
    case none, outer, inner, ball, cage

    var family: FaultFamily? { FaultFamily(rawValue: rawValue) }
    var label: String { self == .none ? "normal" : rawValue }
  }

  @Option(help: "What is wrong with the bearing.")
  var fault: Fault = .outer

  @Option(help: ArgumentHelp("Length of the recording.", valueName: "s"))
  var seconds = 10.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Power of the fault's vibration over the noise.", valueName: "dB"))
  var snr = 3.0

  @Option(
    help: ArgumentHelp("Slip of the rolling elements: by how much the lines fall short.", valueName: "%"))
  var slip = 0.5

  @Option(help: ArgumentHelp("Random deviation of each impact's interval.", valueName: "%"))
  var jitter = 0.5

  @Option(help: "Decides the impacts and the noise.")
  var seed: UInt64 = 1

  @Option(help: "Decides the machine: resonances, noise colour, tones (default: the seed).")
  var structure: UInt64?

  @Option(name: .customLong("bearing-id"), help: "Identity of the bearing in the side-car.")
  var bearingID: String?

  @Option(help: "Sample encoding.")
  var encoding: SoundFileEncoding = .wav16

  @Option(help: ArgumentHelp("The recording to write.", valueName: "file"))
  var out: String

  @OptionGroup(title: "Machine") var metadata: MetadataOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    guard (0.01...86_400).contains(seconds) else {
      throw ValidationError("--seconds \(seconds): expected 0.01 to 86400.")
    }
    guard (-60...60).contains(snr) else { throw ValidationError("--snr \(snr): expected -60 to 60 dB.") }
    guard (-5...5).contains(slip) else { throw ValidationError("--slip \(slip): expected -5 to 5 %.") }
    guard (0...10).contains(jitter) else { throw ValidationError("--jitter \(jitter): expected 0 to 10 %.") }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      let truth = try settings()
      let recording = try BearingSimulator(truth).recording(seed: seed)
      // Integer encodings hold -1 ... 1: the highest peak becomes a half.
      let peak = recording.samples.reduce(0) { max($0, abs($1)) }
      let gain = encoding == .wavFloat || peak == 0 ? 1 : 0.5 / peak
      try SoundFileWriter.write(
        [recording.samples.map { $0 * gain }], sampleRate: truth.sampleRate, to: out, encoding: encoding)
      let sideCar = try SideCar.write(sideCarMetadata(truth, recording), facts: facts, to: out)
      console.note(
        "wrote \(out): \(fault.label), \(seconds) s at \(Int(truth.sampleRate)) Hz, and its truth in \(sideCar)"
      )
    }
  }

  private func settings() throws -> SimulationSettings {
    var draw = SimulationDraw()
    draw.sampleRate = metadata.sampleRate ?? 12_000
    draw.seconds = seconds
    var random = RandomSource(seed: structure ?? seed, path: [1])
    var settings = draw.settings(fault: fault.family, random: &random)
    settings.orders = try orders()
    settings.shaftHz = (metadata.rpm ?? 1797) / 60
    settings.signalToNoise = snr
    settings.impacts.slip = slip / 100
    settings.impacts.jitter = jitter / 100
    // A healthy bearing is one without another bearing's fault or a rub on its shaft.
    settings.crosstalk = nil
    settings.rub = nil
    return settings
  }

  private func orders() throws -> FaultOrders {
    if let geometry = metadata.geometry { return try geometry.validated().faultOrders }
    return try BearingCatalogue.entry(named: metadata.bearing ?? "6205").orders
  }

  private func sideCarMetadata(
    _ truth: SimulationSettings, _ recording: SimulatedRecording
  ) -> RecordingMetadata {
    var result = metadata.metadata
    let source = MetadataSource.flag("simulate")
    result.sampleRate = nil
    result.speed = Sourced((recording.meanShaftHz * 60_000).rounded() / 1000, from: source)
    if result.geometry == nil { result.bearing = Sourced(metadata.bearing ?? "6205", from: source) }
    result.bearingID = bearingID.map { Sourced($0, from: source) }
    result.label = Sourced(fault.label, from: source)
    return result
  }

  private var facts: [String: ConfigurationValue] {
    [
      "simulated": true, "seed": ConfigurationValue(Double(seed)),
      "structure": ConfigurationValue(Double(structure ?? seed)),
      "signal_to_noise_db": ConfigurationValue(snr), "slip_percent": ConfigurationValue(slip),
      "jitter_percent": ConfigurationValue(jitter),
    ]
  }
}

extension SoundFileEncoding: ExpressibleByArgument {}
