import SignalIO

extension Diagnosis {
  /// The diagnosis for a terminal: the verdict first, then why, then what weakens it.
  package func text(_ style: TextStyle = TextStyle()) -> String {
    var page = TextPage(style: style)
    page.line(style.paint(TextStyle.shortened(Format.harmless(recording.path), style.width), .bold))
    page.line(style.paint(TextStyle.shortened(recording.summary, style.width - 2), .dim), indent: 2)
    page.blank()
    verdict(&page)
    noveltyRows(&page)
    referenceRows(&page)
    evidenceRows(&page)
    blindRows(&page)
    page.section("Quality", quality.map { Format.harmless($0.message) })
    page.section(
      "Metadata", metadata.map { Format.harmless("\($0.name) \($0.value) (\($0.source))") })
    warningRows(&page)
    page.section("Model", [Format.harmless("\(model.name) \(model.hash.prefix(12))")])
    return page.text
  }

  private func verdict(_ page: inout TextPage) {
    let style = page.style
    let states = [StateProbability(state: state, probability: probability)] + alternatives
    let shown = states.prefix(5)
    let nameColumns = min(max(shown.map { Format.harmless($0.state).count }.max() ?? 0, 10), style.width - 22)
    for (rank, entry) in shown.enumerated() {
      let name = TextStyle.padded(TextStyle.shortened(Format.harmless(entry.state), nameColumns), nameColumns)
      // A model that cannot judge has no probability to state.
      let isStated = entry.state != JudgedRecording.unknown || entry.probability > 0
      let share = TextStyle.padded(isStated ? Format.percent(entry.probability) : "", 6, right: true)
      let bar = TextStyle.bar(entry.probability, columns: min(24, style.width - nameColumns - 12))
      let row = "\(name)  \(share)  "
      if rank == 0 {
        let tint: TextStyle.Paint =
          suspected != nil || state == JudgedRecording.unknown
          ? .yellow : HealthyNames.contains(state) ? .green : .red
        page.line(style.paint(row, .bold, tint) + style.paint(bar, tint), indent: 2)
      } else {
        page.line(row + style.paint(bar, .dim), indent: 2)
      }
    }
    if states.count > shown.count { page.line("and \(states.count - shown.count) less likely", indent: 2) }
    page.blank()
    let (noun, verb) = windows.total == 1 ? ("window", "agrees") : ("windows", "agree")
    page.section(
      "Windows",
      [
        state == JudgedRecording.unknown
          ? "\(windows.total) \(noun) heard" : "\(windows.agreeing) of \(windows.total) \(noun) \(verb)"
      ])
    judgementRows(&page)
    if let resampling {
      page.section(
        "Rate",
        [
          "resampled from \(Format.number(resampling.from, digits: 2)) Hz to the model's "
            + "\(Format.number(resampling.to, digits: 2)) Hz"
        ])
    }
  }

  /// What the networks say alone, where that differs; and what cannot be excluded, where that is more than one state.
  private func judgementRows(_ page: inout TextPage) {
    if let own = learned?.first {
      let stated = ([StateProbability(state: state, probability: probability)] + alternatives)
        .first { $0.state == own.state }
      if own.state != state || abs(own.probability - (stated?.probability ?? 0)) >= 0.1 {
        page.section(
          "Learned", ["\(Format.harmless(own.state)) \(Format.percent(own.probability)) without the lines"])
      }
    }
    if let predictionSet, predictionSet.states.count > 1 {
      let names = predictionSet.states.map { Format.harmless($0) }
      page.section(
        "At \(Format.percent(predictionSet.coverage))",
        [names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")])
    }
  }

  private func referenceRows(_ page: inout TextPage) {
    let columns = page.columns - 7
    page.section(
      "Nearest",
      references.map { reference in
        let label = " (\(Format.harmless(reference.label)))"
        return TextStyle.padded(Format.fixed(reference.distance, digits: 2), 5, right: true) + "  "
          + TextStyle.shortened(Format.harmless(reference.recording), max(columns - label.count, 5)) + label
      }, wrap: false)
  }

  private func warningRows(_ page: inout TextPage) {
    for (index, warning) in warnings.enumerated() {
      page.section(index == 0 ? "Warnings" : "", [Format.harmless(warning.message)], paint: .yellow)
      page.section("", [Format.harmless(warning.advice)])
    }
  }
}

extension DiagnosedRecording {
  /// One line: length, rate, channels, format.
  package var summary: String {
    let channels = channelCount == 1 ? "1 channel" : "channel \(channel) of \(channelCount)"
    return Format.harmless(
      "\(Format.number(seconds, digits: 1)) s at \(Format.number(sampleRate, digits: 2)) Hz, \(channels), \(format)"
    )
  }
}

/// Names under which people file a machine without a fault.
package enum HealthyNames {
  package static func contains(_ state: String) -> Bool {
    ["normal", "healthy", "good", "ok", "baseline", "no fault"].contains(state.lowercased())
  }
}

/// Lines with a column of headings at the left.
package struct TextPage {
  static let headingColumns = 12
  package let style: TextStyle
  package private(set) var text = ""

  package init(style: TextStyle) { self.style = style }

  /// Columns right of the headings.
  package var columns: Int { style.width - Self.headingColumns }

  package mutating func line(_ content: String, indent: Int = 0) {
    var padded = String(repeating: " ", count: indent) + content
    while padded.hasSuffix(" ") { padded.removeLast() }
    text += padded + "\n"
  }

  package mutating func blank() { text += "\n" }

  /// Rows beside a heading, which stands on the first; nothing when there are no rows.
  package mutating func section(
    _ heading: String, _ rows: [String], wrap: Bool = true, paint: TextStyle.Paint? = nil,
    headingPaint: TextStyle.Paint? = nil
  ) {
    var lines: [String] = []
    for row in rows { lines += wrap ? TextStyle.wrapped(row, columns: columns) : [row] }
    for (index, row) in lines.enumerated() {
      let head = index == 0 && !heading.isEmpty ? "  " + heading : ""
      line(
        style.paint(TextStyle.padded(head, Self.headingColumns), headingPaint ?? .dim)
          + (paint.map { style.paint(row, $0) } ?? row))
    }
  }
}
