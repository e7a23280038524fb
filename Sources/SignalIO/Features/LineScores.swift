import CKernels

/// The training-free rule: how strongly each family's lines stand in the envelope spectra, and against the
/// others.
///
///     peak(band, h, s) = max of the lines within +-reach orders of h order (1 + s)
///     strength(band)   = mean over harmonics h = 1 ... 4 of peak(band, h, s)
///     whole            = mean of strength over the ten narrow bands + strength of the whitened band
///     score            = own whole - largest whole of another family
///
/// s is the slip, common to all harmonics and bands, in -2% ... +1.2% step 0.2%, that makes `whole` largest
/// (a bearing slips the same in every band). Peaks are searched at seven points across +-reach, linear
/// between steps. Harmonics beyond the axis are left out of the mean; a family without any has strength 0.
/// Values are natural-log units over the local floor.
package struct LineScores: Sendable, Equatable {
  package struct Settings: Sendable, Equatable, Codable {
    package var harmonics: Int = 4
    /// Orders to each side of a line where its peak may lie.
    package var reach: Double = 0.03
    package var slips: [Double] = (-10...6).map { Double($0) * 0.002 }
    /// Bands whose mean is taken.
    package var averagedBands: Range<Int> = 0..<10
    /// The whitened band, added to that mean.
    package var addedBand: Int = 11

    package init() {}
  }

  /// What was found of one family.
  package struct Family: Sendable, Equatable {
    package var family: FaultFamily
    /// `whole` of the formula.
    package var strength: Double
    /// Own less the largest other; above 0 for at most one family.
    package var score: Double
    /// The slip that fitted best; -0.01 is 1% below the geometry's order.
    package var slip: Double
    /// Strength in every band, at that slip.
    package var bandStrengths: [Double]
  }

  /// In the order of the families asked for.
  package var families: [Family]
  /// The family with the largest score.
  package var best: Family { families.max { $0.score < $1.score }! }

  package subscript(family: FaultFamily) -> Family? { families.first { $0.family == family } }

  /// Scores `lines` of one window, or the mean of several windows' lines, for a bearing.
  ///
  /// - `families`: those compared with each other, at least two.
  package init(
    _ lines: EnvelopeLines, orders: FaultOrders, families: [FaultFamily] = [.outer, .inner, .ball],
    settings: Settings = Settings()
  ) {
    self.init(InterleavedLines(lines), orders: orders, families: families, settings: settings)
  }

  /// As above, of lines that are scored for many bearings.
  package init(
    _ lines: InterleavedLines, orders: FaultOrders, families: [FaultFamily] = [.outer, .inner, .ball],
    settings: Settings = Settings()
  ) {
    precondition(families.count >= 2, "\(families.count) families to compare, expected at least 2")
    precondition(
      settings.averagedBands.upperBound <= lines.bandCount && settings.addedBand < lines.bandCount
        && !settings.averagedBands.isEmpty && !settings.slips.isEmpty,
      "bands \(settings.averagedBands) and \(settings.addedBand) of \(lines.bandCount)")
    let found = families.map { Self.strength(lines, $0, order: orders[$0], settings) }
    self.families = found.enumerated().map { index, own in
      var own = own
      let others = found.indices.filter { $0 != index }.map { found[$0].strength }
      own.score = own.strength - (others.max() ?? 0)
      return own
    }
  }

  private static func strength(
    _ lines: InterleavedLines, _ family: FaultFamily, order: Double, _ settings: Settings
  ) -> Family {
    var best = Family(family: family, strength: -.infinity, score: 0, slip: 0, bandStrengths: [])
    for slip in settings.slips {
      let bands = lines.meanPeaks(order: order * (1 + slip), settings)
      let averaged = bands[settings.averagedBands].reduce(0, +) / Double(settings.averagedBands.count)
      let whole = averaged + bands[settings.addedBand]
      if whole > best.strength || best.bandStrengths.isEmpty {
        best = Family(family: family, strength: whole, score: 0, slip: slip, bandStrengths: bands)
      }
    }
    return best
  }
}
