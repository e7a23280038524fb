/// How a healthy state is learnt.
package struct BaselineSettings: Sendable, Equatable {
  /// Which recordings calibrate which.
  package enum Order: String, Sendable, CaseIterable {
    /// In time where there is an order and enough recordings, else in blocks.
    case automatic
    /// The earlier half is learnt from, the later half calibrates.
    case time
    /// Each block of recordings is left out once and calibrates; every recording is learnt from.
    case blocks
  }

  /// The rate of false alarms to hold, 0 to 1.
  package var falseAlarmRate = 0.01
  /// nil: recordings where every machine has at least ``fewRecordings``, else windows.
  package var unit: BaselineUnit?
  package var order = Order.automatic
  /// Blocks that are left out in turn.
  package var folds = 4
  /// Length of a window; nil: the preset's, 5.1 s for sound and 0.9 s for vibration.
  package var windowSeconds: Double?
  /// Steps of the encoder's training.
  package var steps = 250
  package var seed: UInt64 = 1
  /// Whether loudness counts; nil: for vibration, not for sound, where the recorder's gain may differ.
  package var usesLevel: Bool?

  package init() {}

  /// Below this, recordings are cut into pieces and windows are compared instead.
  package static let fewRecordings = 8
  /// From this many on, order decides what calibrates.
  static let enoughInTime = 16

  package func validate() throws(FaultDiagError) {
    guard falseAlarmRate > 0, falseAlarmRate < 1 else {
      throw .badSetting(
        name: "falseAlarmRate", found: "\(falseAlarmRate)", expected: "a rate above 0 % and below 100 %")
    }
    if let windowSeconds, !(windowSeconds > 0 && windowSeconds <= 3600) {
      throw .badSetting(
        name: "windowSeconds", found: "\(windowSeconds)", expected: "above 0 and at most 3600")
    }
    for (name, value, range) in [("folds", folds, 2...64), ("steps", steps, 1...1_000_000)]
    where !range.contains(value) {
      throw .badSetting(name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

/// Which pieces of a machine's recordings a fold learns from, and which it leaves out to calibrate.
package enum BaselineFolds: Sendable, Equatable {
  /// One fold: the earlier half is learnt from, the later half calibrates.
  case chronological
  /// Contiguous blocks, each left out once.
  case blocks(Int)

  package var count: Int {
    switch self {
    case .chronological: 1
    case .blocks(let count): count
    }
  }

  /// The fold that leaves out piece `index` of `count`; nil where none does.
  package func heldOutFold(_ index: Int, of count: Int) -> Int? {
    switch self {
    case .chronological: index < (count + 1) / 2 ? nil : 0
    case .blocks(let folds): index * folds / count
    }
  }

  /// Whether `fold` learns from piece `index` of `count`.
  package func learns(_ fold: Int, from index: Int, of count: Int) -> Bool {
    heldOutFold(index, of: count) != fold
  }

  /// Fewest pieces of a machine: each fold must learn from three and leave one out.
  package var fewestPieces: Int {
    switch self {
    case .chronological: 6
    case .blocks(let folds): max(4, folds)
    }
  }
}
