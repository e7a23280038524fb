import SignalIO
import Testing

@testable import FaultDiag

@Suite struct WindowScoreTraceTests {
  /// Half-overlapping windows of 1 s at 100 Hz.
  private let plan = WindowPlan(length: 100, hop: 50, sampleRate: 100)

  private func result(_ trace: WindowScoreTrace, _ states: [String]) -> WindowScores? {
    trace.scores(states: states, plan: plan, sampleRate: 100)
  }

  @Test func shortRecordingsKeepEveryWindow() throws {
    var trace = WindowScoreTrace()
    trace.add([0.25, 0.75], window: 0)
    trace.add([0.12345, 0.87655], window: 2)
    let scores = try #require(result(trace, ["a", "b"]))
    #expect(scores.firstSeconds == 0.5 && scores.stepSeconds == 0.5 && scores.windowsPerPoint == 1)
    #expect(scores.states.map(\.state) == ["a", "b"])
    #expect(scores.states[0].probabilities == [0.25, nil, 0.123])
    #expect(scores.states[1].probabilities == [0.75, nil, 0.877])
  }

  /// Against means of the windows of each point, taken once more from the definition.
  @Test(arguments: [100, 101, 250, 10_007]) func longOnesAverageNeighbours(count: Int) throws {
    var trace = WindowScoreTrace()
    let values = (0..<count).map { Double($0 * 37 % 101) / 100 }
    for (index, value) in values.enumerated() { trace.add([value, 1 - value], window: index) }
    let scores = try #require(result(trace, ["a", "b"]))
    let per = scores.windowsPerPoint
    let points = (count + per - 1) / per
    #expect(points <= 100 && points > (count > 100 ? 50 : 99) - 1)
    #expect(scores.states[0].probabilities.count == points)
    for (point, found) in scores.states[0].probabilities.enumerated() {
      let part = values[point * per..<min(count, (point + 1) * per)]
      let mean = part.reduce(0, +) / Double(part.count)
      #expect(abs((found ?? -1) - mean) < 6e-4, "point \(point) of \(points)")
    }
    // The middle of `per` windows, half a second apart, of 1 s each.
    #expect(abs(scores.firstSeconds - (Double(per - 1) * 0.5 + 1) / 2) < 1e-9)
    #expect(abs(scores.stepSeconds - Double(per) * 0.5) < 1e-9)
  }

  @Test func ofManyStatesTheHighestAreKept() throws {
    var trace = WindowScoreTrace()
    trace.add((0..<9).map { Double($0) / 10 }, window: 0)
    let names = (0..<9).map { "s\($0)" }
    #expect(result(trace, names)?.states.map(\.state) == Array(names.suffix(6)))
  }

  @Test func withoutAJudgementThereIsNothing() {
    #expect(result(WindowScoreTrace(), ["a"]) == nil)
  }
}
