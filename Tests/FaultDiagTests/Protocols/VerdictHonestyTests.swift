import Support
import Testing

@testable import FaultDiag

@Suite struct VerdictHonestyTests {
  /// Three families, each fault with lines of its own; calibrated and measured on different draws.
  private static func items(_ count: Int, seed: UInt64) -> (items: [VerdictScores], truth: [Int]) {
    var random = RandomSource(seed: seed)
    var truth: [Int] = []
    let items = (0..<count).map { _ in
      let state = random.integer(below: 4)
      truth.append(state)
      func value(_ family: Int, _ gain: Double) -> Double {
        (state == family + 1 ? gain : 0) + random.normal()
      }
      return VerdictScores(
        networks: (0..<3).map { value($0, 2) }, rule: (0..<3).map { value($0, 3) },
        lines: (0..<3).map { value($0, 4) })
    }
    return (items, truth)
  }

  @Test func figuresOfAnHonestCalibration() throws {
    let (items, truth) = Self.items(4000, seed: 1)
    let verdicts = VerdictCalibration(items, truth: truth)
    let (fresh, states) = Self.items(2000, seed: 2)
    let figures = VerdictHonesty.figures(verdicts, [.outer, .inner, .ball], fresh, states)
    #expect(figures.items == 2000)
    #expect(figures.accuracy > 0.85)
    #expect(figures.calibrationError < 0.03)
    // The most probable state is always in the set, so that more than nine in ten are covered where most are sure.
    #expect(figures.covered >= 0.87 && (1...1.5).contains(figures.setSize))
    #expect(figures.unknownShare < 0.05)
    #expect(Set(figures.unknownAreas.keys) == ["outer", "inner", "ball"])
    #expect(figures.meanUnknownArea > 0.9, "lines four deviations up that no table explains")
  }

  /// Scores that say nothing are no reason to be called unknown.
  @Test func linesWithoutAFaultHaveNoArea() {
    let (items, truth) = Self.items(1000, seed: 3)
    let verdicts = VerdictCalibration(items, truth: truth)
    var random = RandomSource(seed: 4)
    let blind = (0..<600).map { _ in
      VerdictScores(networks: [0, 0, 0], rule: [0, 0, 0], lines: (0..<3).map { _ in random.normal() })
    }
    let states = blind.indices.map { $0 % 4 }
    let figures = VerdictHonesty.figures(verdicts, [.outer, .inner, .ball], blind, states)
    #expect(abs(figures.meanUnknownArea - 0.5) < 0.08)
  }
}
