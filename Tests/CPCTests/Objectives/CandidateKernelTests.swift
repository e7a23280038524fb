import NeuralNet
import Support
import Testing

@testable import CPC

/// Predictions that share their negatives, in tiles, against the same predictions one at a time.
@Suite struct CandidateKernelTests {
  private struct Outcome {
    var loss = 0.0
    var ranks: [Int32]
    var dPredictions: [Float]
    var dLatents: Tensor<Float>
  }

  private static let latentCount = 50

  private static func outcome(
    _ predictions: Tensor<Float>, _ latents: Tensor<Float>, positives: [Int32], negatives: [Int32],
    share: Int,
    count: Int, tile: Int32
  ) -> Outcome {
    var outcome = Outcome(
      ranks: Array(repeating: -1, count: positives.count),
      dPredictions: Array(repeating: .nan, count: predictions.count), dLatents: Tensor(zeros: latents.shape))
    let rows = CandidateRows(latents)
    let dRows = CandidateRows<Float>(zeros: rows.count, size: rows.size)
    let work = Workspace<Float>(CandidateKernel.room(stride: rows.stride, negatives: count))
    CandidateKernel.rows(
      predictions.storage, rows, positives: positives, negatives: negatives, share: share, count: count,
      logNoise: nil, weight: 0.5, work: work.base, dPredictions: &outcome.dPredictions, dLatents: dRows,
      loss: &outcome.loss, ranks: &outcome.ranks, tile: tile)
    outcome.dLatents = CandidateRows.sum([dRows], shape: latents.shape, threads: 2)
    return outcome
  }

  @Test(arguments: [2, 8], [2, 3, 4, 5, 8, 11, 12]) func tilesAgreeWithRows(tile: Int32, share: Int) {
    var random = RandomSource(seed: UInt64(share))
    for (size, count) in [(1, 1), (16, 4), (31, 7), (33, 2), (128, 64)] {
      let groups = 3
      let predictions: Tensor<Float> = randomTensor([groups * share, size], seed: 1)
      let latents: Tensor<Float> = randomTensor([Self.latentCount, size], seed: 2)
      func draw(_ count: Int) -> [Int32] {
        (0..<count).map { _ in Int32(random.integer(below: Self.latentCount)) }
      }
      let (positives, negatives) = (draw(groups * share), draw(groups * count))
      let repeated = (0..<groups).flatMap { group in
        (0..<share).flatMap { _ in negatives[group * count..<(group + 1) * count] }
      }
      let tiles = Self.outcome(
        predictions, latents, positives: positives, negatives: negatives, share: share, count: count,
        tile: tile)
      let rows = Self.outcome(
        predictions, latents, positives: positives, negatives: repeated, share: 1, count: count, tile: tile)
      #expect(abs(tiles.loss - rows.loss) < 1e-5 * abs(rows.loss))
      #expect(tiles.ranks == rows.ranks)
      let scale = rows.dLatents.largestMagnitude
      #expect((tiles.dLatents - rows.dLatents).largestMagnitude < 1e-5 * scale)
      let shape = predictions.shape
      let difference = Tensor(tiles.dPredictions, shape: shape) - Tensor(rows.dPredictions, shape: shape)
      #expect(difference.largestMagnitude < 1e-5 * Tensor(rows.dPredictions, shape: shape).largestMagnitude)
    }
  }

  // Every negative counts as above a positive that is not a number, what only fills up a vector does not.
  @Test(arguments: [2, 8]) func aPositiveThatIsNoNumberRanksLast(tile: Int32) {
    var latents: Tensor<Float> = randomTensor([Self.latentCount, 20], seed: 3)
    latents.storage[0] = .nan
    let outcome = Self.outcome(
      randomTensor([3, 20], seed: 4), latents, positives: [0, 1, 2], negatives: [3, 4, 5, 6, 7], share: 3,
      count: 5, tile: tile)
    #expect(outcome.ranks[0] == 5 && outcome.ranks[1...].allSatisfy { (0...5).contains($0) })
    #expect(outcome.loss.isNaN)
  }
}
