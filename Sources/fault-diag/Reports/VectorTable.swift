import FaultDiag
import SignalIO
import Support

/// Embeddings with what is known of the recordings they come from, one row a recording or a window.
struct VectorTable {
  /// By the ending of the file's name.
  enum Format: String, CaseIterable {
    case npz, csv
  }

  /// What stands beside a vector; unknown texts are empty.
  private struct Row {
    var recording: String
    var label: String
    var bearingID: String
    var machine: String
    /// In seconds.
    var start: Double
    /// Windows that the vector is the mean of.
    var windows: Int
  }

  /// Numbers a vector.
  let size: Int
  private var rows: [Row] = []
  private var values: [Float] = []

  init(size: Int) { self.size = size }

  var count: Int { rows.count }

  /// Adds each window's vector, or their mean.
  mutating func add(_ recording: EmbeddedRecording, path: String, eachWindow: Bool) {
    let known = recording.metadata
    var row = Row(
      recording: path, label: known.label?.value ?? "", bearingID: known.bearingID?.value ?? "",
      machine: known.machine?.value ?? "", start: recording.starts[0], windows: recording.starts.count)
    guard eachWindow else {
      rows.append(row)
      values += Self.mean(recording.embeddings.storage, size: size)
      return
    }
    row.windows = 1
    for start in recording.starts {
      row.start = start
      rows.append(row)
    }
    values += recording.embeddings.storage
  }

  private static func mean(_ values: [Float], size: Int) -> [Float] {
    let count = values.count / size
    return (0..<size).map { column in
      var sum = 0.0
      for row in 0..<count { sum += Double(values[row * size + column]) }
      return Float(sum / Double(count))
    }
  }

  func write(to path: String, format: Format) throws {
    switch format {
    case .npz: try NPZWriter.write(arrays, to: path)
    case .csv: try writeCSV(to: path)
    }
  }

  private var arrays: [(name: String, array: NPYArray)] {
    [
      ("embeddings", NPYArray(values, shape: [count, size])),
      ("recordings", NPYArray(rows.map { $0.recording })), ("labels", NPYArray(rows.map { $0.label })),
      ("bearing_ids", NPYArray(rows.map { $0.bearingID })), ("machines", NPYArray(rows.map { $0.machine })),
      ("starts", NPYArray(rows.map { $0.start })), ("windows", NPYArray(rows.map { $0.windows })),
    ]
  }

  private func writeCSV(to path: String) throws(AtomicFileError) {
    let writer = try AtomicFileWriter(path: path)
    let names =
      ["recording", "label", "bearing_id", "machine", "start", "windows"] + (0..<size).map { "e\($0)" }
    try writer.append(text: CSVText.row(names))
    for (index, row) in rows.enumerated() {
      let texts = [row.recording, row.label, row.bearingID, row.machine].map {
        CSVText.field(FaultDiag.Format.harmless($0))
      }
      let vector = values[index * size..<(index + 1) * size].map { "\($0)" }
      try writer.append(text: CSVText.row(texts + ["\(row.start)", "\(row.windows)"] + vector))
    }
    try writer.commit()
  }
}
