import SignalIO

/// How the order of a machine's recordings is known.
package enum RecordingOrder: String, Sendable, Codable, CaseIterable {
  /// Every recording says when it was made.
  case time
  /// The names end in numbers, or hold them at the same place.
  case numbering
  /// By name only, which may mean nothing.
  case none

  /// The order of recordings, oldest first, and what it rests on.
  ///
  /// Times count only where all have one: a mixture cannot be sorted. Numbers are compared as numbers, so that 9 comes
  /// before 10.
  package static func sorted(paths: [String], times: [Double?]) -> (order: [Int], basis: RecordingOrder) {
    precondition(paths.count == times.count, "\(paths.count) paths and \(times.count) times")
    let known = times.compactMap { $0 }
    let names = paths.map { NaturalName($0) }
    if known.count == paths.count, Set(known).count > 1 {
      let order = paths.indices.sorted { (known[$0], names[$0]) < (known[$1], names[$1]) }
      return (order, .time)
    }
    let order = paths.indices.sorted { names[$0] < names[$1] }
    // Numbered means: names that differ in nothing but a number.
    let isNumbered = paths.count > 1 && Set(names.map { $0.words }).count == 1 && !names[0].numbers.isEmpty
    return (order, isNumbered ? .numbering : .none)
  }
}

/// A path whose digits compare as numbers.
private struct NaturalName: Comparable {
  /// The path with every run of digits replaced by a mark.
  let words: String
  let numbers: [UInt64]
  private let path: String

  init(_ path: String) {
    self.path = path
    var words = ""
    var numbers: [UInt64] = []
    var digits = ""
    func close() {
      if !digits.isEmpty {
        words += "#"
        numbers.append(UInt64(digits) ?? .max)
        digits = ""
      }
    }
    // The extension is no part of the numbering (mp3, 7z).
    for character in FilePath.stem(of: path) {
      if character.isASCII && character.isNumber {
        digits.append(character)
      } else {
        close()
        words.append(character)
      }
    }
    close()
    self.words = words
    self.numbers = numbers
  }

  static func < (a: NaturalName, b: NaturalName) -> Bool {
    if a.words != b.words { return a.words < b.words }
    if a.numbers != b.numbers { return a.numbers.lexicographicallyPrecedes(b.numbers) }
    return a.path < b.path
  }
}
