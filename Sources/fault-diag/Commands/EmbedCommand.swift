import ArgumentParser
import FaultDiag
import SignalIO
import Support

/// Writes what a model makes of recordings, for use elsewhere.
struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write the vectors that a model makes of recordings, as NPZ or CSV.",
    discussion: """
      One vector a recording (the mean of its windows' vectors), or one a window with --windows. The NPZ holds \
      embeddings [row, number], recordings, labels, bearing_ids, machines, starts (seconds) and windows (how many a \
      row stands for); the CSV has the same as columns.

      Example: fault-diag embed recordings/ --model model.safetensors --out vectors.npz
      """)

  @Argument(help: "Folders of recordings, or single recordings.")
  var files: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A model that pretrain or fit wrote.", valueName: "file"))
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The .npz or .csv to write.", valueName: "file"))
  var out: String

  @Flag(help: "One vector a window instead of one a recording.")
  var windows = false

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Metadata") var metadata: MetadataOptions
  @OptionGroup(title: "Work") var work: WorkOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let console = output.console
    try perform(console) {
      guard let format = VectorTable.Format(rawValue: FilePath.pathExtension(of: out)) else {
        throw CommandError.unknownOutputFormat(
          path: out, known: VectorTable.Format.allCases.map { "." + $0.rawValue })
      }
      try AtomicFileWriter(path: out).discard()
      let embedder = try ModelFiles.embedder(path: model)
      let inputs = try RecordingInput.expand(files, metadata: metadata, reading: reading, console: console)
      var table = VectorTable(size: embedder.embeddingSize)
      let failures = try embed(inputs, embedder: embedder, into: &table, console: console)
      guard table.count > 0 else { throw CommandError.nothingUsable(tried: inputs.count) }
      try table.write(to: out, format: format)
      let report = EmbeddingReport(
        out: out, rows: table.count, size: table.size, recordings: inputs.count - failures, failed: failures)
      console.result(output.json ? ReportJSON.text(report) : report.text)
      if failures > 0 { throw FaultDiagExit.partialFailure }
    }
  }

  /// How many recordings failed; the error of a single one is thrown.
  private func embed(
    _ inputs: [RecordingInput], embedder: CPCEmbedder, into table: inout VectorTable, console: Console
  ) throws -> Int {
    var progress = ProgressLine(console: console)
    defer { progress.finish() }
    var failures = 0
    for (index, input) in inputs.enumerated() {
      do {
        let recording = try EmbeddedRecording(input.open(), embedder: embedder, threads: work.count)
        table.add(recording, path: input.path, eachWindow: windows)
      } catch {
        if inputs.count == 1 { throw error }
        failures += 1
        progress.finish()
        console.error("\(error)")
      }
      progress.show(
        fraction: Double(index + 1) / Double(inputs.count), "listening: \(index + 1) of \(inputs.count)")
    }
    return failures
  }
}

/// What was written.
struct EmbeddingReport: Encodable {
  var schemaVersion = 1
  var out: String
  var rows: Int
  /// Numbers a vector.
  var size: Int
  var recordings: Int
  var failed: Int

  var text: String {
    "\(Format.harmless(out)): \(Discovery.number(rows, "vector")) of \(size) numbers from "
      + Discovery.number(recordings, "recording")
  }
}
