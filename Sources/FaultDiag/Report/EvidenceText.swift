import SignalIO

/// What physics says, for a terminal.
extension Diagnosis {
  /// A row for each family; a family whose lines are present tells more in the rows below it.
  func evidenceRows(_ page: inout TextPage) {
    page.section(
      "Evidence",
      evidence.flatMap { finding in
        let row = finding.row
        let fitting = row.count <= page.columns ? row : String(row.prefix(26))
        guard finding.isPresent else { return [fitting] }
        return [page.style.paint(fitting, .bold)]
          + TextStyle.wrapped(finding.details, columns: page.columns - 2).map { "  " + $0 }
      }, wrap: false)
  }

  /// What the recording shows of itself, where the bearing's lines have no known place.
  func blindRows(_ page: inout TextPage) {
    guard let blind else { return }
    page.section(
      "Signal",
      [
        "kurtosis \(Format.fixed(blind.kurtosis, digits: 1)) (noise has 0), crest factor "
          + "\(Format.fixed(blind.crestFactor, digits: 1))"
      ])
    guard !blind.repetitions.isEmpty else {
      page.section("Repeats", ["nothing repeats clearly from 2.5 to 400 Hz"])
      return
    }
    for (index, repetition) in blind.repetitions.enumerated() {
      let head = index == 0 ? "Repeats" : ""
      let row = repetition.row
      page.section(head, [index == 0 && repetition.cause != .mains ? page.style.paint(row, .bold) : row])
      for detail in repetition.details {
        page.section(
          "", TextStyle.wrapped(detail, columns: page.columns - 2).map { "  " + $0 }, wrap: false)
      }
    }
  }
}

extension Evidence {
  /// Family, frequency, level and expectation in one line.
  var row: String {
    TextStyle.padded(family.rawValue, 6)
      + TextStyle.padded(Format.fixed(foundHz, digits: 1), 7, right: true) + " Hz "
      + TextStyle.padded(Format.decibels(decibels), 9, right: true)
      + "  expected \(Format.fixed(expectedHz, digits: 1)) Hz, \(Format.fixed(expectedOrder, digits: 3)) x shaft"
  }

  /// Harmonics, sidebands, band and slip.
  var details: String {
    var parts: [String] = []
    if !harmonicDecibels.isEmpty {
      let levels = harmonicDecibels.map { Format.decibels($0, digits: 0, unit: false) }.joined(separator: " ")
      parts.append("\(levels) dB" + (band.map { " in \($0.text)" } ?? ""))
    }
    if let sidebandDecibels { parts.append("sidebands \(Format.decibels(sidebandDecibels, digits: 0))") }
    parts.append("slip \(Format.fixed(100 * slip, digits: 1)) %")
    return parts.joined(separator: ", ")
  }
}

extension Repetition {
  /// For instance `162.2 Hz, 5 lines of +9.1 dB in 2250-3250 Hz`.
  var row: String {
    "\(Format.fixed(hertz, digits: 1)) Hz, \(harmonics) \(harmonics == 1 ? "line" : "lines") of "
      + "\(Format.decibels(decibels)) in \(band.text)"
  }

  /// What the rate may mean.
  var details: [String] {
    let multiple = order.map { "\(Format.fixed($0, digits: 3)) x shaft" }
    switch cause {
    case .shaft: return ["\(multiple ?? ""), a whole number: the shaft's own"]
    case .mains: return ["\(multiple.map { $0 + ", and" } ?? "may be") the electrical supply's rate"]
    case .unknown: return []
    case .bearing:
      return ["\(multiple ?? ""), not a whole number: a bearing may do that"]
        + (candidates.isEmpty
          ? []
          : ["fits " + candidates.map { "\($0.family.rawValue) of \($0.bearing)" }.joined(separator: ", ")])
    }
  }
}
