import NeuralNet

/// Which rows of a batch count as alike.
package enum PositiveSource: String, Sendable, CaseIterable {
  /// Rows of windows with the same label; windows without one are left out.
  case labels
  /// Rows of windows of the same recording.
  case recording
  /// Views of the same window.
  case views
}

extension PositiveSource {
  /// Rows that take part, ascending, and the group of each: equal groups are positives.
  func groups<Scalar: TensorScalar>(
    of batch: Representations<Scalar>
  ) -> (rows: [Int], groups: [Int]) {
    let ofWindow: [Int?]
    switch self {
    case .labels: ofWindow = batch.labels ?? [Int?](repeating: nil, count: batch.windowCount)
    case .recording: ofWindow = batch.recordings
    case .views: ofWindow = Array(0..<batch.windowCount)
    }
    let rows = (0..<batch.rowCount).filter { ofWindow[$0 % batch.windowCount] != nil }
    return (rows, rows.compactMap { ofWindow[$0 % batch.windowCount] })
  }
}

extension Tensor {
  /// Items of the outer dimension by ascending index; without a copy where these are all.
  func keeping(_ rows: [Int]) -> Tensor { rows.count == shape[0] ? self : gathering(rows) }

  /// The gradient of ``keeping(_:)`` for an outer dimension of `count`.
  func spread(to rows: [Int], of count: Int) -> Tensor {
    guard rows.count != count else { return self }
    var result = Tensor(zeros: [count] + shape.dropFirst())
    result.addItems(self, at: rows)
    return result
  }
}

/// The settings by which objectives let their positives be chosen.
enum PositiveSettings {
  static let source = Setting<PositiveSource>.choice(
    "positives", "what makes rows alike: labels, the recording they are from, or being views of one window",
    default: .labels)
  static let views = Setting<Int>.integer(
    "views", "views of each window, each altered for itself; 1 takes it as recorded", default: 2, in: 1...8)

  static var descriptions: [SettingDescription] { [source.description, views.description] }

  /// What an objective with these settings needs.
  static func needs(_ source: PositiveSource, views: Int) -> ObjectiveNeeds {
    ObjectiveNeeds(views: altered(views), labels: source == .labels)
  }

  /// `count` views of a window.
  static func altered(_ count: Int) -> [WindowView] {
    count == 1 ? [.original] : [WindowView](repeating: .augmented(.strong), count: count)
  }

  /// Throws where views are to be told apart and there is only one.
  static func validate(_ settings: Settings, of objective: String) throws(CPCError) {
    guard settings[source] != .views || settings[views] > 1 else {
      throw .badSetting(
        name: "objective \(objective): views", found: "1", expected: "at least 2 where positives=views")
    }
  }
}
