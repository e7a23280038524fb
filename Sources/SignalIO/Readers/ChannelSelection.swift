/// Which of a file's channels a user asked for.
///
/// A wish is matched, strongest first, as the exact name, as a 1-based number, as the name in another case, as one of
/// the name's parts between `_`, `.`, `-` and spaces (`DE` means `X105_DE_time`), as the end of the name.
package enum ChannelSelection {
  /// Indices into `names` in the order of the wishes; all of them when `wanted` is empty.
  ///
  /// - Throws: ``SignalIOError/noSuchChannel(path:wanted:available:)`` when a wish fits none, or more than one.
  package static func indices(
    of wanted: [String], in names: [String], path: String
  ) throws(SignalIOError) -> [Int] {
    if wanted.isEmpty { return Array(names.indices) }
    var chosen: [Int] = []
    for wish in wanted {
      let matches = candidates(for: wish, in: names)
      guard let index = matches.first else {
        throw .noSuchChannel(path: path, wanted: wish, available: names)
      }
      guard matches.count == 1 else {
        throw .noSuchChannel(path: path, wanted: "\(wish) alone", available: matches.map { names[$0] })
      }
      if !chosen.contains(index) { chosen.append(index) }
    }
    return chosen
  }

  /// Every index that fits the wish by the strongest rule by which any fits.
  private static func candidates(for wish: String, in names: [String]) -> [Int] {
    if let exact = names.firstIndex(of: wish) { return [exact] }
    if let number = Int(wish), names.indices.contains(number - 1) { return [number - 1] }
    let folded = wish.lowercased()
    let rules: [(String) -> Bool] = [
      { $0 == folded },
      { $0.split(whereSeparator: { "_.- ".contains($0) }).contains(Substring(folded)) },
      { $0.hasSuffix(folded) },
    ]
    for rule in rules {
      let matches = names.indices.filter { rule(names[$0].lowercased()) }
      if !matches.isEmpty { return matches }
    }
    return []
  }
}
