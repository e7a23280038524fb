import ArgumentParser
import FaultDiag
import Foundation
import NeuralNet
import Support

/// One measurement in a process of its own; the races start it.
struct Worker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "One measurement in a process of its own, for the races of speed.",
    shouldDisplay: false)

  @Argument(help: "Which work.")
  var task: Task

  @Option var threads = 1
  @Option var steps = 20
  @Option(help: "A configuration of the task.") var configurationName = ""
  @Option(help: "A folder of recordings.") var folder = ""

  enum Task: String, ExpressibleByArgument {
    case trainingStep, logMel, envelope, alignedEnvelope, transforms, kernel, product
  }

  /// What a worker prints, one line of JSON.
  struct Measurement: Codable {
    /// Seconds of one repetition, or hours of signal a second; the task's unit.
    var value: Double
    var core: String
  }

  func run() throws {
    BLAS.configure()
    FreedMemory.keepForTraining()
    let value =
      switch task {
      case .trainingStep:
        try TrainingStepTask(configurationName).secondsPerStep(threads: threads, steps: steps)
      case .logMel: try FeatureTask(folder: folder).hoursPerSecond(.logMel)
      case .envelope: try FeatureTask(folder: folder).hoursPerSecond(.envelope)
      case .alignedEnvelope: try AlignedEnvelopeTask().secondsPerWindow()
      case .kernel: KernelTask.named(configurationName)?.timesBound() ?? .nan
      case .product: KernelTask.secondsOfProduct()
      case .transforms: AlignedEnvelopeTask.secondsOfTransforms()
      }
    print(ReportJSON.text(Measurement(value: value, core: BLAS.coreName), pretty: false))
  }

  /// Runs a worker and returns what it measured with its peak memory.
  static func measure(_ task: Task, _ options: [String] = []) throws -> (value: Double, peakMemory: Double) {
    let result = try ChildProcess(
      program: CommandLine.arguments[0], arguments: ["work", task.rawValue] + options
    ).run()
    let line = result.output.split(separator: "\n").last.map(String.init) ?? ""
    let measurement = try ReportJSON.value(Measurement.self, from: line)
    return (measurement.value, result.peakMemory)
  }
}
