/// How unlike its machine's healthy recordings a recording is.
package struct NoveltyFinding: Sendable, Equatable, Codable {
  /// One component's share.
  package struct Component: Sendable, Equatable, Codable {
    package var name: NoveltyComponent
    /// In deviations of healthy recordings.
    package var score: Double
    package var pValue: Double
    /// Whether it has a part in the verdict.
    package var isUsed: Bool
  }

  /// A band whose level differs from the healthy one.
  package struct Band: Sendable, Equatable, Codable {
    /// In hertz.
    package var lowHz: Double
    package var highHz: Double
    /// Of the mean level, or of the peaks.
    package var quantity: NoveltyComponent
    /// In dB, by which it is louder than in health, within the recording's own level.
    package var decibels: Double
    /// In standard deviations of the healthy recordings.
    package var deviations: Double
  }

  /// Whose healthy state.
  package var machine: String
  /// Share of healthy recordings that are at least as strange.
  package var pValue: Double
  /// The largest component's score.
  package var score: Double
  package var isAlarm: Bool
  /// The rate of false alarms that was asked for.
  package var falseAlarmRate: Double
  /// The p-value from which on there is an alarm: the rate asked for, or the smallest that can be reached.
  package var alarmPValue: Double
  /// Healthy recordings or windows that the p-value rests on.
  package var calibrationItems: Int
  /// Whether other machines' recordings are among them.
  package var isSharedCalibration: Bool
  /// What was compared.
  package var unit: BaselineUnit
  /// Items of the recording: 1, or its windows.
  package var items: Int
  /// Root mean square over that of the healthy recordings, in dB.
  package var loudnessDecibels: Double
  /// Strangest first.
  package var components: [Component]
  /// The bands that differ most, at most three.
  package var bands: [Band]
}
