/// The keys that side-cars, folder files and label tables may use, with what each accepts.
package enum MetadataKey: String, CaseIterable, Sendable {
  case sampleRate = "sample_rate"
  case rpm
  case tacho
  case pulsesPerTurn = "pulses_per_turn"
  case bearing
  case geometry
  case unit
  case sensitivity = "sensitivity_mv_per_g"
  case machineGroup = "machine_group"
  case mounting
  case load
  case machine
  case bearingID = "bearing_id"
  case label
  case time
  /// Anything a program wants to remember beside the recording, for instance the truth of a simulation; not interpreted.
  case facts

  /// The key for a spelling; `sample_rate_hz` and `speed_rpm` are accepted as they leave no doubt.
  package init?(spelling: String) {
    switch spelling.lowercased() {
    case "sample_rate_hz": self = .sampleRate
    case "speed_rpm": self = .rpm
    case let other: self.init(rawValue: other)
    }
  }

  /// The known key nearest to `spelling` by edit distance, if it is near enough to be a slip of the pen.
  package static func nearest(to spelling: String) -> String? {
    SpellingDistance.nearest(to: spelling.lowercased(), among: allCases.map { $0.rawValue })
  }
}

/// Suggests what a user may have meant.
package enum SpellingDistance {
  /// The first of the candidates with the least distance, when that is at most a third of its length (at least 2).
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    // A cap on the length keeps a hostile key from costing quadratic time.
    guard word.utf8.count <= 64 else { return nil }
    let scored = candidates.map { (distance: between(word, $0), candidate: $0) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.candidate.utf8.count / 3) ? best.candidate : nil
  }

  /// Levenshtein distance on bytes: the fewest insertions, deletions and replacements from `a` to `b`.
  package static func between(_ a: String, _ b: String) -> Int {
    let b = Array(b.utf8)
    var row = Array(0...b.count)
    for (i, x) in a.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
