/// One thing that a checkup has to say.
package struct CheckupFinding: Sendable, Equatable, Codable {
  package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    /// Worth knowing.
    case note
    /// Results will suffer, or look better than they are.
    case warning
    /// Something that was asked for cannot work.
    case problem

    private var rank: Int { self == .note ? 0 : self == .warning ? 1 : 2 }
    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
  }

  /// Name of the rule, for programs.
  package var rule: String
  package var severity: Severity
  package var message: String
  /// What to do about it.
  package var advice: String
  /// The recordings concerned; empty for the whole collection.
  package var recordings: [String]

  package init(
    _ severity: Severity, rule: String, _ message: String, advice: String,
    recordings: [SurveyedRecording] = []
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.advice = advice
    self.recordings = recordings.map(\.path)
  }
}

/// Looks for one kind of trouble. A new one is a file in `Rules/` and a line in ``CheckupRules``.
package protocol CheckupRule: Sendable {
  /// A short word for programs, for instance `sample_rate`.
  static var name: String { get }
  static func findings(_ survey: Survey) -> [CheckupFinding]
}

package enum CheckupRules {
  package static let all: [any CheckupRule.Type] = [
    ReadabilityRule.self, QualityRule.self, SampleRateRule.self, LengthRule.self, SpeedRule.self,
    BearingRule.self, UnitRule.self, LabelRule.self, HealthyRule.self, DuplicateRule.self,
    ConditionLeakRule.self, LevelLeakRule.self,
  ]
}

extension CheckupRule {
  static func finding(
    _ severity: CheckupFinding.Severity, _ message: String, advice: String,
    recordings: [SurveyedRecording] = []
  ) -> CheckupFinding {
    CheckupFinding(severity, rule: name, message, advice: advice, recordings: recordings)
  }
}

/// Words that several rules use.
enum CheckupWords {
  /// `all 12 recordings`, `3 of 12 recordings`, `the recording`.
  static func share(_ count: Int, of total: Int) -> String {
    if count == total { return total == 1 ? "the recording" : "all \(total) recordings" }
    return "\(count) of \(number(total, "recording"))"
  }

  /// `1 bearing`, `2 bearings`.
  static func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// `12 s`, `4.5 min`, `3.2 h`.
  static func duration(_ seconds: Double) -> String {
    if seconds < 120 { return Format.number(seconds, digits: 1) + " s" }
    if seconds < 7200 { return Format.number(seconds / 60, digits: 1) + " min" }
    return Format.number(seconds / 3600, digits: 1) + " h"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  static func hertz(_ value: Double) -> String { Format.number(value, digits: 1) + " Hz" }
}
