/// A bearing's name as people write it, compared with the bare designation of a catalogue entry.
struct BearingDesignation {
  /// Upper case, without the maker's name in front.
  private let text: [Character]
  /// The same without separators.
  private let parts: [Character]

  /// Makers whose name may stand before a designation, with or without a space.
  private static let makers = [
    "SKF", "FAG", "INA", "NSK", "NTN", "SNR", "NACHI", "KOYO", "TIMKEN", "FAFNIR", "REXNORD", "LDK", "ZWZ",
    "HRB", "LYC",
    "NKE", "RHP", "MRC", "NICE", "MB", "URB", "ZKL", "FLT", "GPZ", "SCHAEFFLER", "BEARING",
  ]

  init(_ name: String) {
    var rest = Substring(name.uppercased())
    // Repeated, because people write "Fafnir (Timken) 205K".
    while true {
      rest = rest.drop { !Self.isPart($0) }
      guard let maker = Self.makers.first(where: { Self.isMaker($0, before: rest) }) else { break }
      rest = rest.dropFirst(maker.count)
    }
    text = Array(rest)
    parts = text.filter(Self.isPart)
  }

  /// Whether this is `key` with nothing but a suffix behind it.
  ///
  /// A separator may stand between letters and digits (`NU 205`, `ER-16K`). What follows must not continue the
  /// number, except for the seal suffixes that begin with a 2 (`62052RS`).
  func matches(_ key: String) -> Bool {
    guard let end = consumed(Array(key.uppercased())) else { return false }
    let suffix = text[end...]
    guard let next = suffix.first, next.isNumber else { return true }
    return ["2RS", "2Z", "2RZ", "2LS"].contains { suffix.starts(with: $0) } && key.last?.isNumber == true
  }

  /// Edits (insertion, deletion, replacement) between `key` and this name, both without separators; nil if there are more
  /// than `limit`.
  ///
  /// Source: Wagner and Fischer, "The string-to-string correction problem", Journal of the ACM 21, 1974.
  func distance(to key: String, atMost limit: Int) -> Int? {
    let (a, b) = (parts, key.uppercased().filter(Self.isPart))
    // Every character too many is an edit, so a long name costs nothing.
    guard abs(a.count - b.count) <= limit else { return nil }
    var row = Array(0...a.count)
    for (j, right) in b.enumerated() {
      var diagonal = row[0]
      row[0] = j + 1
      for (i, left) in a.enumerated() {
        let replaced = diagonal + (left == right ? 0 : 1)
        diagonal = row[i + 1]
        row[i + 1] = min(replaced, row[i] + 1, diagonal + 1)
      }
    }
    return row[a.count] <= limit ? row[a.count] : nil
  }

  /// How many characters of this name `key` takes from its beginning; nil if it does not stand there.
  private func consumed(_ key: [Character]) -> Int? {
    var position = 0
    for (i, wanted) in key.enumerated() where Self.isPart(wanted) {
      let mayJump = i > 0 && key[i - 1].isNumber != wanted.isNumber
      while mayJump, position < text.count, !Self.isPart(text[position]) { position += 1 }
      guard position < text.count, text[position] == wanted else { return nil }
      position += 1
    }
    return position
  }

  private static func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// A maker's name counts only before a separator or a digit, so that the bearing called NICE stays itself and
  /// `MBX1` does not lose its `MB`.
  private static func isMaker(_ maker: String, before name: Substring) -> Bool {
    guard name.hasPrefix(maker), let next = name.dropFirst(maker.count).first else { return false }
    return (!isPart(next) || next.isNumber) && name.dropFirst(maker.count).contains(where: { $0.isNumber })
  }
}
