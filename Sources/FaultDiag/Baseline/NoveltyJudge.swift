import SignalIO

/// Adds to diagnoses how unlike the machine's healthy recordings a recording is.
package struct NoveltyJudge: Sendable {
  package let baseline: HealthyBaseline
  private let listener: BaselineListener

  package init(_ baseline: HealthyBaseline, threads: Int) throws(FaultDiagError) {
    self.baseline = baseline
    listener = try baseline.listener(threads: threads)
  }

  /// What the healthy state says of a recording; its stream is read to the end.
  ///
  /// - Throws: ``FaultDiagError/noSuchMachine(wanted:known:)`` and what
  ///   ``BaselineListener/items(of:)`` throws.
  package func finding(_ source: RecordingSource) throws(FaultDiagError) -> NoveltyFinding {
    let machine = try baseline.machine(named: source.metadata.machine?.value)
    return baseline.finding(try listener.items(of: source), machine: machine)
  }

  /// Adds the finding to a diagnosis; what stands in its way becomes a warning, as the rest of the diagnosis holds.
  package func examine(
    _ diagnosis: inout Diagnosis, _ open: () throws(SignalIOError) -> RecordingSource
  ) {
    do throws(FaultDiagError) {
      let source: RecordingSource
      do throws(SignalIOError) { source = try open() } catch { throw .recording(error) }
      diagnosis.add(try finding(source))
    } catch {
      diagnosis.warnings.append(.noNovelty(error))
    }
  }
}

extension Diagnosis {
  /// The state of a recording within its machine's healthy state, and of one outside of it, where nothing else is known.
  package static let withinHealth = "normal"
  package static let outsideHealth = "changed"

  /// Takes up what a healthy state says.
  ///
  /// Where no model could judge, it is the verdict: `changed` on an alarm, else `normal`. The probability is then the
  /// confidence of the conformal test: one less the p-value of an alarm, or one less the p-value that an alarm needs.
  mutating func add(_ finding: NoveltyFinding) {
    novelty = finding
    guard state != JudgedRecording.unknown else {
      state = finding.isAlarm ? Self.outsideHealth : Self.withinHealth
      probability = 1 - (finding.isAlarm ? finding.pValue : finding.alarmPValue)
      return
    }
    if HealthyNames.contains(state) == finding.isAlarm {
      warnings.append(.disagreement(of: state, with: finding))
    }
  }
}

extension DiagnosisWarning {
  static func noNovelty(_ error: FaultDiagError) -> DiagnosisWarning {
    DiagnosisWarning(
      kind: "no_novelty", message: "the recording could not be compared with the healthy state: \(error)",
      advice: "Record as the healthy recordings were, or make a healthy state of this machine.")
  }

  static func disagreement(of state: String, with finding: NoveltyFinding) -> DiagnosisWarning {
    let p = NoveltyFinding.spelled(finding.pValue)
    return DiagnosisWarning(
      kind: finding.isAlarm ? "novel" : "not_novel",
      message: finding.isAlarm
        ? "learned: \(state), but unlike the healthy recordings of this machine (p \(p))"
        : "learned: \(state), but within the healthy state of this machine (p \(p))",
      advice: finding.isAlarm
        ? "Something changed that the model does not know; look at the bands that differ."
        : "The machine sounds as it did; check that the healthy state was learnt from a healthy machine.")
  }
}
