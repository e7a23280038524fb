import SignalIO

/// What a recording shows of itself, without knowing its bearing: how impulsive it is, and at which rates it is struck.
///
/// Samples are added as they come. Blocks of two seconds are turned into envelope lines over their local floor, in the
/// same bands as ``BearingEvidence``, and averaged; `RepetitionSearch` looks for combs in the average. The band is
/// the one that shows a comb best: kurtosis, as a kurtogram has it, also praises a band for a single click.
///
/// Memory is one block, however long the recording. A value belongs to one thread.
package struct BlindAnalysis {
  private let envelope: AlignedEnvelope
  private var cutter: BlockCutter
  private var sums: [Double] = []
  private var blockCount = 0
  private var statistics = RunningTimeStatistics()

  static let blockSeconds = 2.0
  /// ``AlignedEnvelope`` counts in multiples of a shaft's speed. A shaft of 10 kHz makes every rate of interest a
  /// fraction of an order, where nothing is notched as the shaft's own.
  private static let unit = 10_000.0
  /// Highest rate on the axis, hertz between its steps, and hertz of the floor's median.
  private static let (highest, step, floorWidth) = (1500.0, 0.25, 25.0)

  /// Nil where the rate (in hertz) is too low for any band of resonances.
  package init?(sampleRate: Double) {
    guard var settings = BearingEvidence.bandSettings(sampleRate: sampleRate) else { return nil }
    settings.frameCount = Int((Self.blockSeconds * sampleRate).rounded())
    settings.maximumOrder = Self.highest / Self.unit
    settings.orderStep = Self.step / Self.unit
    settings.medianWidth = Self.floorWidth / Self.unit
    settings.notch = 0
    // Bands are searched one by one.
    settings.levelling = nil
    guard let envelope = try? AlignedEnvelope(settings) else { return nil }
    self.envelope = envelope
    cutter = BlockCutter(length: settings.frameCount)
  }

  /// Adds the next samples of the recording.
  package mutating func add(_ samples: some Collection<Float>) {
    statistics.add(Array(samples))
    for block in cutter.add(samples) {
      let lines = envelope.lines(of: block, shaftHz: Self.unit)
      if sums.isEmpty { sums = [Double](repeating: 0, count: lines.values.count) }
      for i in sums.indices { sums[i] += Double(lines.values[i]) }
      blockCount += 1
    }
  }

  /// Forgets samples that do not fill a block: what comes next is not what came before.
  package mutating func gap() { cutter.gap() }

  /// What was found; nil before a whole block came.
  ///
  /// - Parameter shaftHz: revolutions a second, where that is known.
  package func findings(shaftHz: Double?) -> BlindFindings? {
    guard blockCount > 0 else { return nil }
    let bands = envelope.settings.bands
    let lines = EnvelopeLines(
      values: sums.map { Float($0 / Double(blockCount)) }, bandCount: bands.count, orderStep: Self.step)
    var search = RepetitionSearch(lines, bands: bands)
    let whole = statistics.statistics
    return BlindFindings(
      kurtosis: whole.kurtosis, crestFactor: whole.crestFactor,
      repetitions: search.combs(count: 3).map { Repetition($0, shaftHz: shaftHz) })
  }
}

/// What a recording shows of itself; see ``BlindAnalysis``.
package struct BlindFindings: Sendable, Equatable, Codable {
  /// Excess over that of normal noise, which has 0; impacts raise it.
  package var kurtosis: Double
  /// Peak over root mean square.
  package var crestFactor: Double
  /// Strongest first; empty where no comb stands out.
  package var repetitions: [Repetition]

  package init(kurtosis: Double, crestFactor: Double, repetitions: [Repetition]) {
    self.kurtosis = kurtosis
    self.crestFactor = crestFactor
    self.repetitions = repetitions
  }
}

/// A rate at which the machine is struck.
package struct Repetition: Sendable, Equatable, Codable {
  package enum Cause: String, Sendable, Codable {
    /// A whole number of times a revolution: unbalance, blades, gears, looseness.
    case shaft
    /// Once or twice a period of a 50 or 60 Hz supply.
    case mains
    /// Not a whole number of times a revolution, as a bearing's rates are.
    case bearing
    /// The shaft speed is not known.
    case unknown
  }

  package var hertz: Double
  package var uncertaintyHz: Double
  /// Multiple of the shaft speed, where that is known.
  package var order: Double?
  package var cause: Cause
  /// Mean level of its lines over their local floor.
  package var decibels: Double
  /// Lines that stand at least 9 dB above the floor, of the first six.
  package var harmonics: Int
  /// The band that shows it best.
  package var band: EvidenceBand
  /// Bearings of the catalogue that have a line there, nearest first.
  package var candidates: [BearingCandidate] = []

  package init(
    hertz: Double, uncertaintyHz: Double, order: Double? = nil, cause: Cause, decibels: Double,
    harmonics: Int,
    band: EvidenceBand, candidates: [BearingCandidate] = []
  ) {
    self.hertz = hertz
    self.uncertaintyHz = uncertaintyHz
    self.order = order
    self.cause = cause
    self.decibels = decibels
    self.harmonics = harmonics
    self.band = band
    self.candidates = candidates
  }

  init(_ comb: RepetitionSearch.Comb, shaftHz: Double?) {
    let order = shaftHz.map { comb.hertz / $0 }
    let cause = Self.cause(comb.hertz, order: order)
    self.init(
      hertz: comb.hertz, uncertaintyHz: comb.uncertainty, order: order, cause: cause,
      decibels: BearingEvidence.decibels(comb.height), harmonics: comb.harmonics,
      band: EvidenceBand(lowestHz: comb.band.lowest, highestHz: comb.band.highest),
      candidates: cause == .bearing ? BearingCandidate.nearest(to: order ?? 0, count: 6) : [])
  }

  /// A stated speed is seldom better than half a percent, and a rate than a hundredth of an order.
  private static func cause(_ hertz: Double, order: Double?) -> Cause {
    if let order, order > 0.5, abs(order - order.rounded()) <= 0.01 + 0.005 * order { return .shaft }
    if [50.0, 60, 100, 120].contains(where: { abs(hertz - $0) <= 0.3 }) { return .mains }
    return order == nil ? .unknown : .bearing
  }
}

/// A bearing of the catalogue, and the part of it that would be struck at an observed rate.
package struct BearingCandidate: Sendable, Equatable, Codable {
  package var bearing: String
  package var family: FaultFamily
  /// How far the observed rate falls short of the calculated one, as a share.
  package var slip: Double

  package init(bearing: String, family: FaultFamily, slip: Double) {
    self.bearing = bearing
    self.family = family
    self.slip = slip
  }

  /// Entries with a line within the slip that bearings show, least slip first.
  static func nearest(to order: Double, count: Int) -> [BearingCandidate] {
    let all = BearingCatalogue.entries.flatMap { entry in
      [FaultFamily.outer, .inner, .ball].map { family in
        BearingCandidate(
          bearing: entry.name, family: family, slip: 1 - order / entry.orders[family])
      }
    }
    return Array(
      all.filter { (-0.012...0.02).contains($0.slip) }
        .sorted {
          (abs($0.slip), $0.bearing, $0.family.rawValue) < (abs($1.slip), $1.bearing, $1.family.rawValue)
        }
        .prefix(count))
  }
}
