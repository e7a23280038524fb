/// What the doctor says of a collection: what there is, what could be found out with it, and what is wrong.
package struct Checkup: Sendable, Equatable, Codable {
  package var schemaVersion = 1
  package var recordings: Int
  package var seconds: Double
  package var machines: [String]
  package var bearings: Int
  package var states: [State]
  package var sampleRates: [Double]
  package var capabilities: [Capability]
  /// Worst first.
  package var findings: [CheckupFinding]

  package struct State: Sendable, Equatable, Codable {
    package var name: String
    package var recordings: Int
    /// Physical bearings (else machines); nil where some recording states neither.
    package var bearings: Int?
    package var seconds: Double
  }

  package init(_ survey: Survey) {
    recordings = survey.recordings.count
    seconds = survey.seconds
    machines = Set(survey.recordings.compactMap { $0.metadata.machine?.value }).sorted()
    bearings = Set(survey.recordings.compactMap { $0.metadata.bearingID?.value }).count
    states = survey.labels.map { label in
      let own = survey.recordings.filter { $0.label == label }
      return State(
        name: label, recordings: own.count,
        bearings: own.contains { $0.identity == nil } ? nil : survey.groups(labelled: label).count,
        seconds: own.reduce(0) { $0 + $1.seconds })
    }
    sampleRates = Set(survey.recordings.map(\.sampleRate)).sorted()
    capabilities = Capability.all(survey)
    let found = CheckupRules.all.flatMap { $0.findings(survey) }
    // Rules keep their order within a severity.
    findings = CheckupFinding.Severity.allCases.reversed().flatMap { severity in
      found.filter { $0.severity == severity }
    }
  }

  package var worst: CheckupFinding.Severity? { findings.first?.severity }
}

// MARK: - Text

extension Checkup {
  package func text(_ style: TextStyle = TextStyle()) -> String {
    var page = TextPage(style: style)
    page.line(style.paint(inventory, .bold))
    if !states.isEmpty {
      page.section(
        "States",
        states.map { state in
          "\(Format.harmless(state.name)): \(CheckupWords.number(state.recordings, "recording"))"
            + (state.bearings.map { " of \(CheckupWords.number($0, "bearing"))" } ?? "")
            + ", \(CheckupWords.duration(state.seconds))"
        })
    }
    page.section("Rates", [sampleRates.map { CheckupWords.hertz($0) }.joined(separator: ", ")])
    page.blank()
    page.line(style.paint("What can be found out with these", .bold))
    for capability in capabilities { row(capability, &page) }
    page.blank()
    page.line(style.paint(findings.isEmpty ? "Nothing stands in the way" : "What to mind", .bold))
    for finding in findings { row(finding, &page) }
    return page.text
  }

  private var inventory: String {
    var parts = [CheckupWords.number(recordings, "recording"), CheckupWords.duration(seconds)]
    if !machines.isEmpty { parts.append(CheckupWords.number(machines.count, "machine")) }
    if bearings > 0 { parts.append(CheckupWords.number(bearings, "bearing")) }
    return parts.joined(separator: ", ")
  }

  private func row(_ capability: Capability, _ page: inout TextPage) {
    let paint: TextStyle.Paint =
      switch capability.extent {
      case .yes: .green
      case .partly: .yellow
      case .no: .red
      }
    page.section(capability.extent.rawValue, [capability.title], headingPaint: paint)
    if !capability.reason.isEmpty { page.section("", [Format.harmless(capability.reason)], paint: .dim) }
  }

  /// Paths shown to people; JSON has all.
  private static let pathLimit = 3

  private func row(_ finding: CheckupFinding, _ page: inout TextPage) {
    let paint: TextStyle.Paint? =
      switch finding.severity {
      case .problem: .red
      case .warning: .yellow
      case .note: nil
      }
    page.section(finding.severity.rawValue, [Format.harmless(finding.message)], headingPaint: paint)
    page.section("", [Format.harmless(finding.advice)])
    // All of them, or none in particular: no need to name any.
    guard !finding.recordings.isEmpty, finding.recordings.count < recordings else { return }
    let shown = finding.recordings.prefix(Self.pathLimit).map(Format.harmless)
    let rest = finding.recordings.count - shown.count
    page.section(
      "", [shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")], paint: .dim)
  }
}
