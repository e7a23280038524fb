import SignalIO
import Support

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Protocol P1: bearing-wise evaluation on the Case Western Reserve University bearing data.
///
/// After Vieira et al., arXiv 2509.22267. 144 signals: a fault at the drive end (DE) or fan end (FE) x inner race,
/// outer race or ball x 7, 14 or 21 mil x a sensor at either end x four loads, 12 kHz, mean removed. Labels say what is
/// wrong *at the sensor's own end*; at the other end nothing is, and that signal is the healthy example. A fold is
/// a row of the authors' table (which size of each location-fault pair is held out) and a side: on side DE the
/// FE-sensor signals of DE-fault runs leave training and the DE-sensor signals of FE-fault runs leave the test, and
/// the mirror on side FE. Every signal is cut into ten non-overlapping segments of 12,000 samples.
package enum CWRUBearingwise {
  package enum End: String, Sendable, CaseIterable {
    case de = "DE"
    case fe = "FE"
  }

  /// Labels in the order of scores: inner race, outer race, ball.
  package enum Fault: Int, Sendable, CaseIterable {
    case inner, outer, ball
    /// As the fold table's columns name it.
    package var column: String { ["IR", "OR", "B"][rawValue] }
  }

  package static let sampleRate = 12_000.0
  package static let segmentLength = 12_000
  package static let segmentsPerSignal = 10
  /// Nominal speed at loads of 0 to 3 hp, in revolutions a minute.
  package static let speeds = [1797.0, 1772, 1750, 1730]

  /// One of the 144 signals.
  package struct Signal: Sendable, Equatable, Hashable {
    /// Number of the original file.
    package var file: Int
    package var faultEnd: End
    package var fault: Fault
    /// Diameter of the fault in thousandths of an inch: 7, 14 or 21.
    package var size: Int
    package var sensor: End
    /// 0...3 hp.
    package var load: Int

    /// What is wrong at the sensor's own end, in the order of ``Fault``.
    package var labels: [Bool] { Fault.allCases.map { $0 == fault && sensor == faultEnd } }
    package var shaftHz: Double { CWRUBearingwise.speeds[load] / 60 }
    /// Fault orders of the bearing at the sensor's end: 6205 at the drive end, 6203 at the fan end.
    package var orders: FaultOrders {
      switch sensor {
      case .de: FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)
      case .fe: FaultOrders(outer: 3.0530, inner: 4.9469, ball: 3.9874, cage: 0.3817)
      }
    }
    /// The variable's recognised suffix.
    package var channel: String { "\(sensor.rawValue)_time" }
  }

  /// All signals in a fixed order: by end, fault, size, load, sensor.
  package static let signals: [Signal] = {
    let files: [(End, Fault, [[Int]])] = [
      (.de, .ball, [Array(118...121), Array(185...188), Array(222...225)]),
      (.de, .inner, [Array(105...108), Array(169...172), Array(209...212)]),
      (.de, .outer, [Array(130...133), Array(197...200), Array(234...237)]),
      (.fe, .ball, [Array(282...285), Array(286...289), Array(290...293)]),
      (.fe, .inner, [Array(278...281), Array(274...277), Array(270...273)]),
      (.fe, .outer, [Array(294...297), [313, 309, 311, 312], Array(315...318)]),
    ]
    var result: [Signal] = []
    for (end, fault, sizes) in files {
      for (size, runs) in zip([7, 14, 21], sizes) {
        for (load, file) in runs.enumerated() {
          for sensor in End.allCases {
            result.append(
              Signal(file: file, faultEnd: end, fault: fault, size: size, sensor: sensor, load: load))
          }
        }
      }
    }
    return result
  }()

  /// Indices into ``signals`` of one fold.
  package struct Fold: Sendable, Equatable {
    package var name: String
    package var training: [Int]
    package var test: [Int]

    /// - Parameter heldOut: size in mil of each location-fault pair, keyed `DE_B` and so on.
    init(row: String, heldOut: [String: Int], side: End) {
      name = "\(row) \(side.rawValue)"
      training = []
      test = []
      for (index, signal) in signals.enumerated() {
        let held = heldOut["\(signal.faultEnd.rawValue)_\(signal.fault.column)"] == signal.size
        let crossed = signal.sensor != signal.faultEnd
        if held {
          // The far sensor of the other end's faults sits on this side: leave it out of the test.
          if !(crossed && signal.sensor == side) { test.append(index) }
        } else if !(crossed && signal.faultEnd == side) {
          training.append(index)
        }
      }
    }
  }

  /// Reads the fold table: 50 rows (or 3 tuning rows), two folds each.
  package static func folds(path: String) throws(FaultDiagError) -> [Fold] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .protocolData(path: path, found: "no file", expected: "the table of folds")
    }
    return try folds(table: String(decoding: data, as: UTF8.self), path: path)
  }

  /// - `table`: CSV with a column `random_state` and one column for each location-fault pair.
  package static func folds(table: String, path: String) throws(FaultDiagError) -> [Fold] {
    let rows = table.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
    let pairs = End.allCases.flatMap { end in Fault.allCases.map { "\(end.rawValue)_\($0.column)" } }
    guard let header = rows.first, rows.count > 1, pairs.allSatisfy(header.contains) else {
      throw .protocolData(
        path: path, found: "the header '\(rows.first?.joined(separator: ",") ?? "")'",
        expected: "the columns \(pairs.joined(separator: ", "))")
    }
    var folds: [Fold] = []
    for row in rows.dropFirst() {
      var heldOut: [String: Int] = [:]
      for (name, value) in zip(header, row) { heldOut[name] = Int(value) }
      guard row.count == header.count, pairs.allSatisfy({ [7, 14, 21].contains(heldOut[$0] ?? 0) }) else {
        throw .protocolData(
          path: path, found: "the row '\(row.joined(separator: ","))'", expected: "sizes of 7, 14 or 21 mil")
      }
      for side in End.allCases { folds.append(Fold(row: row[0], heldOut: heldOut, side: side)) }
    }
    return folds
  }

  /// The folds on which methods are tuned; they are not among the published ones.
  package static let tuningFolds: [Fold] = [
    [14, 7, 14, 21, 14, 7], [21, 21, 7, 14, 21, 21], [7, 14, 21, 7, 7, 14],
  ].enumerated().flatMap { row, sizes in
    let pairs = ["DE_B", "DE_IR", "DE_OR", "FE_B", "FE_IR", "FE_OR"]
    let heldOut = Dictionary(uniqueKeysWithValues: zip(pairs, sizes))
    return End.allCases.map { Fold(row: "tuning \(row + 1)", heldOut: heldOut, side: $0) }
  }
}
