import CKernels
import SignalIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cross-examines a verdict with physics: are there lines where this bearing at this speed must have them?
///
/// The samples of a recording are added as they come; blocks of 24 revolutions (or a little more, at least a second) are turned into
/// envelope lines over their local floor in several bands, and averaged. Where a model makes the same lines of its windows, as
/// the default one does of shafts from 1,440 rpm on, they are added instead. A family is then searched for by
/// `LineScores`: the harmonics' peaks at the common slip that fits best. The level is the mean over harmonics, of
/// the mean of the narrow bands and the whitened band, in dB (20 log10 of amplitude over the running median).
///
/// The cage is not searched: its order is below one, where the lines of everything else on the shaft stand.
///
/// Memory is one block, however long the recording. A value belongs to one thread.
package struct BearingEvidence {
  package let shaftHz: Double
  package let orders: FaultOrders
  private let settings: AlignedEnvelopeSettings
  private let scoring: LineScores.Settings
  private var cutter: BlockCutter
  private var sums: [Double] = []
  private var axis: (bandCount: Int, orderStep: Double) = (0, 0)
  package private(set) var blockCount = 0

  /// Revolutions a block, and its least length in seconds. Half a bin of 24 revolutions is 0.02 orders, a step of the axis; a
  /// second of a motor with four poles at 50 Hz has them even under load.
  static let revolutions = 24.0
  static let leastSeconds = 1.0
  /// Samples a block at most; a very slow shaft gets fewer revolutions.
  static let mostSamples = 1 << 19

  /// Nil where the samples cannot show what is asked: a rate too low for any band of resonances.
  ///
  /// - `sampleRate`: of the samples that will be added, in hertz.
  /// - `shaftHz`: revolutions a second, above zero.
  package init?(sampleRate: Double, shaftHz: Double, orders: FaultOrders) {
    guard let settings = Self.settings(sampleRate: sampleRate, shaftHz: shaftHz),
      (try? settings.validate()) != nil
    else { return nil }
    self.shaftHz = shaftHz
    self.orders = orders
    self.settings = settings
    cutter = BlockCutter(length: settings.frameCount)
    var scoring = LineScores.Settings()
    scoring.averagedBands = 0..<settings.bands.count - 2
    scoring.addedBand = settings.bands.count - 1
    self.scoring = scoring
  }

  private static func settings(sampleRate: Double, shaftHz: Double) -> AlignedEnvelopeSettings? {
    guard shaftHz.isFinite, shaftHz > 0, var settings = bandSettings(sampleRate: sampleRate) else {
      return nil
    }
    let seconds = max(Self.leastSeconds, Self.revolutions / shaftHz)
    // FFTW is fast for such a length, and speeds that differ a little share it.
    settings.frameCount = FourierTransform.fastLength(
      atLeast: min(max(Int((seconds * sampleRate).rounded()), 64), Self.mostSamples))
    return settings
  }

  /// The recipe's bands as far as half the rate allows, then the whole range plain and whitened. Nil for a rate too low
  /// for any of them.
  static func bandSettings(sampleRate: Double) -> AlignedEnvelopeSettings? {
    guard sampleRate.isFinite else { return nil }
    var settings = AlignedEnvelopeSettings()
    // 5,900 Hz at 12 kHz, as the default model has it.
    let top = min(sampleRate * 0.492, 5900)
    let narrow = settings.bands.dropLast(2).filter { $0.highest <= top }
    guard !narrow.isEmpty else { return nil }
    settings.bands = narrow + [.init(500, top), .init(500, top, whitened: true)]
    settings.levelling?.bands.removeAll { $0.highest > top }
    if settings.levelling?.bands.isEmpty == true { settings.levelling = nil }
    settings.sampleRate = sampleRate
    return settings
  }

  /// Adds the next samples of the recording. A block with a sample that is not finite is left out.
  package mutating func add(_ samples: some Collection<Float>) {
    for block in cutter.add(samples) { addBlock(block) }
  }

  /// Forgets samples that do not fill a block: what comes next is not what came before.
  package mutating func gap() { cutter.gap() }

  private mutating func addBlock(_ block: [Float]) {
    // Settings that `init` checked.
    guard
      let lines = try? AlignedEnvelopePool.shared.lend(settings, { $0.lines(of: block, shaftHz: shaftHz) })
    else { preconditionFailure("envelope settings that were valid no longer are") }
    add(lines)
  }

  /// Whether blocks have the lines that an extractor with `other` settings makes of its windows.
  func takesLines(like other: AlignedEnvelopeSettings) -> Bool { settings.makesLines(like: other) }

  /// Adds the lines of the next block, made elsewhere: see ``takesLines(like:)``.
  mutating func add(_ lines: EnvelopeLines) {
    if sums.isEmpty {
      sums = [Double](repeating: 0, count: lines.values.count)
      axis = (lines.bandCount, lines.orderStep)
    }
    precondition(sums.count == lines.values.count, "lines of other bands or another axis")
    sk_add_widened(lines.values, &sums, sums.count)
    blockCount += 1
  }

  /// One finding a family, strongest first; empty before a whole block came.
  package func findings() -> [Evidence] {
    guard blockCount > 0 else { return [] }
    let lines = EnvelopeLines(
      values: sums.map { Float($0 / Double(blockCount)) }, bandCount: axis.bandCount,
      orderStep: axis.orderStep)
    let table = InterleavedLines(lines)
    let chance = chanceLevel(table)
    let scores = LineScores(table, orders: orders, settings: scoring)
    return scores.families.map { finding($0, in: lines, chance: chance) }
      .sorted { ($1.decibels, $0.family.rawValue) < ($0.decibels, $1.family.rawValue) }
  }

  private func finding(_ found: LineScores.Family, in lines: EnvelopeLines, chance: Double) -> Evidence {
    let expected = orders[found.family]
    let order = expected * (1 + found.slip)
    let harmonics = min(scoring.harmonics, Int(lines.maximumOrder / order))
    // The whitened band covers the whole range: it tells that lines are there and not where they ring.
    let bands = settings.bands.indices.filter { !settings.bands[$0].whitened }
    let band = bands.max { found.bandStrengths[$0] < found.bandStrengths[$1] } ?? 0
    let spacing = found.family == .ball ? orders.cage : 1
    func level(_ place: Double) -> Double {
      Self.decibels(lines.peak(band: band, near: place, reach: scoring.reach) ?? 0)
    }
    let places = (1...max(1, harmonics)).map { Double($0) * order }
    let sides = places.flatMap { [$0 - spacing, $0 + spacing] }.filter { $0 < lines.maximumOrder }
    return Evidence(
      family: found.family, expectedHz: expected * shaftHz, expectedOrder: expected, foundHz: order * shaftHz,
      foundOrder: order, decibels: Self.level(found), chanceDecibels: chance, harmonics: harmonics,
      harmonicDecibels: places.map(level),
      sidebandDecibels: sides.reduce(0) { $0 + level($1) } / Double(max(1, sides.count)),
      sidebandOrder: spacing,
      band: EvidenceBand(
        lowestHz: settings.bands[band].lowest, highestHz: settings.bands[band].highest))
  }

  /// What the same search finds where this bearing has no lines: the upper decile over other orders.
  ///
  /// The search takes the best of many slips and peaks, so it finds something in pure noise too, and more in a short
  /// recording than in a long one. Orders near a family, its simple fractions and multiples, or near an integer are
  /// left out, as a real fault and the shaft show there.
  private func chanceLevel(_ lines: InterleavedLines) -> Double {
    let own = [orders.outer, orders.inner, orders.ball]
    let ratios = [1.0 / 3, 0.5, 2.0 / 3, 1, 1.5, 2, 3]
    // The golden section spreads the orders evenly over 1.6 ... 8.6 and repeats none.
    let candidates = (0..<90).map {
      1.6 + (Double($0) * 0.618033988749895).truncatingRemainder(dividingBy: 1) * 7
    }
    let free = candidates.filter { order in
      abs(order - order.rounded()) > 0.06
        && !own.contains { family in ratios.contains { abs(order / (family * $0) - 1) < 0.04 } }
    }
    var found: [Double] = []
    for start in stride(from: 0, to: free.count - 2, by: 3) {
      let triple = FaultOrders(
        outer: free[start], inner: free[start + 1], ball: free[start + 2], cage: orders.cage)
      found += LineScores(lines, orders: triple, settings: scoring).families.map {
        Self.level($0)
      }
    }
    found.sort()
    return found.isEmpty ? 0 : found[min(found.count * 9 / 10, found.count - 1)]
  }

  /// The rule adds the whitened band to the mean of the narrow ones: half of the sum is a mean level.
  private static func level(_ family: LineScores.Family) -> Double { decibels(family.strength / 2) }

  /// Natural-log units of amplitude as decibels.
  static func decibels(_ level: Double) -> Double { 20 * log10(exp(1.0)) * level }
}
