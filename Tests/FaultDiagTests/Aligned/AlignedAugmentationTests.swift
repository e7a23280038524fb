import SignalIO
import Support
import Testing

@testable import FaultDiag

@Suite struct AlignedAugmentationTests {
  private func shape(positions: Int) -> AlignedShape {
    var settings = AlignedEnvelopeSettings()
    settings.positionCount = positions
    return AlignedShape(settings)
  }

  @Test func strengthZeroIsTheIdentity() {
    var augmentation = AlignedAugmentation()
    (augmentation.axisScale, augmentation.noise, augmentation.bandDrop) = (0, 0, 0)
    var random = RandomSource(seed: 1)
    let draw = augmentation.draw(bands: 12, random: &random)
    #expect(draw.scale == 1 && draw.noise == 0 && !draw.isSilent.contains(true))
    let stretch = AxisStretch(scale: 1, shape: shape(positions: 11))
    // The last position has nothing to its right, so it is read as the right end of the one before.
    #expect(stretch.begins == [0, 10, 11] && stretch.offsets == [0, -1])
    #expect(stretch.share == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  }

  @Test(arguments: [0.985, 0.9931, 1.002, 1.015]) func positionsAreReadAtTheirMultiple(scale: Double) {
    let shape = shape(positions: 201)
    let stretch = AxisStretch(scale: scale, shape: shape)
    #expect(stretch.offsets.count <= 8, "few runs: \(stretch.offsets)")
    for run in stretch.offsets.indices {
      for p in stretch.begins[run]..<stretch.begins[run + 1] {
        let read = Double(p + stretch.offsets[run]) + Double(stretch.share[Int(p)])
        let wanted = (shape.firstStep + Double(p)) * scale - shape.firstStep
        #expect(abs(read - min(max(wanted, 0), 200)) < 1e-4)
        #expect(p + stretch.offsets[run] >= 0 && p + stretch.offsets[run] < 200)
      }
    }
  }

  @Test func bandsAreSilencedAsOftenAsAsked() {
    var random = RandomSource(seed: 4)
    let draws = (0..<500).map { _ in AlignedAugmentation().draw(bands: 12, random: &random) }
    let share = Double(draws.reduce(0) { $0 + $1.isSilent.count { $0 } }) / 6000
    #expect(abs(share - 0.3) < 0.03)
    #expect(draws.allSatisfy { abs($0.scale - 1) <= 0.015 && $0.noise >= 0 && $0.noise <= 0.3 })
  }
}
