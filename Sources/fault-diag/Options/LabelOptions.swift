import ArgumentParser
import FaultDiag
import SignalIO

/// Where labels come from.
struct LabelOptions: ParsableArguments {
  /// The places a label can be stated.
  enum Source: String, ExpressibleByArgument, CaseIterable {
    case automatic, sidecars, folders, csv
  }

  @Option(
    help: ArgumentHelp(
      "A table of labels: file,label[,bearing_id,machine,rpm,...]; stronger than side-cars.", valueName: "csv"
    ))
  var labels: String?

  @Option(
    help:
      "Labels from side-cars, the names of folders, or a CSV. Automatic: --labels or labels.csv, else side-cars, else folders."
  )
  var labelsFrom: Source = .automatic

  /// These options as they were given.
  var arguments: [String] {
    (labels.map { ["--labels", $0] } ?? [])
      + (labelsFrom == .automatic ? [] : ["--labels-from", labelsFrom.rawValue])
  }

  /// The recordings below `roots` with their labels; says where the labels came from.
  ///
  /// - Parameter required: whether it is an error that nothing has a label.
  func collection(
    _ roots: [String], flags: RecordingMetadata, required: Bool = true, console: Console
  ) throws -> RecordingCollection {
    var options = RecordingCollection.Options(flags: flags)
    options.labelTable = try table(roots)
    options.labelsFromFolders = labelsFrom == .folders
    if labelsFrom == .automatic {
      // Silent: only to see whether anything states a label.
      options.labelsFromFolders = try RecordingCollection.discover(roots: roots, options: options).labelled
        .isEmpty
    }
    let collection = try Discovery.find(roots, options: options, console: console)
    guard !collection.labelled.isEmpty else {
      if !required { return collection }
      throw FaultDiagError.noLabels(
        found: collection.recordings.count, example: collection.recordings.first?.path)
    }
    report(collection, table: options.labelTable, required: required, console: console)
    return collection
  }

  private func table(_ roots: [String]) throws -> String? {
    if let labels { return labels }
    guard labelsFrom == .csv || labelsFrom == .automatic else { return nil }
    let found = roots.map { FilePath.joined($0, "labels.csv") }.filter { FilePath.isRegularFile($0) }
    if labelsFrom == .csv && found.isEmpty { throw CommandError.noLabelTable(roots: roots) }
    guard found.count <= 1 else { throw CommandError.severalLabelTables(found) }
    return found.first
  }

  private func report(
    _ collection: RecordingCollection, table: String?, required: Bool, console: Console
  ) {
    var counts: [(place: String, count: Int)] = []
    for recording in collection.labelled {
      let place = Self.place(of: recording.metadata.label?.source, table: table)
      if let index = counts.firstIndex(where: { $0.place == place }) {
        counts[index].count += 1
      } else {
        counts.append((place, 1))
      }
    }
    let places = counts.map { "\($0.count) from \($0.place)" }.joined(separator: ", ")
    console.note("labels: \(places)")
    let without = collection.recordings.count - collection.labelled.count
    if without > 0 {
      console.note(
        Discovery.number(without, "recording") + " without a label" + (required ? ": left out" : ""))
    }
    if labelsFrom == .folders && counts.contains(where: { $0.place == Self.sideCars }) {
      console.warning("side-cars state labels too; they are stronger than the names of folders.")
    }
  }

  private static let sideCars = "side-cars"

  private static func place(of source: MetadataSource?, table: String?) -> String {
    switch source {
    case .flag: table.map(Format.harmless) ?? "the command line"
    case .sideCar: sideCars
    case .file: "the files themselves"
    case .folder(let path) where FilePath.name(of: path) == "fault-diag.toml": "fault-diag.toml"
    case .folder: "the names of folders"
    case .estimate, nil: "elsewhere"
    }
  }
}
