import ArgumentParser
import FaultDiag
import NeuralNet
import SignalIO
import Support

/// Puts unlabelled recordings into groups.
struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Put unlabelled recordings into groups of the same state, and name some of each to listen to.",
    discussion: """
      A model that pretrain trained with --objective swav, pcl or tcl has groups of its own and says how probable they \
      are; any other model, or another number of groups, goes by k-means on its embedding. Where labels are known, from a \
      CSV, side-cars or folders, the agreement of the groups with them is told: accuracy under the best pairing (ACC), \
      normalised mutual information (NMI) and adjusted Rand index (ARI). Labels never change the groups.

      Example: fault-diag cluster recordings/ --model model.safetensors
      By k-means: fault-diag cluster recordings/ --model model.safetensors --clusters 4 --out groups.csv
      """)

  @Argument(help: "Folders of recordings, or single recordings.")
  var folders: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A model that pretrain or fit wrote.", valueName: "file"))
  var model: String

  @Option(
    help: ArgumentHelp("Number of groups (default: those that the model learnt).", valueName: "count"))
  var clusters: Int?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A CSV to write, a line a recording.", valueName: "file"))
  var out: String?

  @Option(help: "Decides where k-means begins.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Labels") var labels: LabelOptions
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  mutating func validate() throws {
    if let clusters, !(2...65_536).contains(clusters) {
      throw ValidationError("--clusters \(clusters): expected 2 to 65536.")
    }
  }

  func run() throws {
    let console = output.console
    try perform(console) {
      if let out {
        guard FilePath.pathExtension(of: out) == "csv" else {
          throw CommandError.unknownOutputFormat(path: out, known: [".csv"])
        }
        try AtomicFileWriter(path: out).discard()
      }
      let model = try ModelFiles.grouping(path: model)
      let collection = try labels.collection(
        folders, flags: metadata.metadata, required: false, console: console)
      let heard = try listen(collection.recordings, model: model, console: console)
      let found = try model.groups(
        of: heard.map { $0.embeddings }, count: clusters, seed: seed, threads: work.count)
      let report = GroupingReport(
        groups: RecordingGroups(
          found.grouping, source: found.source, of: model, paths: heard.map { $0.path },
          labels: heard.map { $0.label }),
        failed: collection.recordings.count - heard.count)
      if let out { try report.writeCSV(to: out) }
      console.result(output.json ? ReportJSON.text(report) : report.text(output.style(console)))
      if report.failed > 0 { throw FaultDiagExit.partialFailure }
    }
  }

  /// A recording as the model hears it.
  private struct Heard {
    var path: String
    var label: String?
    var embeddings: Tensor<Float>
  }

  /// Those that can be used; the others are told. The error of a single one is thrown.
  private func listen(
    _ recordings: [FoundRecording], model: GroupingModel, console: Console
  ) throws -> [Heard] {
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    var result: [Heard] = []
    for (index, recording) in recordings.enumerated() {
      do {
        let heard = try EmbeddedRecording(
          recording.open(options: options), embedder: model.embedder, threads: work.count)
        result.append(
          Heard(path: recording.path, label: heard.metadata.label?.value, embeddings: heard.embeddings))
      } catch {
        if recordings.count == 1 { throw error }
        progress.finish()
        console.error("\(error)")
      }
      progress.show(
        fraction: Double(index + 1) / Double(recordings.count),
        "listening: \(index + 1) of \(recordings.count)")
    }
    guard !result.isEmpty else { throw CommandError.nothingUsable(tried: recordings.count) }
    return result
  }
}
