import FaultDiag

/// One kind of work, measured on both sides. A new one is a file in `Races/` and a line in ``SpeedRaces/all``.
protocol SpeedRace: Sendable {
  /// What `--only` calls it.
  static var name: String { get }
  /// One line for the heading of its table.
  static var title: String { get }

  init()
  /// Runs both sides in turn, prints a table for people, and returns the figures.
  func run(_ context: SpeedContext) throws -> RaceOutcome
}

enum SpeedRaces {
  static let all: [any SpeedRace.Type] = [
    TrainingStepRace.self, FeatureRace.self, AlignedEnvelopeRace.self, ColdStartRace.self, BatchRace.self,
    DefaultModelRace.self, GrowthRace.self, KernelRace.self,
  ]

  static var names: [String] { all.map { $0.name } }
}

struct SpeedContext {
  /// Nil where no peer can be had.
  var peer: Peer?
  /// Turns of each side.
  var pairs: Int
}

/// One side's measurements of one configuration.
struct RaceRow: Encodable {
  var work: String
  /// `ours`, or which variant of the peer.
  var side: String
  /// The same unit within a race: seconds, or hours of signal a second.
  var values: [Double]
  var unit: String
  /// MiB; nil where it was not measured.
  var peakMemory: Double?

  var median: Double { Self.median(values) }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let middle = sorted.indices.dropFirst(sorted.count / 2).first else { return .nan }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// For the table.
  var line: String {
    let spread = values.map { Format.number($0, digits: 4) }.joined(separator: " ")
    let memory = peakMemory.map { "  \(Format.number($0, digits: 0)) MiB" } ?? ""
    return work.rightPadded(34) + "  " + side.rightPadded(22) + "  "
      + "\(Format.number(median, digits: 4)) \(unit)".rightPadded(18) + "  (\(spread))\(memory)"
  }
}

struct RaceOutcome {
  var figures: [Figure]
  var rows: [RaceRow]

  /// Prints the rows as they are handed over.
  init(figures: [Figure], rows: [RaceRow]) {
    self.figures = figures
    self.rows = rows
    for row in rows { print(row.line) }
  }
}
