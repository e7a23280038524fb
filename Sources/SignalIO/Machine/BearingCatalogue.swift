/// One bearing of the catalogue: what is published of it, and where.
package struct BearingEntry: Sendable, Equatable {
  /// What somebody published: dimensions, or only the multiples of the shaft speed.
  package enum Published: Sendable, Equatable {
    case geometry(BearingGeometry)
    case orders(FaultOrders)
  }

  /// The designation without maker and suffixes, for instance `6205`.
  package var name: String
  package var published: Published
  /// Who published the numbers, and for which make.
  package var source: String

  package var geometry: BearingGeometry? {
    if case .geometry(let geometry) = published { geometry } else { nil }
  }

  package var orders: FaultOrders {
    switch published {
    case .geometry(let geometry): geometry.faultOrders
    case .orders(let orders): orders
    }
  }
}

/// Common bearings by name.
///
/// Names are matched tolerantly: case, maker, seals, clearance and cage suffixes do not matter, so
/// `SKF 6205-2RS JEM`, `6205ZZ` and `6205/C3` all find `6205`. A name is never completed or guessed beyond that.
package enum BearingCatalogue {
  package static let entries: [BearingEntry] = measured + publishedOrders

  /// The entry for `name`.
  ///
  /// Throws ``SignalIOError/unknownBearing(name:near:)`` with the most similar names if there is none.
  package static func entry(named name: String) throws(SignalIOError) -> BearingEntry {
    let designation = BearingDesignation(name)
    // The longest match wins: `203K` before a hypothetical `203`.
    let best = entries.filter { designation.matches($0.name) }.max { $0.name.count < $1.name.count }
    guard let best else { throw .unknownBearing(name: name, near: near(designation)) }
    return best
  }

  /// The geometry of the bearing called `name`; nil if it is unknown or only its orders are published.
  package static func geometry(named name: String) -> BearingGeometry? {
    (try? entry(named: name))?.geometry
  }

  /// The fault orders of the bearing called `name`; nil if it is unknown.
  package static func orders(named name: String) -> FaultOrders? {
    (try? entry(named: name))?.orders
  }

  /// At most five names within an edit distance of two, nearest first and then by name.
  private static func near(_ designation: BearingDesignation) -> [String] {
    entries.compactMap { entry in
      designation.distance(to: entry.name, atMost: 2).map { (distance: $0, name: entry.name) }
    }
    .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    .prefix(5).map { $0.name }
  }
}
