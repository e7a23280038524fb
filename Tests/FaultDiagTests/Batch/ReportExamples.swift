import Support

@testable import FaultDiag

/// Rows as a report may have them.
enum ReportExamples {
  static func row(
    _ path: String, state: String? = "normal", probability: Double = 0.9, asset: String? = nil,
    status: ReportRow.Status = .ok, reason: String = "", velocity: Double? = nil, zone: SeverityZone? = nil
  ) -> ReportRow {
    let diagnosis = state.map { state in
      Diagnosis(
        recording: DiagnosedRecording(
          path: path, format: "WAV", channel: "1", channelCount: 1, sampleRate: 12_000, seconds: 10),
        probabilities: [StateProbability(state: state, probability: probability)],
        windows: WindowAgreement(agreeing: 1, total: 1), model: ModelIdentity(name: "m", hash: "0"))
    }
    return ReportRow(
      path: path, asset: asset, status: status, reason: reason, contentHash: "c", settingsHash: "s",
      modelHash: "m", diagnosis: diagnosis,
      severity: velocity.map { VibrationSeverity(velocity: $0, zone: zone) },
      advice: diagnosis.map { ActionTable.standard.advice($0, zone: zone) }
        ?? (status == .failed ? ActionTable.standard.aboutFailure : .none))
  }

  static func entries(_ rows: [ReportRow]) -> [ReportEntry] {
    rows.map { ReportEntry($0, at: RecordLog.Place(offset: 0, length: 0)) }.sorted(by: ReportEntry.isBefore)
  }
}
