extension Diagnosis {
  /// The rows of what a healthy state says; none without one.
  func noveltyRows(_ page: inout TextPage) {
    guard let novelty else { return }
    page.section("Health", novelty.rows, paint: novelty.isAlarm ? .red : .green)
    page.section("", novelty.details)
  }
}

extension NoveltyFinding {
  /// A p-value with two digits that count.
  static func spelled(_ p: Double) -> String { Format.number(p, digits: p < 0.01 ? 4 : p < 0.1 ? 3 : 2) }

  /// The verdict in a sentence.
  var rows: [String] {
    let whose = machine == HealthyBaseline.unnamed ? "" : " of \(Format.harmless(machine))"
    let verdict = isAlarm ? "unlike the healthy recordings" : "like the healthy recordings"
    return ["\(verdict)\(whose) (p \(Self.spelled(pValue)), alarm at \(Self.spelled(alarmPValue)))"]
  }

  /// What deviates and what the p-value rests on.
  var details: [String] {
    var lines: [String] = []
    let strange = components.filter { $0.isUsed && $0.score >= 2 }
    if !strange.isEmpty {
      lines.append(
        "strangest: "
          + strange.prefix(3).map { "\($0.name.rawValue) (\(Format.fixed($0.score, digits: 1)) sd)" }
          .joined(separator: ", "))
    }
    for band in bands {
      let quantity = band.quantity == .peaks ? "peaks" : "mean"
      lines.append(
        "\(Format.number(band.lowHz, digits: 0))-\(Format.number(band.highHz, digits: 0)) Hz: \(quantity) "
          + (band.decibels < 0 ? "" : "+") + "\(Format.fixed(band.decibels, digits: 1)) dB")
    }
    if alarmPValue > falseAlarmRate + 1e-12 {
      lines.append(
        "\(calibrationItems) healthy \(unit.rawValue)s cannot hold \(Self.percent(falseAlarmRate)) false alarms; "
          + "the alarm holds \(Self.percent(alarmPValue))")
    }
    return lines
  }

  /// A rate as a percentage with the digits it needs.
  package static func percent(_ rate: Double) -> String {
    Format.number(rate * 100, digits: rate < 0.001 ? 3 : rate < 0.1 ? 1 : 0) + " %"
  }
}
