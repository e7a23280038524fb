import NeuralNet
import Support
import Testing

@testable import FaultDiag

@Suite struct BalancedSamplerTests {
  @Test func classesComeEquallyOftenAndViewsAreDistinct() {
    let classes = [Int](repeating: 0, count: 90) + [Int](repeating: 1, count: 10)
    let recordings = (0..<90).map { $0 / 30 } + [Int](repeating: 3, count: 10)
    let sampler = BalancedSampler(classes: classes, recordings: recordings)
    var random = RandomSource(seed: 6)
    var ofRareClass = 0
    for _ in 0..<2000 {
      let rows = sampler.draw(views: 3, &random)
      #expect(Set(rows).count == 3)
      #expect(Set(rows.map { recordings[$0] }).count == 1)
      if classes[rows[0]] == 1 { ofRareClass += 1 }
    }
    #expect(abs(ofRareClass - 1000) < 100)
  }

  @Test func aSingleWindowIsRepeated() {
    let sampler = BalancedSampler(classes: [4], recordings: [9])
    var random = RandomSource(seed: 6)
    #expect(sampler.draw(views: 3, &random) == [0, 0, 0])
  }

  @Test func restrictionKeepsTheRowsOfItsRecordings() {
    let data = LabelledEmbeddings(
      embeddings: Tensor([1, 2, 3, 4], shape: [4, 1]), classes: [0, 0, 1, 1], recordings: [7, 8, 8, 9])
    let kept = data.restricted(to: [8])
    #expect(kept.embeddings.storage == [2, 3] && kept.classes == [0, 1] && kept.recordings == [8, 8])
  }
}
