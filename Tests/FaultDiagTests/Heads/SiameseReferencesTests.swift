import NeuralNet
import Testing

@testable import FaultDiag

@Suite struct SiameseReferencesTests {
  private let references = SiameseReferences(
    positions: Tensor([0, 0, 3, 4, 0, 1], shape: [3, 2]), recordings: ["a", "b", "c"], classes: [0, 1, 0])

  @Test func nearestComesFirst() {
    #expect(references.distances(to: [0, 0]) == [0, 5, 1])
    #expect(references.nearest(to: [0, 0], count: 2).map(\.index) == [0, 2])
    #expect(
      references.nearest(to: [0, 0.5], count: 3).map(\.index) == [0, 2, 1], "equal distances go by name")
  }

  @Test func aClassIsAsNearAsItsNearestReference() {
    #expect(references.logits(of: [0, 0], classCount: 2) == [0, -25])
    #expect(
      references.logits(of: [0, 0], classCount: 3) == [0, -25, -26], "a class without references comes last")
  }
}
