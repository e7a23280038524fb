import Foundation

/// A trial of endurance. A new one is a file in `Trials/` and a line in ``ReliabilityTrials/all``.
protocol ReliabilityTrial: Sendable {
  /// What `--only` calls it, for instance `kills`.
  static var name: String { get }
  /// One line for the heading of its table.
  static var title: String { get }

  init()
  /// Tries, prints a table for people, and returns the figures. Throws only where the trial itself cannot go on: what the
  /// program does wrong is a figure.
  func run(_ context: ReliabilityContext) throws -> [Figure]
}

enum ReliabilityTrials {
  static let all: [any ReliabilityTrial.Type] = [
    KillTrial.self, FullDiskTrial.self, BadOutputTrial.self, VanishingInputTrial.self, TwoRunsTrial.self,
    ManyFilesTrial.self, LongRecordingTrial.self,
  ]

  static var names: [String] { all.map { $0.name } }
}

/// What every trial is given.
struct ReliabilityContext {
  var kills: Int
  var files: Int
  var hours: Double
  var seed: UInt64
  /// The folder in which each trial makes one of its own.
  var scratch: String
}

/// Faults of the program, counted and shown as they are met.
struct Faults {
  private(set) var count = 0
  /// As many are printed.
  private static let shown = 20

  mutating func add(_ text: String) {
    count += 1
    if count <= Self.shown { say("  FAULT \(text)") }
  }

  mutating func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { add(text()) }
  }
}

/// Prints a line at once: trials take long, and whoever looks into a log wants to see how far they are.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
