import FaultDiag

/// Protocol P6: the first tenth of a run as its healthy state, alarms until the bearing fails.
struct RunToFailureProtocol: QualityProtocol {
  static let name = "p6"
  static let title = "run to failure (FEMTO), first tenth healthy"

  func run(_ context: QualityContext) throws -> QualityOutcome {
    var settings = BaselineSettings()
    settings.order = .time
    settings.unit = .recording
    let columns = "run".rightPadded(14)
    print(columns + "first strange  first alarm  monotonicity  trendability   (shares of life)")
    var results: [RunToFailure.Result] = []
    for run in try RunToFailure.runs(folder: context.data.folder + "/femto") {
      let result = try RunToFailure.evaluate(run, settings: settings, threads: context.threads)
      results.append(result)
      func cell(_ value: Double?, _ width: Int) -> String {
        (value.map { Format.fixed($0, digits: 3) } ?? "none").rightPadded(width)
      }
      print(
        result.name.rightPadded(14) + cell(result.firstStrange, 15) + cell(result.firstAlarm, 13)
          + cell(result.monotonicity, 14) + cell(result.trendability, 0))
    }
    return QualityOutcome(figures: figures(results), details: results)
  }

  private func figures(_ results: [RunToFailure.Result]) -> [Figure] {
    let alarms = results.compactMap { $0.firstAlarm }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    return [
      Figure(
        name: "p6_alarms_before_failure", value: Double(alarms.count { $0 < 1 }),
        goal: .atLeast(Double(max(results.count, 1)))),
      Figure(
        name: "p6_early_alarms", value: Double(alarms.count { $0 <= RunToFailure.earlyShare }),
        goal: .atMost(0)),
      Figure(name: "p6_first_alarm_life", value: mean(alarms), goal: .none),
      Figure(name: "p6_monotonicity", value: mean(results.map { $0.monotonicity }), goal: .none),
      Figure(name: "p6_trendability", value: mean(results.map { $0.trendability }), goal: .none),
    ]
  }
}
