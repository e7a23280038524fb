import CPC
import NeuralNet
import SignalIO
import Testing

@testable import FaultDiag

@Suite struct FaultDiagErrorTests {
  /// One of each case, so that a new one shows up here.
  private let errors: [FaultDiagError] = [
    .recording(.emptyFile(path: "a.wav")), .representation(.badSetting(name: "n", found: "1", expected: "2")),
    .modelFile(.cut(path: "m", found: 1, expected: 2)),
    .badModel(path: "m", found: "text", expected: "safetensors"),
    .newerModel(path: "m", version: 9, known: 1),
    .badSetting(name: "margin", found: "-1", expected: "above 0"),
    .windowSplit, .leakingSplit(group: "bearing 7", training: ["a", "b", "c", "d"], test: ["e"]),
    .nothingToHoldOut(classes: ["inner"], groups: 1), .tooManyFolds(folds: 9, groups: 4),
    .noLabels(found: 3, example: "a.wav"), .tooFewClasses(found: ["inner"]),
    .tooShort(path: "a.wav", seconds: 0.01, needed: 1), .noFiniteWindow(path: "a.csv", windows: 3),
    .diverged(stage: "fit", step: 4),
    .noBearingState(path: "a.wav", label: "cavitation", states: ["normal", "outer", "inner", "ball"]),
    .unknownMachine(path: "a.wav", hasSpeed: false, hasBearing: true),
    .nothingToAdapt(found: 3, first: "a.wav is bad."),
    .protocolData(path: "folds.csv", found: "nothing", expected: "the table"),
  ]

  @Test func everyTextSaysWhatToDo() {
    for error in errors {
      #expect(!error.description.contains("Optional"), "\(error)")
      #expect(error.description.hasSuffix("."), "\(error)")
      #expect(error.description.count < 320, "\(error)")
    }
  }

  @Test func manyNamesBecomeFew() {
    #expect(
      errors[7].description
        == "the split puts bearing 7 on both sides: found a, b and 2 more in training and e in "
        + "test, expected one side. Move them together, or correct the bearing and machine ids.")
  }
}
