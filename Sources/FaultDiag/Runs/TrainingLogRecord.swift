import Foundation

/// One line of the log that a training keeps: what a training writes and ``RunLog`` reads.
package struct TrainingLogRecord: Codable {
  /// What a line tells of.
  package enum Event: String, Codable { case step, statistics, warning }

  package var event: Event
  package var step: Int
  package var loss: Double?
  package var terms: [String: Double]?
  /// Share of predictions, or of rows, whose positive scores highest (top 1).
  package var accuracy: Double?
  package var accuracyByStep: [Double]?
  /// Share with a positive among the five that score highest (top 5).
  package var topFiveAccuracy: Double?
  package var informationBound: Double?
  package var learningRate: Double?
  package var gradientNorm: Double?
  package var windowsPerSecond: Double?
  package var effectiveRank: Double?
  package var alignment: Double?
  package var uniformity: Double?
  package var deviation: Double?
  package var message: String?

  package init(_ event: Event, step: Int) {
    self.event = event
    self.step = step
  }

  private enum CodingKeys: String, CodingKey {
    case event, step, loss, terms, accuracy, alignment, uniformity, deviation, message
    case accuracyByStep = "accuracy_by_step"
    case topFiveAccuracy = "accuracy_top_5"
    case informationBound = "information_bound"
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
    case windowsPerSecond = "windows_per_second"
    case effectiveRank = "effective_rank"
  }

  /// Reads a line; nil of one that is no whole record.
  package init?(line: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let record = try? decoder.decode(TrainingLogRecord.self, from: line) else { return nil }
    self = record
  }
}
