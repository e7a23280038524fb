import ArgumentParser
import FaultDiag
import Foundation
import NeuralNet
import Support

/// All protocols of quality in one run.
struct QualityBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quality", abstract: "Diagnosis of bearings and machines never heard, protocol by protocol.",
    discussion: """
      Every protocol keeps a physical bearing or machine wholly on one side. Each prints its table; the figures come \
      last, one a line: FIGURE name value goal ok|short.
      """)

  @Option(
    help: ArgumentHelp(
      "Only these protocols, separated by commas: \(QualityProtocols.names.joined(separator: ", ")).",
      valueName: "names"))
  var only: String?

  @Flag(help: "The tuning folds of P1 instead of the evaluation folds; no other protocol.")
  var tuning = false

  @Flag(help: "P1 also for representations learnt without labels, some minutes: untrained, CPC, fine-tuned.")
  var representations = false

  @Option(help: "An aligned model to measure instead of the embedded one.")
  var model: String?

  @Option(help: "Threads.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where to write figures, folds and spread as JSON.")
  var json = ".build/bench-quality.json"

  func validate() throws {
    try NameList.check(wanted, among: QualityProtocols.names, kind: "protocol")
  }

  func run() throws {
    guard let data = BenchData() else { return print(BenchData.explanation) }
    let context = QualityContext(
      data: data, model: try model.map { try AlignedModel(Checkpoint.read($0)) } ?? AlignedModel.embedded(),
      threads: threads, tuning: tuning, representations: representations)
    var report = Report(blasCore: BLAS.coreName, threads: threads, protocols: [:])
    for type in QualityProtocols.all where wanted.contains(type.name) {
      print("\(type.name.uppercased()): \(type.title)")
      let started = ContinuousClock.now
      let outcome = try type.init().run(context)
      let elapsed = (ContinuousClock.now - started) / .seconds(1)
      print("took \(Format.fixed(elapsed, digits: 1)) s\n")
      report.protocols[type.name] = Report.Entry(
        figures: outcome.figures, seconds: elapsed, details: AnyEncodable(outcome.details))
    }
    for type in QualityProtocols.all {
      for figure in report.protocols[type.name]?.figures ?? [] { print(figure.line) }
    }
    try AtomicFile.write(ReportJSON.text(report), to: json)
  }

  private var wanted: [String] {
    if tuning { return [CWRUBearingwiseProtocol.name] }
    return NameList.names(only) ?? QualityProtocols.names
  }

  private struct Report: Encodable {
    struct Entry: Encodable {
      var figures: [Figure]
      var seconds: Double
      var details: AnyEncodable
    }

    var blasCore: String
    var threads: Int
    var protocols: [String: Entry]
  }
}

/// Details of any shape in one report.
private struct AnyEncodable: Encodable {
  private let value: any Encodable

  init(_ value: any Encodable) { self.value = value }

  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
