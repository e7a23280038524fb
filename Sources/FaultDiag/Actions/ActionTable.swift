import SignalIO

/// What to do about a finding, and until when: words that a user may edit.
///
/// A table is a TOML file with a section for each finding and zone of severity; `any` holds for zones that have no
/// section of their own and where the zone is unknown:
///
///     [outer.any]
///     urgency = 2
///     action = "Plan to replace the bearing."
///     deadline = "within four weeks"
///
/// ``defaultText`` has every finding that there is.
package struct ActionTable: Sendable, Equatable {
  /// By finding, then zone or `any`.
  private var entries: [String: [String: Advice]]

  /// The table inside the program.
  package static let standard: ActionTable = {
    do {
      return try ActionTable(text: defaultText, path: "the table of actions inside the program")
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  /// Reads a table; findings and zones that it does not name keep the program's words.
  ///
  /// Throws ``FaultDiagError/badTable(_:)``.
  package init(path: String) throws(FaultDiagError) {
    do throws(SignalIOError) {
      let own = try ActionTable(text: ConfigurationFile.text(path: path), path: path)
      entries = Self.standard.entries.merging(own.entries) { standard, own in
        // A section that says `any` means it: the program's words for single zones would go against it.
        own[Self.anyZone] == nil ? standard.merging(own) { $1 } : own
      }
    } catch {
      throw .badTable(error)
    }
  }

  init(text: String, path: String) throws(SignalIOError) {
    entries = [:]
    guard case .table(let sections) = try ConfigurationFile.parse(text, format: .toml, path: path) else {
      return
    }
    for finding in sections.keys.sorted() {
      guard Self.findings.contains(finding) else {
        throw .badMetadata(
          path: path, key: finding, found: "a finding that there is not",
          expected: "one of \(Self.findings.joined(separator: ", "))")
      }
      guard case .table(let zones)? = sections[finding] else {
        throw .badMetadata(
          path: path, key: finding, found: sections[finding]?.summary ?? "nothing", expected: "a section")
      }
      for zone in zones.keys.sorted() {
        let key = "\(finding).\(zone)"
        guard zone == Self.anyZone || SeverityZone(rawValue: zone) != nil else {
          throw .badMetadata(path: path, key: key, found: "'\(zone)'", expected: "A, B, C, D or any")
        }
        entries[finding, default: [:]][zone] = try Self.advice(
          zones[zone] ?? .null, finding: finding, key: key, path: path)
      }
    }
  }

  private static func advice(
    _ value: ConfigurationValue, finding: String, key: String, path: String
  ) throws(SignalIOError) -> Advice {
    guard case .table(let words) = value, Set(words.keys).isSubset(of: ["urgency", "action", "deadline"]),
      case .number(let urgency, _)? = words["urgency"], urgency == urgency.rounded(),
      (0...4).contains(urgency),
      case .text(let action)? = words["action"], case .text(let deadline)? = words["deadline"]
    else {
      throw .badMetadata(
        path: path, key: key, found: value.summary,
        expected: "urgency (0 to 4), action and deadline (texts)")
    }
    return Advice(finding: finding, urgency: Int(urgency), action: action, deadline: deadline)
  }

  static let anyZone = "any"
  /// Of a stated fault that is none of a bearing's.
  static let otherFault = "other"
  static let failed = "failed"
  /// Every finding that a table may name.
  package static let findings =
    ["normal", "suspected", "changed", "unknown", failed, otherFault]
    + FaultFamily.allCases.map { $0.rawValue }

  /// Every word, in one text that is the same for the same table.
  package var fingerprint: String {
    entries.keys.sorted().flatMap { finding in
      let zones = entries[finding] ?? [:]
      return zones.keys.sorted().map { zone in
        let advice = zones[zone] ?? .none
        return ConfigurationValue.quoted("\(finding).\(zone)") + ConfigurationValue.quoted(advice.action)
          + ConfigurationValue.quoted(advice.deadline) + "\(advice.urgency)"
      }
    }.joined(separator: "\n")
  }

  /// What to do about a recording that could not be diagnosed.
  package var aboutFailure: Advice { advice(Self.failed, zone: nil) }

  /// What to do about a diagnosis.
  package func advice(_ diagnosis: Diagnosis, zone: SeverityZone?) -> Advice {
    advice(Self.finding(of: diagnosis), zone: zone)
  }

  private func advice(_ finding: String, zone: SeverityZone?) -> Advice {
    let section = entries[finding] ?? [:]
    guard let advice = zone.flatMap({ section[$0.rawValue] }) ?? section[Self.anyZone] else {
      preconditionFailure("the standard table has no words for \(finding)")
    }
    return advice
  }

  /// The finding that a diagnosis comes to: the stated fault, else what keeps it from being called healthy.
  static func finding(of diagnosis: Diagnosis) -> String {
    if let family = FaultFamily.named(in: diagnosis.state) { return family.rawValue }
    if diagnosis.novelty?.isAlarm == true { return "changed" }
    if diagnosis.state == JudgedRecording.unknown { return "unknown" }
    if HealthyNames.contains(diagnosis.state) { return diagnosis.suspected == nil ? "normal" : "suspected" }
    return diagnosis.state == Diagnosis.outsideHealth ? "changed" : otherFault
  }
}
