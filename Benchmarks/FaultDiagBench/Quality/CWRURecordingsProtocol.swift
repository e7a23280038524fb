import FaultDiag
import SignalIO
import Support

/// Protocol P3: the 60 drive-end recordings of CWRU and its normal ones, diagnosed as the command line would.
struct CWRURecordingsProtocol: QualityProtocol {
  static let name = "p3"
  static let title = "CWRU, whole recordings, no training on them"

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let diagnoser = context.model.diagnoser(AlignedModel.embeddedIdentity, threads: context.threads)
    let result = try CWRURecordings.evaluate(diagnoser, folder: context.data.folder)
    let wrong = result.outcomes.filter { !$0.isRight }.map {
      "\($0.file) \($0.fault)>\($0.ranking.first ?? "-")"
    }
    print("ranked first: \(result.right) of \(result.outcomes.count); stated: \(result.namedRight)")
    for fault in [FaultFamily.inner, .outer, .ball] {
      let (right, of) = result.right(of: fault)
      print("  " + fault.rawValue.rightPadded(6) + " \(right) of \(of)")
    }
    print("wrong: \(wrong.joined(separator: ", "))")
    let judged = result.normals.count - result.refused
    print("alarms on normal recordings: \(result.alarms) of \(judged); \(result.refused) too short to judge")
    for normal in result.normals where normal.isAlarm { print("  \(normal.name): \(normal.state ?? "")") }
    return QualityOutcome(
      figures: [
        Figure(name: "p3_top1_of_60", value: Double(result.right), goal: .atLeast(53)),
        Figure(name: "p3_normal_alarms", value: Double(result.alarms), goal: .atMost(0)),
      ], details: result)
  }
}
