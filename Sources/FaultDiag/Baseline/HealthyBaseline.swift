import CPC
import Foundation
import NeuralNet

/// The healthy state of one or more machines, learnt from their healthy recordings alone.
///
/// A fold holds an encoder and the ranges of each machine's components, both learnt from a part of the recordings; the
/// recordings left out of it are its calibration. An item's strangeness under a fold is the largest over the components
/// in use, and its p-value counts calibration items at least as strange **under the fold that they were left out of**:
///
///     p = (1 + #{calibration items i : s_i >= s_f(i)(x)}) / (n + 1)
///
/// (cross-conformal prediction: Vovk 2015, Annals of Mathematics and Artificial Intelligence 74; with one fold it is
/// split-conformal.) If x is exchangeable with the calibration items, one fold gives P(p <= alpha) <= alpha; for several
/// that is proven up to a factor of 2 and holds in practice (Barber et al. 2021, Annals of Statistics 49).
package struct HealthyBaseline: Sendable {
  /// A healthy item that no part of its fold has seen.
  package struct CalibrationItem: Sendable, Equatable, Codable {
    package var fold: Int
    /// Of the components in use, combined.
    package var score: Double
    /// Of every component, in the order of `NoveltyComponent/allCases`.
    package var strangeness: [Double]

    package init(fold: Int, score: Double, strangeness: [Double]) {
      self.fold = fold
      self.score = score
      self.strangeness = strangeness
    }
  }

  package struct Machine: Sendable, Equatable {
    package var name: String
    /// Recordings that were learnt from.
    package var recordings: Int
    /// How their order is known.
    package var order: RecordingOrder
    /// Ranges of the components, one set a fold.
    package var ranges: [[NoveltyComponent: HealthyRange]]
    /// In the order of time, as far as it is known.
    package var calibration: [CalibrationItem]
    /// Trend of the calibration items' scores.
    package var drift: MannKendall?
  }

  /// Brings a component's strangeness to 0 and 1 on recordings that were left out.
  package struct Adjustment: Sendable, Equatable, Codable {
    package var center = 0.0
    package var scale = 1.0
  }

  package var name: String
  package var plan: TrainingPlan
  package var unit: BaselineUnit
  package var channel: String?
  /// The rate of false alarms that was asked for.
  package var falseAlarmRate: Double
  /// One for all folds, or one each.
  package var encoders: [BaselineEncoder]
  package var machines: [Machine]
  /// In the order of `NoveltyComponent/allCases`.
  package var adjustments: [Adjustment]
  /// Components that count.
  package var used: [NoveltyComponent]
  /// Mean surprise of the left-out recordings, in nats above chance; below 0 there is something to predict.
  package var surprise: Double

  /// Number of the encoder that serves a fold.
  func encoder(of fold: Int) -> Int { encoders.count == 1 ? 0 : fold }

  /// Strangeness of an item's components under one fold of a machine, in the order of ``NoveltyComponent/allCases``.
  func strangeness(_ item: HeardItem, _ machine: Machine, fold: Int) -> [Double] {
    let components = item.components(encoder: encoder(of: fold))
    return zip(NoveltyComponent.allCases, adjustments).map { component, adjustment in
      guard let range = machine.ranges[fold][component], let value = components[component] else { return 0 }
      return (range.strangeness(value) - adjustment.center) / adjustment.scale
    }
  }

  /// The largest strangeness among the components in use.
  func score(_ strangeness: [Double]) -> Double {
    zip(NoveltyComponent.allCases, strangeness).filter { used.contains($0.0) }.map { $0.1 }.max() ?? 0
  }

  /// How alarms of a machine are calibrated.
  package struct Calibration: Sendable, Equatable {
    package var items: [CalibrationItem]
    /// Whether other machines' items take part.
    package var isShared: Bool

    /// The smallest p-value that a single item can have.
    package var smallestPValue: Double { 1 / Double(items.count + 1) }
  }

  /// The machine's own calibration items where they suffice for the rate that was asked for, else those of all machines
  /// together: their scores are in units of each machine's own spread. The rate then holds on average over the machines.
  package func calibration(of machine: Machine) -> Calibration {
    let own = Calibration(items: machine.calibration, isShared: false)
    guard machines.count > 1, own.smallestPValue > falseAlarmRate + 1e-12 else { return own }
    return Calibration(items: machines.flatMap { $0.calibration }, isShared: true)
  }
}
