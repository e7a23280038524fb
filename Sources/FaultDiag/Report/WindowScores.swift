/// How probable each state is over the time of a recording, every window judged alone.
///
/// Point p stands for ``windowsPerPoint`` windows, whose probabilities it averages, at
/// t[p] = ``firstSeconds`` + p ``stepSeconds``. However long the recording is, there are at most
/// `WindowScoreTrace.mostPoints` points.
package struct WindowScores: Sendable, Equatable, Codable {
  /// Middle of the first point, in seconds from the recording's beginning.
  package var firstSeconds: Double
  /// From point to point, in seconds.
  package var stepSeconds: Double
  package var windowsPerPoint: Int
  /// In the model's order; of many, those that come highest anywhere.
  package var states: [StateScores]

  package struct StateScores: Sendable, Equatable, Codable {
    package var state: String
    /// Of each point, 0...1 in thousandths; nil where no window of it could be judged.
    package var probabilities: [Double?]

    package init(state: String, probabilities: [Double?]) {
      self.state = state
      self.probabilities = probabilities
    }
  }

  package init(
    firstSeconds: Double, stepSeconds: Double, windowsPerPoint: Int, states: [StateScores]
  ) {
    self.firstSeconds = firstSeconds
    self.stepSeconds = stepSeconds
    self.windowsPerPoint = windowsPerPoint
    self.states = states
  }
}
