import CPC
import Foundation
import NeuralNet

/// Makes a healthy state of what was heard; no file and no training has a part in it.
package struct BaselineAssembly: Sendable {
  /// What was heard of one machine.
  package struct HeardMachine: Sendable {
    package var name: String
    package var recordings: Int
    package var order: RecordingOrder
    /// Items of each piece, pieces in their order.
    package var pieces: [[HeardItem]]

    package init(name: String, recordings: Int, order: RecordingOrder, pieces: [[HeardItem]]) {
      self.name = name
      self.recordings = recordings
      self.order = order
      self.pieces = pieces
    }
  }

  package var folds: BaselineFolds
  package var usesLevel: Bool

  package init(folds: BaselineFolds, usesLevel: Bool) {
    self.folds = folds
    self.usesLevel = usesLevel
  }

  /// Left-out items below which neither surprise nor offsets of components can be judged.
  private static let fewItems = 8
  /// Nats by which left-out recordings must be predictable for surprise to count.
  private static let predictable = -0.1

  /// Fills `baseline`, whose plan, encoders, unit, channel and rate stand, with the state of its machines.
  ///
  /// - Throws: ``FaultDiagError/tooFewHealthy(machine:found:expected:)``.
  package func fill(
    _ baseline: inout HealthyBaseline, with heard: [HeardMachine]
  ) throws(FaultDiagError) {
    for machine in heard where machine.pieces.count < folds.fewestPieces {
      throw .tooFewHealthy(
        machine: machine.name, found: machine.pieces.count, expected: folds.fewestPieces)
    }
    baseline.adjustments = NoveltyComponent.allCases.map { _ in HealthyBaseline.Adjustment() }
    let ranges = (0..<folds.count).map { self.ranges(heard, fold: $0, encoder: baseline.encoder(of: $0)) }
    baseline.machines = heard.indices.map { index in
      HealthyBaseline.Machine(
        name: heard[index].name, recordings: heard[index].recordings, order: heard[index].order,
        ranges: ranges.map { $0[index] }, calibration: [], drift: nil)
    }
    let leftOut = heard.map { leftOutItems($0) }
    let strangeness = zip(baseline.machines, leftOut).map { machine, items in
      items.map { baseline.strangeness($0.item, machine, fold: $0.fold) }
    }
    baseline.adjustments = adjustments(strangeness.flatMap { $0 })
    let surprise = leftOut.flatMap { $0 }.compactMap { item -> Double? in
      let learnt = item.item.learnt
      return learnt.isEmpty
        ? nil : learnt[baseline.encoder(of: item.fold)][.surprise].map { Double($0[0]) }
    }
    baseline.surprise = surprise.isEmpty ? 0 : surprise.reduce(0, +) / Double(surprise.count)
    baseline.used = used(baseline, heard, items: surprise.count)
    for (index, items) in leftOut.enumerated() { calibrate(&baseline, machine: index, items) }
  }

  private typealias LeftOut = (fold: Int, item: HeardItem)

  private func leftOutItems(_ machine: HeardMachine) -> [LeftOut] {
    machine.pieces.indices.flatMap { piece -> [LeftOut] in
      guard let fold = folds.heldOutFold(piece, of: machine.pieces.count) else { return [] }
      return machine.pieces[piece].map { (fold, $0) }
    }
  }

  /// The ranges of every machine under one fold.
  private func ranges(
    _ machines: [HeardMachine], fold: Int, encoder: Int
  ) -> [[NoveltyComponent: HealthyRange]] {
    let items = machines.map { machine in
      machine.pieces.indices
        .filter { folds.learns(fold, from: $0, of: machine.pieces.count) }
        .flatMap { machine.pieces[$0] }
        .map { $0.components(encoder: encoder) }
    }
    var result = [[NoveltyComponent: HealthyRange]](repeating: [:], count: machines.count)
    for component in NoveltyComponent.allCases {
      let values = items.map { $0.compactMap { $0[component] } }
      let complete = machines.indices.filter { values[$0].count == items[$0].count }
      let ranges = HealthyRange.together(complete.map { values[$0] }, measure: component.measure)
      for (machine, range) in zip(complete, ranges) { result[machine][component] = range }
    }
    return result
  }

  /// Median and 1.4826 times the median distance from it: what is learnt from a recording that trained the encoder is
  /// nearer than what is not, by an offset that these take away.
  private func adjustments(_ strangeness: [[Double]]) -> [HealthyBaseline.Adjustment] {
    NoveltyComponent.allCases.indices.map { component in
      guard strangeness.count >= Self.fewItems else { return HealthyBaseline.Adjustment() }
      let center = Self.median(strangeness.map { $0[component] })
      let distance = Self.median(strangeness.map { abs($0[component] - center) })
      return HealthyBaseline.Adjustment(center: center, scale: max(1.4826 * distance, 1e-3))
    }
  }

  private func used(
    _ baseline: HealthyBaseline, _ heard: [HeardMachine], items: Int
  ) -> [NoveltyComponent] {
    NoveltyComponent.allCases.filter { component in
      guard baseline.machines.allSatisfy({ $0.ranges.allSatisfy { $0[component] != nil } }) else {
        return false
      }
      return switch component {
      case .level: usesLevel
      case .bands, .peaks: true
      // Told and not counted: beside the others the mean context brought nothing (decision 13).
      case .contexts: false
      case .latents: items >= Self.fewItems
      case .surprise: items >= Self.fewItems && baseline.surprise < Self.predictable
      }
    }
  }

  private func calibrate(_ baseline: inout HealthyBaseline, machine index: Int, _ items: [LeftOut]) {
    let machine = baseline.machines[index]
    let calibration = items.map { item in
      let strangeness = baseline.strangeness(item.item, machine, fold: item.fold)
      return HealthyBaseline.CalibrationItem(
        fold: item.fold, score: baseline.score(strangeness), strangeness: strangeness)
    }
    baseline.machines[index].calibration = calibration
    if machine.order != .none {
      baseline.machines[index].drift = MannKendall(calibration.map { $0.score })
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
