import Foundation

/// One line of the log that a training keeps: what ``TrainingLogs`` writes and ``RunLog`` reads.
struct TrainingLogRecord: Codable {
  /// What a line tells of.
  enum Event: String, Codable { case step, statistics, warning }

  var event: Event
  var step: Int
  var loss: Double?
  var terms: [String: Double]?
  /// Share of predictions, or of rows, whose positive scores highest (top 1).
  var accuracy: Double?
  var accuracyByStep: [Double]?
  var informationBound: Double?
  var learningRate: Double?
  var gradientNorm: Double?
  var windowsPerSecond: Double?
  var effectiveRank: Double?
  var alignment: Double?
  var uniformity: Double?
  var deviation: Double?
  var message: String?

  init(_ event: Event, step: Int) {
    self.event = event
    self.step = step
  }

  private enum CodingKeys: String, CodingKey {
    case event, step, loss, terms, accuracy, alignment, uniformity, deviation, message
    case accuracyByStep = "accuracy_by_step"
    case informationBound = "information_bound"
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
    case windowsPerSecond = "windows_per_second"
    case effectiveRank = "effective_rank"
  }

  /// Reads a line; nil of one that is no whole record.
  init?(line: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let record = try? decoder.decode(TrainingLogRecord.self, from: line) else { return nil }
    self = record
  }
}
