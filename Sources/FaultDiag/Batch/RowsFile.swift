import SignalIO
import Support

/// The rows of a batch, or of a shard of one, on disk: a line that describes the batch, then a line a row.
///
/// While a batch runs, rows are appended as they come. When it is complete, the file is replaced by one that holds the
/// current rows only, in the report's order.
///
/// Invariant of `@unchecked`: one thread writes at a time, a ``BatchRun`` under its lock; reading rows at their places changes
/// nothing and is done by many.
package final class RowsFile: @unchecked Sendable {
  /// The first line.
  package struct Header: Sendable, Equatable, Codable {
    package var schemaVersion = ReportRow.currentSchemaVersion
    package var settings: ReportSettings
    package var shard: Shard
    /// Rows of this shard, and of all shards.
    package var inputs: Int
    package var totalInputs: Int
    /// SHA-256 of the names of all inputs of all shards.
    package var listingHash: String
    package var isComplete: Bool

    package init(settings: ReportSettings, shard: Shard, inputs: [BatchInput], isComplete: Bool = false) {
      self.settings = settings
      self.shard = shard
      self.inputs = shard.part(of: inputs).count
      totalInputs = inputs.count
      var names = ContentHash.Stream()
      for input in inputs { names.add(Array((input.path + "\n").utf8)) }
      listingHash = names.finish()
      self.isComplete = isComplete
    }
  }

  /// Of an earlier row, what tells whether it still holds.
  private struct Done: Decodable {
    var path: String
    var status: ReportRow.Status
    var contentHash: String?
    var settingsHash: String
    var modelHash: String
  }

  package let log: RecordLog
  /// Of the last run that wrote here; nil in a new file.
  package private(set) var header: Header?
  private var earlier: [String: (done: Done, place: RecordLog.Place)] = [:]

  /// Opens the file at `path`; `keepsRows` keeps the rows that are there.
  package init(path: String, keepsRows: Bool) throws(RecordLogError) {
    log = try RecordLog(path: path, keepsContent: keepsRows)
    guard keepsRows else { return }
    log.forEachLine { place in
      // What is neither row nor header is a line that a full disk or a killed program left cut.
      if let done: Done = value(at: place) {
        if done.status == .ok || done.status == .warning { earlier[done.path] = (done, place) }
      } else if let found: Header = value(at: place) {
        header = found
      }
    }
  }

  private func value<Value: Decodable>(at place: RecordLog.Place) -> Value? {
    log.line(at: place).flatMap { try? ReportJSON.value(Value.self, from: $0) }
  }

  /// Every row, in the file's order; `file` becomes the entries' own.
  package func entries(file: Int) -> [ReportEntry] {
    var entries: [ReportEntry] = []
    log.forEachLine { place in
      if let row = row(at: place) { entries.append(ReportEntry(row, file: file, at: place)) }
    }
    return entries
  }

  package func row(at place: RecordLog.Place) -> ReportRow? { value(at: place) }

  /// A row, and its JSON as final files have it.
  func finishedRow(at place: RecordLog.Place) -> (row: ReportRow, json: String)? {
    guard let line = log.line(at: place), let row = try? ReportJSON.value(ReportRow.self, from: line) else {
      return nil
    }
    return (row, ReportRow.finished(line))
  }

  /// The place of an earlier row of the same bytes, settings and model; nil without one. Failures are tried again.
  package func place(of path: String, _ identity: RowMaker.Identity) -> RecordLog.Place? {
    guard let (done, place) = earlier[path], let hash = identity.contentHash, done.contentHash == hash,
      done.settingsHash == identity.settingsHash, done.modelHash == identity.modelHash
    else { return nil }
    return place
  }

  package func append(_ row: ReportRow) throws(RecordLogError) -> RecordLog.Place {
    try log.append(ReportJSON.text(row, pretty: false))
  }

  package func append(_ header: Header) throws(RecordLogError) {
    _ = try log.append(ReportJSON.text(header, pretty: false))
  }
}
