import Support
import Testing

@testable import CPC

@Suite struct NegativeSamplerTests {
  /// Windows 0, 2, 3 of one recording, 1 and 4 of two others.
  static let recordings = [7, 3, 7, 7, 5]

  static func draw(
    _ strategy: NegativeSampler.Strategy, _ sharing: NegativeSampler.Sharing, seed: UInt64, count: Int = 9,
    ahead: Int = 4, steps: Int = 7, threads: Int = 1
  ) -> Negatives {
    var random = RandomSource(seed: seed)
    return NegativeSampler(strategy: strategy, sharing: sharing, count: count, stepsAhead: ahead).draw(
      recordings: recordings, steps: steps, views: strategy == .corrupted ? count + 1 : 1, threads: threads,
      random: &random)
  }

  /// Each drawn position with the (window, anchor, steps ahead) it serves.
  static func uses(_ negatives: Negatives, ahead: Int) -> [(
    window: Int, anchor: Int, ahead: Int, position: Int
  )] {
    let shape = negatives.shape
    return negatives.positions.enumerated().flatMap { index, position in
      let draw = index / shape.count % shape.draws
      let anchor = index / shape.count / shape.draws % shape.anchors
      let window = index / shape.count / shape.draws / shape.anchors
      return (shape.draws == 1 ? Array(1...ahead) : [draw + 1]).map { (window, anchor, $0, Int(position)) }
    }
  }

  @Test(arguments: NegativeSampler.Strategy.allCases, NegativeSampler.Sharing.allCases)
  func thePositiveIsNeverDrawn(strategy: NegativeSampler.Strategy, sharing: NegativeSampler.Sharing) {
    for seed in UInt64(0)..<40 {
      let negatives = Self.draw(strategy, sharing, seed: seed)
      for use in Self.uses(negatives, ahead: 4) {
        #expect(
          use.position != use.window * 7 + use.anchor + use.ahead,
          "seed \(seed): window \(use.window), anchor \(use.anchor), \(use.ahead) ahead")
      }
    }
  }

  /// The smallest case: two steps and one step ahead leave exactly one candidate within the recording.
  @Test func oneCandidateIsEnough() {
    var random = RandomSource(seed: 3)
    let sampler = NegativeSampler(strategy: .withinRecording, sharing: .fresh, count: 5, stepsAhead: 1)
    let negatives = sampler.draw(recordings: [0, 1], steps: 2, random: &random)
    #expect(negatives.positions == [0, 0, 0, 0, 0, 2, 2, 2, 2, 2])
  }

  @Test(arguments: NegativeSampler.Sharing.allCases)
  func withinRecordingStaysInTheRecordingAndReachesAllOfIt(sharing: NegativeSampler.Sharing) {
    var seen = [Set<Int>](repeating: [], count: 5)
    for seed in UInt64(0)..<60 {
      for use in Self.uses(Self.draw(.withinRecording, sharing, seed: seed), ahead: 4) {
        #expect(Self.recordings[use.position / 7] == Self.recordings[use.window], "seed \(seed)")
        seen[use.window].insert(use.position)
      }
    }
    // Three windows of one recording have 21 positions, the lone ones their own 7. Where K = 4 positives are left out
    // together, steps 3 and 4 of the own window are among them for each of the anchors 0, 1 and 2.
    let hidden = sharing == .shared ? 2 : 0
    #expect(seen.map { $0.count } == [21, 7, 21, 21, 7].map { $0 - hidden })
  }

  @Test func acrossBatchIsUniformOverTheOtherPositions() {
    var counts = [Int](repeating: 0, count: 35)
    let sampler = NegativeSampler(strategy: .acrossBatch, sharing: .fresh, count: 10_000, stepsAhead: 6)
    var random = RandomSource(seed: 11)
    let negatives = sampler.draw(recordings: Self.recordings, steps: 7, random: &random)
    for use in Self.uses(negatives, ahead: 6) where use.window == 1 && use.ahead == 3 {
      counts[use.position] += 1
    }
    #expect(counts[7 + 3] == 0)
    // 10,000 draws over 34 positions: 294 each, deviation 17; five deviations.
    #expect(counts.enumerated().allSatisfy { $0 == 10 || abs($1 - 294) < 85 })
  }

  @Test func mixedIsHalfAndHalf() {
    let negatives = Self.draw(.mixed, .fresh, seed: 2, count: 9)
    for (index, position) in negatives.positions.enumerated() where index % 9 < 5 {
      let window = index / 9 / 4 / 3
      #expect(Self.recordings[Int(position) / 7] == Self.recordings[window])
    }
    let others = negatives.positions.enumerated().filter { index, position in
      Self.recordings[Int(position) / 7] != Self.recordings[index / 9 / 4 / 3]
    }
    #expect(!others.isEmpty)
  }

  @Test func corruptedNegativesAreThePositiveInEveryOtherView() {
    for use in Self.uses(Self.draw(.corrupted, .shared, seed: 1, count: 3), ahead: 4) {
      let (view, window, step) = (use.position / 35, use.position / 7 % 5, use.position % 7)
      #expect((1...3).contains(view) && window == use.window && step == use.anchor + use.ahead)
    }
  }

  @Test(arguments: NegativeSampler.Strategy.allCases)
  func drawsDependOnTheSeedAndNotOnThreads(strategy: NegativeSampler.Strategy) {
    let one = Self.draw(strategy, .fresh, seed: 4)
    #expect(one == Self.draw(strategy, .fresh, seed: 4, threads: 3))
    if strategy != .corrupted { #expect(one != Self.draw(strategy, .fresh, seed: 5)) }
  }
}
