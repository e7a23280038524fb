/// Recordings that cannot be read.
enum ReadabilityRule: CheckupRule {
  static let name = "readable"

  static func findings(_ survey: Survey) -> [CheckupFinding] {
    survey.unreadable.map { file in
      var found = finding(
        .problem, "\(file.path) cannot be used: \(file.reason)",
        advice: "Export it again, or take it out of the folder.")
      found.recordings = [file.path]
      return found
    }
  }
}
