import SignalIO

/// The zone boundaries of each class of machines, in mm/s.
///
/// A table is a TOML, JSON or YAML file with three rising numbers (A/B, B/C, C/D) for each mounting of each group:
///
///     [1]
///     rigid = [2.3, 4.5, 7.1]
///     flexible = [3.5, 7.1, 11]
package struct SeverityLimits: Sendable, Equatable {
  /// By group, then mounting.
  private var classes: [String: [String: [Double]]]

  /// ISO 20816-3:2022, tables A.1 and A.2 (the figures of ISO 10816-3:2009): group 1 are machines above 300 kW or shafts
  /// of 315 mm and more, group 2 from 15 kW to 300 kW or shafts of 160 mm to 315 mm.
  package static let standard = SeverityLimits(classes: [
    "1": ["rigid": [2.3, 4.5, 7.1], "flexible": [3.5, 7.1, 11]],
    "2": ["rigid": [1.4, 2.8, 4.5], "flexible": [2.3, 4.5, 7.1]],
  ])

  private init(classes: [String: [String: [Double]]]) { self.classes = classes }

  /// Reads a table from the file at `path`; classes that it does not name keep the standard's boundaries.
  ///
  /// Throws ``FaultDiagError/badTable(_:)``.
  package init(path: String) throws(FaultDiagError) {
    do throws(SignalIOError) {
      let format = ConfigurationFile.Format(rawValue: FilePath.pathExtension(of: path)) ?? .toml
      classes = Self.standard.classes
      for (group, value) in try ConfigurationFile.table(path: path, format: format) {
        guard case .table(let mountings) = value else {
          throw .badMetadata(
            path: path, key: group, found: value.summary, expected: "a table such as rigid = [2.3, 4.5, 7.1]")
        }
        for (mounting, value) in mountings {
          classes[group.lowercased(), default: [:]][mounting.lowercased()] = try Self.boundaries(
            value, key: "\(group).\(mounting)", path: path)
        }
      }
    } catch {
      throw .badTable(error)
    }
  }

  private static func boundaries(
    _ value: ConfigurationValue, key: String, path: String
  ) throws(SignalIOError) -> [Double] {
    var numbers: [Double] = []
    if case .list(let items) = value {
      for case .number(let number, _) in items { numbers.append(number) }
      let isRising = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
      if items.count == 3, numbers.count == 3, isRising, numbers[0] > 0, numbers[2].isFinite {
        return numbers
      }
    }
    throw .badMetadata(
      path: path, key: key, found: value.summary, expected: "three rising numbers above 0, in mm/s")
  }

  /// The boundaries A/B, B/C, C/D of a class; nil for one the table does not have.
  package func boundaries(group: String, mounting: String) -> [Double]? {
    classes[group.lowercased()]?[mounting.lowercased()]
  }

  /// The classes there are, in byte order, for instance `1 flexible, 1 rigid`.
  package var words: String {
    classes.keys.sorted().flatMap { group in (classes[group] ?? [:]).keys.sorted().map { "\(group) \($0)" } }
      .joined(separator: ", ")
  }

  /// Every boundary, in one line that is the same for the same table.
  package var fingerprint: String {
    classes.keys.sorted().map { group in
      let mountings = classes[group] ?? [:]
      return group + mountings.keys.sorted().map { "/\($0)\(mountings[$0] ?? [])" }.joined()
    }.joined(separator: ";")
  }

  /// The zone of a velocity in mm/s; a boundary belongs to the zone below it.
  package static func zone(_ velocity: Double, boundaries: [Double]) -> SeverityZone {
    precondition(boundaries.count == 3, "\(boundaries.count) boundaries, expected 3")
    return SeverityZone.allCases[boundaries.count { velocity > $0 }]
  }
}
