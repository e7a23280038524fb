import FaultDiag
import SignalIO

/// Walks folders for recordings and says what was found and what was skipped.
enum Discovery {
  /// What lies below `roots`; folders without any recording are an error.
  static func find(
    _ roots: [String], options: RecordingCollection.Options, console: Console
  ) throws -> RecordingCollection {
    let collection = try RecordingCollection.discover(roots: roots, options: options)
    guard !collection.recordings.isEmpty else {
      throw CommandError.noRecordings(roots: roots, skipped: collection.skipped)
    }
    report(collection, roots: roots, console: console)
    return collection
  }

  private static func report(_ collection: RecordingCollection, roots: [String], console: Console) {
    let formats = counted(collection.recordings.map { $0.format })
    console.note(
      "found \(number(collection.recordings.count, "recording")) in "
        + roots.map(Format.harmless).joined(separator: ", ") + ": \(formats)")
    for warning in collection.warnings { console.warning(Format.harmless("\(warning)")) }
    reportSkipped(collection.skipped, console: console)
  }

  /// Names a few and counts the rest; all of them with `--verbose`.
  private static func reportSkipped(_ skipped: [SkippedFile], console: Console) {
    guard !skipped.isEmpty else { return }
    console.note("skipped \(number(skipped.count, "file")): " + counted(skipped.map { $0.reason.word }))
    let shown = console.verbosity >= .verbose ? skipped.count : skipped.count <= 4 ? 4 : 3
    for file in skipped.prefix(shown) { console.note("  " + Format.harmless("\(file)")) }
    if skipped.count > shown { console.note("  and \(skipped.count - shown) more (--verbose names all)") }
  }

  /// `12 WAV, 3 FLAC`: each word with how often it occurs, in the order of first occurrence.
  private static func counted(_ words: [String]) -> String {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for word in words {
      if counts[word] == nil { order.append(word) }
      counts[word, default: 0] += 1
    }
    return order.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
  }

  /// `1 file`, `2 files`.
  static func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension SkippedFile.Reason {
  /// The reason in a word or two, for counting.
  fileprivate var word: String {
    switch self {
    case .empty: "empty"
    case .notARecording, .textWithoutNumbers: "not a recording"
    case .unreadable: "unreadable"
    case .badMetadata: "with unusable metadata"
    case .sameAs: "seen under another name"
    case .leadsOutside: "a link out of the folder"
    case .notAFile: "not a file"
    case .tooDeep: "too deep"
    }
  }
}
