import Testing

@testable import SignalIO

@Suite struct FaultFrequenciesTests {
  private func isClose(_ a: FaultOrders, _ b: FaultOrders, _ tolerance: Double) -> Bool {
    FaultFamily.allCases.allSatisfy { abs(a[$0] - b[$0]) < tolerance }
  }

  /// Multipliers that Case Western Reserve University prints for its two bearings (its rolling element is 2 x BSF).
  @Test func matchesPublishedMultipliers() {
    let inch = 25.4
    let drive = BearingGeometry(elementCount: 9, elementDiameter: 0.3126 * inch, pitchDiameter: 1.537 * inch)
    let fan = BearingGeometry(elementCount: 8, elementDiameter: 0.2656 * inch, pitchDiameter: 1.122 * inch)
    #expect(
      isClose(drive.faultOrders, FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828), 2e-4)
    )
    #expect(
      isClose(fan.faultOrders, FaultOrders(outer: 3.0530, inner: 4.9469, ball: 3.9874, cage: 0.3817), 5e-4))
  }

  /// The multipliers of PRONOSTIA's bearing, computed by the data set's readers.
  @Test func matchesPronostia() {
    let geometry = BearingGeometry(elementCount: 13, elementDiameter: 3.5, pitchDiameter: 25.6)
    let expected = FaultOrders(outer: 5.6113, inner: 7.3887, ball: 2 * 3.5888, cage: 0.4316)
    #expect(isClose(geometry.faultOrders, expected, 1e-4))
  }

  @Test func contactAngleShortensTheProjection() {
    let flat = BearingGeometry(elementCount: 16, elementDiameter: 8.4, pitchDiameter: 71.5)
    var tilted = flat
    tilted.contactAngle = 60  // cos 60 degrees = 1/2
    let ratio = 8.4 / 71.5
    #expect(abs(tilted.faultOrders.outer - 8 * (1 - ratio / 2)) < 1e-12)
    #expect(abs(tilted.faultOrders.ball - (1 - ratio * ratio / 4) / ratio) < 1e-12)
  }

  /// Identities of the formulas over a grid: BPFO + BPFI = n, BPFO = n FTF, FTF < 1/2.
  @Test func identitiesHold() {
    for count in [3, 7, 13, 40] {
      for ratio in [0.02, 0.05, 0.07] {
        for angle in [0.0, 15, 40, 89] {
          let orders = BearingGeometry(
            elementCount: count, elementDiameter: ratio, pitchDiameter: 1, contactAngle: angle
          ).faultOrders
          #expect(abs(orders.outer + orders.inner - Double(count)) < 1e-12)
          #expect(abs(orders.outer - Double(count) * orders.cage) < 1e-12)
          #expect(orders.cage < 0.5 && orders.elementCount == count)
        }
      }
    }
  }

  @Test func multipliersOfATableBecomeOrders() {
    let orders = FaultOrders(bpfo: 3.568, bpfi: 5.432, bsf: 2.311)
    #expect(orders.ball == 4.622 && orders.elementCount == 9)
    #expect(abs(orders.cage - 0.3964) < 1e-4)
  }

  @Test func readsGeometryFromText() throws {
    #expect(
      try BearingGeometry(text: "9, 7.94,39.04")
        == BearingGeometry(elementCount: 9, elementDiameter: 7.94, pitchDiameter: 39.04))
    #expect(try BearingGeometry(text: "16,8.4074,71.501,15.17").contactAngle == 15.17)
  }

  @Test(arguments: [
    "", "9", "9,7.94", "9,7.94,39.04,0,1", "nine,7.94,39.04", "9.5,7.94,39.04", "9;7.94;39.04",
    "2,7.94,39.04",
    "9,0,39.04", "9,-1,39.04", "9,39.04,7.94", "9,7.94,nan", "9,inf,inf", "9,7.94,39.04,90",
    "9,7.94,39.04,-1",
    "50,7.94,39.04", "99999999999999999999,1,100",
  ]) func refusesImpossibleGeometry(text: String) {
    #expect(throws: SignalIOError.self) { try BearingGeometry(text: text) }
  }
}
