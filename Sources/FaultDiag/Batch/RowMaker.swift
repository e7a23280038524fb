import SignalIO
import Support

/// Makes the row of one input: hashes, diagnosis, severity, action. Never throws: what goes wrong is in the row.
package struct RowMaker: Sendable {
  package var diagnoser: Diagnoser
  package var novelty: NoveltyJudge?
  package var severity: SeverityJudge
  package var actions: ActionTable
  package let settings: ReportSettings
  private let settingsHash: String

  package init(
    diagnoser: Diagnoser, novelty: NoveltyJudge? = nil, severity: SeverityJudge, actions: ActionTable,
    settings: ReportSettings
  ) {
    self.diagnoser = diagnoser
    self.novelty = novelty
    self.severity = severity
    self.actions = actions
    self.settings = settings
    settingsHash = settings.hash
  }

  /// What decides a row and is cheap to know.
  package struct Identity: Sendable, Equatable {
    package var asset: String?
    package var contentHash: String?
    /// Of the file when it was hashed; nil for what is no recording.
    package var stamp: FileStamp?
    package var settingsHash: String
    package var modelHash: String
  }

  /// Reads the file once for its hash, and whatever describes it.
  package func identity(of input: BatchInput) -> Identity {
    var facts = [settingsHash, input.path]
    var asset: String?
    var hash: String?
    var stamp: FileStamp?
    if case .recording(let flags, _) = input.kind {
      do throws(SignalIOError) {
        let found = try MetadataResolution(
          path: input.path, flags: flags, file: RecordingMetadata(), root: nil)
        asset = found.metadata.machine?.value
        // Values, where they are from, and what was odd about them: all of it stands in the diagnosis.
        facts.append(SideCar.text(found.metadata))
        facts.append(ReportJSON.text(MetadataEntry.entries(found.metadata), pretty: false))
        facts += found.warnings.map { "\($0)" }
      } catch {
        facts.append(error.description)
      }
      stamp = FileStamp(input.path)
      hash = ContentHash.sha256(ofFile: input.path)
    }
    return Identity(
      asset: asset, contentHash: hash, stamp: stamp,
      settingsHash: ContentHash.sha256(Array(facts.joined(separator: "\n").utf8)),
      modelHash: settings.model.hash)
  }

  /// The row of an input whose identity is known.
  package func row(for input: BatchInput, _ identity: Identity) -> ReportRow {
    func row(_ status: ReportRow.Status, _ reason: String, _ advice: Advice) -> ReportRow {
      ReportRow(
        path: input.path, asset: identity.asset, status: status, reason: reason,
        contentHash: identity.contentHash, settingsHash: identity.settingsHash,
        modelHash: identity.modelHash, advice: advice)
    }
    switch input.kind {
    case .skipped(let reason): return row(.skipped, reason, .none)
    case .failed(let reason): return row(.failed, reason, actions.aboutFailure)
    case .recording(let flags, let options):
      let open = { () throws(SignalIOError) -> RecordingSource in
        try RecordingSource.open(path: input.path, flags: flags, options: options)
      }
      do throws(FaultDiagError) {
        return try diagnosed(input, identity, open)
      } catch {
        return row(.failed, error.description, actions.aboutFailure)
      }
    }
  }

  private func diagnosed(
    _ input: BatchInput, _ identity: Identity, _ open: () throws(SignalIOError) -> RecordingSource
  ) throws(FaultDiagError) -> ReportRow {
    let source: RecordingSource
    do throws(SignalIOError) { source = try open() } catch { throw .recording(error) }
    var diagnosis = try diagnoser.diagnose(source)
    novelty?.examine(&diagnosis, open)
    let severity = severity.verdict(
      open, channel: diagnosis.recording.channel, rpm: diagnosis.speed?.rpm)
    // A recorder may still be at work: then hash and diagnosis would be of different bytes.
    guard
      identity.stamp?.stillHolds(at: input.path) == true
        || ContentHash.sha256(ofFile: input.path) == identity.contentHash
    else {
      throw .changedWhileRead(path: input.path)
    }
    return ReportRow(
      path: input.path, asset: source.metadata.machine?.value,
      status: diagnosis.warnings.isEmpty ? .ok : .warning, reason: Self.reason(diagnosis.warnings),
      contentHash: identity.contentHash, settingsHash: identity.settingsHash,
      modelHash: identity.modelHash, diagnosis: diagnosis, severity: severity.severity,
      severityNote: severity.note,
      advice: actions.advice(diagnosis, zone: severity.severity?.zone))
  }

  /// The first warning, and how many more there are.
  private static func reason(_ warnings: [DiagnosisWarning]) -> String {
    guard let first = warnings.first else { return "" }
    return warnings.count == 1 ? first.message : "\(first.message) (and \(warnings.count - 1) more)"
  }
}
