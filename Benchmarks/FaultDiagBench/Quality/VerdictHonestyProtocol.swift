import FaultDiag

/// Whether probabilities, prediction sets and the verdict unknown mean what they say, on bearings never heard.
struct VerdictHonestyProtocol: QualityProtocol {
  static let name = "honesty"
  static let title = "calibration on bearings never heard; unknown when a family was never taught"

  /// Simulated bearings that neither training nor calibration has seen.
  private static let simulations = 1000

  func run(_ context: QualityContext) throws -> QualityOutcome {
    let segments = try context.data.bearingwiseSegments()
    var model = context.model
    if model.verdicts == nil {
      print("the model has no tables of verdicts; calibrating")
      model.calibrateVerdicts(threads: context.threads)
    }
    let result = try VerdictHonesty(
      model, segments: segments, simulations: Self.simulations, threads: context.threads)
    for (name, row) in [
      ("P1 seconds", result.segments), ("P1 recordings", result.signals), ("simulated", result.simulated),
    ] {
      print(
        "\(name): stated faulty \(Format.percent(row.falseAlarms)) of the healthy; own fault stated of "
          + "\(Format.percent(row.statedFaults)) of the faulty")
    }
    print(
      "items".rightPadded(20)
        + "  accuracy  ECE    in set of 90 %  size  unknown  left out: outer  inner  ball")
    for (name, row) in [
      ("P1 seconds", result.segments), ("P1 recordings", result.signals), ("simulated", result.simulated),
    ] {
      let cells = [row.accuracy, row.calibrationError, row.covered, row.setSize, row.unknownShare]
      let areas = ["outer", "inner", "ball"].map { row.unknownAreas[$0] ?? .nan }
      print(name.rightPadded(20) + (cells + areas).map { "  " + Format.fixed($0, digits: 3) }.joined())
    }
    return QualityOutcome(
      figures: [
        Figure(name: "p1_default_ece", value: result.segments.calibrationError, goal: .atMost(0.05)),
        Figure(name: "unknown_auroc", value: result.segments.meanUnknownArea, goal: .atLeast(0.85)),
        Figure(
          name: "unknown_auroc_simulated", value: result.simulated.meanUnknownArea, goal: .atLeast(0.85)),
      ], details: result)
  }
}
