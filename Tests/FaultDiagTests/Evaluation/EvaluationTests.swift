import Support
import TestSupport
import Testing

@testable import FaultDiag

private struct EvaluationGolden: Decodable {
  struct Binary: Decodable {
    var scores: [Double]
    var positive: [Bool]
    var area: Double
    var partial: [[Double]]
  }
  struct Classes: Decodable {
    var classes: Int
    var truth: [Int]
    var logits: [[Double]]
    var probabilities: [[Double]]
    var confusion: [[Int]]
    var accuracy, balancedAccuracy, macroF1, macroAuroc, calibrationError, temperature, likelihood: Double

    enum CodingKeys: String, CodingKey {
      case classes, truth, logits, probabilities, confusion, accuracy, balancedAccuracy, macroAuroc
      case calibrationError, temperature, likelihood
      case macroF1 = "macroF1"
    }
  }
  struct MultiLabel: Decodable {
    var truth: [[Bool]]
    var scores: [[Double]]
    var macro: Double
    var perLabel: [Double]
  }
  struct TTest: Decodable {
    var differences: [Double]
    var ratio, t, p: Double
  }
  var binary: [Binary]
  var classes: [Classes]
  var multiLabel: MultiLabel
  var tTests: [TTest]
  var student: [[Double]]
}

@Suite struct EvaluationTests {
  private let reference: EvaluationGolden

  init() throws { reference = try golden("Evaluation.json") }

  @Test func areasAgreeWithScikitLearn() throws {
    for item in reference.binary {
      let area = try #require(
        ReceiverOperatingCharacteristic.area(scores: item.scores, positive: item.positive))
      #expect(close(area, item.area))
      for pair in item.partial {
        let partial = try #require(
          ReceiverOperatingCharacteristic.partialArea(
            scores: item.scores, positive: item.positive, maximumFalsePositiveRate: pair[0]))
        #expect(close(partial, pair[1]), "rate \(pair[0])")
      }
    }
  }

  @Test func classFiguresAgreeWithScikitLearn() throws {
    for item in reference.classes {
      let report = ClassificationReport(
        item: "window", classes: (0..<item.classes).map { "c\($0)" }, probabilities: item.probabilities,
        truth: item.truth)
      #expect(report.confusion.counts == item.confusion)
      #expect(close(try #require(report.accuracy), item.accuracy))
      #expect(close(try #require(report.balancedAccuracy), item.balancedAccuracy))
      #expect(close(try #require(report.macroF1), item.macroF1))
      #expect(close(try #require(report.macroAuroc), item.macroAuroc))
      #expect(close(try #require(report.expectedCalibrationError), item.calibrationError))
    }
  }

  @Test func multiLabelAreasAgreeWithScikitLearn() throws {
    let item = reference.multiLabel
    let areas = MacroAUROC(scores: item.scores, truth: item.truth)
    #expect(close(try #require(areas.macro), item.macro))
    for (own, theirs) in zip(areas.perLabel, item.perLabel) { #expect(close(try #require(own), theirs)) }
  }

  @Test func temperatureAgreesWithSciPy() {
    for item in reference.classes {
      let calibration = TemperatureCalibration(logits: item.logits, classes: item.truth)
      #expect(close(calibration.temperature, item.temperature, 1e-6))
      let cost = TemperatureCalibration.negativeLogLikelihood(
        item.logits, item.truth, temperature: calibration.temperature)
      #expect(close(cost, item.likelihood))
    }
  }

  @Test func correctedTTestAgreesWithSciPy() {
    for item in reference.tTests {
      let test = CorrectedTTest(differences: item.differences, testToTraining: item.ratio)
      #expect(close(test.t, item.t))
      #expect(close(test.pValue, item.p))
    }
    for row in reference.student {
      #expect(
        close(StudentT.twoSided(row[0], degreesOfFreedom: row[1]), row[2], 1e-11), "t \(row[0]), nu \(row[1])"
      )
    }
  }

  @Test func areaIsTheShareOfPairsInOrder() {
    var random = RandomSource(seed: 3)
    for _ in 0..<20 {
      let scores = (0..<25).map { _ in Double(random.integer(below: 8)) }
      let positive = (0..<25).map { $0 == 0 || ($0 > 1 && random.uniform() < 0.4) }
      var (wins, pairs) = (0.0, 0.0)
      for p in scores.indices where positive[p] {
        for n in scores.indices where !positive[n] {
          wins += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0
          pairs += 1
        }
      }
      #expect(
        close(ReceiverOperatingCharacteristic.area(scores: scores, positive: positive) ?? -1, wins / pairs))
    }
  }

  @Test func areasAtTheEdges() {
    typealias ROC = ReceiverOperatingCharacteristic
    #expect(ROC.area(scores: [1, 2], positive: [true, true]) == nil)
    #expect(ROC.area(scores: [], positive: []) == nil)
    #expect(ROC.area(scores: [1, .nan], positive: [true, false]) == nil)
    #expect(ROC.area(scores: [2, 1], positive: [true, false]) == 1)
    #expect(ROC.area(scores: [1, 1], positive: [true, false]) == 0.5)
    #expect(ROC.partialArea(scores: [2, 1], positive: [true, false]) == 1)
    #expect(ROC.partialArea(scores: [1, 1], positive: [true, false]) == 0.5)
    #expect(ROC.partialArea(scores: [1, 2], positive: [true, false], maximumFalsePositiveRate: 1) == 0)
    let areas = MacroAUROC(scores: [[1, 0], [2, 0]], truth: [[true, false], [false, false]])
    #expect(areas.perLabel == [0, nil])
    #expect(areas.macro == 0)
  }

  @Test func aClassWithoutItemsDoesNotCount() {
    let matrix = ConfusionMatrix(classes: ["a", "b", "c"], truth: [0, 0, 1], predicted: [0, 1, 1])
    #expect(matrix.balancedAccuracy == 0.75)
    #expect(matrix.f1Scores == [2.0 / 3, 2.0 / 3, nil])
    #expect(ConfusionMatrix(classes: ["a"]).accuracy == nil)
    #expect(CalibrationError.expected(probabilities: [], classes: []) == nil)
    #expect(CalibrationError.expected(probabilities: [[1, 0], [0, 1]], classes: [0, 1]) == 0)
  }

  @Test func reportIsLaidOut() {
    let report = ClassificationReport(
      item: "recording", classes: ["inner", "normal"],
      probabilities: [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], truth: [0, 1, 1])
    #expect(
      report.text() == """
          true     inner  normal  recall
          inner        1       .   1.000
          normal       1       1   0.500

          accuracy            0.667
          balanced accuracy   0.750
          macro F1            0.667
          macro AUROC         1.000
          calibration error   0.300

        """)
  }
}
