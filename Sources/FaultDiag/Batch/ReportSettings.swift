import Support

/// What decides the rows of a report besides the recordings: the program, its options and the files they name.
package struct ReportSettings: Sendable, Equatable, Codable {
  /// Name and version of the program.
  package var program: String
  /// The options that have a part in the rows, as on a command line; `verify` gives them again.
  package var arguments: [String]
  package var model: ModelIdentity
  /// SHA-256 of the healthy state's file.
  package var baselineHash: String?
  /// SHA-256 of the table of actions and the limits of severity.
  package var tablesHash: String

  package init(
    arguments: [String], model: ModelIdentity, baselineHash: String? = nil, actions: ActionTable,
    limits: SeverityLimits
  ) {
    program = "fault-diag \(ProgramVersion.text)"
    self.arguments = arguments
    self.model = model
    self.baselineHash = baselineHash
    tablesHash = ContentHash.sha256(Array((actions.fingerprint + "\n" + limits.fingerprint).utf8))
  }

  /// SHA-256 of all of it.
  package var hash: String { ContentHash.sha256(Array(ReportJSON.text(self, pretty: false).utf8)) }
}
