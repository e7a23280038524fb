/// Something about a recording that its reader noticed and that a user should know; the samples are still given.
package enum RecordingWarning: Sendable, Equatable {
  /// The file claims more than it holds: it was cut while copying or recording. What exists is read.
  case truncated(claimed: String, found: String)
  /// Channels that the file holds and that were not read, with the reason.
  case channelsLeftOut(names: [String], reason: String)
  /// The file's own time column does not advance evenly; the sample rate is its average.
  case unevenTime(column: String, detail: String)
  /// The file itself names no sample rate although its format could, or states one that was not believed.
  case doubtfulFact(name: String, detail: String)
}

extension RecordingWarning: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let claimed, let found):
      "the file is cut short: it claims \(claimed) and holds \(found); what exists is read"
    case .channelsLeftOut(let names, let reason):
      "left out \(Self.list(names)): \(reason)"
    case .unevenTime(let column, let detail):
      "time column '\(column)' is uneven: \(detail); the average rate is used"
    case .doubtfulFact(let name, let detail):
      "\(name): \(detail)"
    }
  }

  /// At most six names, so that a file with hundreds of variables stays readable.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }
}
