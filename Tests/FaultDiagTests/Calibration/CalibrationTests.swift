import Support
import TestSupport
import Testing

@testable import FaultDiag

@Suite struct CalibrationTests {
  @Test func temperatureKeepsTheOrderAndTheSum() {
    let probabilities = TemperatureCalibration(temperature: 3).probabilities([2, -1, 900])
    #expect(close(probabilities.reduce(0, +), 1))
    #expect(probabilities[2] > probabilities[0] && probabilities[0] > probabilities[1])
  }

  @Test func anOversureModelIsCooledDown() {
    // Right three times of four but sure of 1 - 3e-4: the honest temperature brings 8 down to ln 3.
    let calibration = TemperatureCalibration(
      logits: [[8, 0], [8, 0], [8, 0], [8, 0]], classes: [0, 0, 0, 1])
    #expect(close(calibration.probabilities([8, 0])[0], 0.75, 1e-5))
  }

  @Test func separableItemsStayInTheSearchedRange() {
    let calibration = TemperatureCalibration(logits: [[1, 0], [0, 1]], classes: [0, 1])
    #expect(TemperatureCalibration.range.contains(calibration.temperature))
    #expect(TemperatureCalibration(logits: [], classes: []).temperature == 1)
  }

  @Test func pValuesCountTheStranger() {
    let conformal = ConformalPredictor(calibration: [3, 1, 2, .nan])
    #expect(conformal.pValue(4) == 0.25)
    #expect(conformal.pValue(2) == 0.75)
    #expect(conformal.pValue(0) == 1)
    #expect(conformal.smallestPValue == 0.25)
    #expect(ConformalPredictor(calibration: []).pValue(7) == 1)
  }

  @Test func falseAlarmsComeAtTheStatedRate() {
    var random = RandomSource(seed: 5)
    var alarms = 0
    let trials = 4000
    for _ in 0..<trials {
      let conformal = ConformalPredictor(calibration: (0..<19).map { _ in random.uniform() })
      if conformal.pValue(random.uniform()) <= 0.1 { alarms += 1 }
    }
    // Exactly 10% in expectation; three standard deviations are 1.4 points.
    #expect(abs(Double(alarms) / Double(trials) - 0.1) < 0.015)
  }

  @Test func setsCoverTheTruthAtTheChosenRate() {
    let conformal = ConformalPredictor(calibration: (1...99).map { Double($0) / 100 })
    #expect(conformal.threshold(coverage: 0.9) == 0.9)
    #expect(conformal.threshold(coverage: 0.99) == 0.99)
    #expect(ConformalPredictor(calibration: [0.1]).threshold(coverage: 0.9) == .infinity)
    #expect(conformal.predictionSet(probabilities: [0.7, 0.25, 0.05], coverage: 0.8) == [0, 1])
    #expect(conformal.predictionSet(probabilities: [0.7, 0.25, 0.05], coverage: 0.1) == [])
  }
}
