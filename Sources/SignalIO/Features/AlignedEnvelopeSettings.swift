/// What ``AlignedEnvelope`` computes; the defaults are those found to work on real bearings.
package struct AlignedEnvelopeSettings: Sendable, Equatable, Codable {
  /// A band of the spectrum whose envelope is taken.
  package struct Band: Sendable, Equatable, Codable {
    /// Hz, both limits included.
    package var lowest: Double
    package var highest: Double
    /// Whether every bin's magnitude is first set to 1, so that no resonance outweighs the others.
    package var whitened: Bool

    package init(_ lowest: Double, _ highest: Double, whitened: Bool = false) {
      self.lowest = lowest
      self.highest = highest
      self.whitened = whitened
    }
  }

  /// Bands whose spectrum is made level before their squared envelope is taken, and how.
  ///
  /// Every bin is divided by the root mean square magnitude of its surroundings, so that no resonance outweighs the others.
  /// A magnitude of 1 (``Band/whitened``) does that too, but makes a bin that holds nothing as large as one that holds a line.
  package struct Levelling: Sendable, Equatable, Codable {
    package var bands: [Band]
    /// Hz to either side of a bin that its surroundings reach.
    package var reach: Double

    package init(bands: [Band], reach: Double) { (self.bands, self.reach) = (bands, reach) }
  }

  /// How many points an envelope has.
  package enum EnvelopeRate: String, Sendable, Codable {
    /// As many as the band needs; see ``AlignedEnvelope``.
    case reduced
    /// The sample rate: the definition itself, several times slower.
    case full
  }

  /// Hz.
  package var sampleRate: Double = 12000
  /// Samples a window; 1 s is about 30 revolutions of a 1800-rpm machine.
  package var frameCount: Int = 12000
  /// Ten narrow bands, then the whole range plain and whitened.
  package var bands: [Band] = [
    Band(300, 1000), Band(750, 1500), Band(1250, 2250), Band(1750, 2750), Band(2250, 3250), Band(2750, 3750),
    Band(3250, 4250), Band(3750, 4750), Band(4250, 5250), Band(4750, 5800), Band(500, 5900),
    Band(500, 5900, whitened: true),
  ]
  /// The lines of the last band, a whitened one, are averaged with those of these bands. Models of before have none.
  package var levelling: Levelling? = Levelling(bands: [Band(500, 3000), Band(2500, 5900)], reach: 30)
  package var families: [FaultFamily] = [.outer, .inner, .ball]
  /// Strongest combs of lines of no family that are read like one, so that lines from elsewhere can be told by comparison.
  package var rivals: Int = 3
  /// The axis of orders ends here.
  package var maximumOrder: Double = 24
  package var orderStep: Double = 0.02
  /// Width of the running median, in orders.
  package var medianWidth: Double = 2
  /// Half width of the notch at whole orders. 0.06 removes families that lie near a whole number (6203: inner
  /// 4.947, ball 3.987) and did not help the training-free rule on the tuning folds (macro AUROC .920 against .923).
  package var notch: Double = 0.03
  /// The aligned axis, in multiples of the family's order.
  package var firstPosition: Double = 0.4
  package var positionStep: Double = 0.02
  package var positionCount: Int = 201
  /// Aligned values are limited to lowest ... highest.
  package var lowest: Float = -1.5
  package var highest: Float = 4
  /// Amplitudes below this, in deviations of the window, are raised to it: the rounding of single precision.
  package var floor: Float = 1e-7
  package var rate: EnvelopeRate = .reduced

  package init() {}

  /// Rows of aligned values: families, then rivals.
  package var rowCount: Int { families.count + rivals }
  /// Values of one window: aligned rows, then a score a family.
  package var featureCount: Int { rowCount * bands.count * positionCount + families.count }

  /// Weight of each band in the row that ``LineRule`` judges: the mean of the narrow bands plus that of the whitened ones.
  /// A band is narrow if it covers less than half of the widest one; without any, all plain bands count.
  package var ruleWeights: [Float] {
    let widest = bands.map { $0.highest - $0.lowest }.max() ?? 0
    var isNarrow = bands.map { !$0.whitened && $0.highest - $0.lowest < widest / 2 }
    if !isNarrow.contains(true) { isNarrow = bands.map { !$0.whitened } }
    let narrow = Float(max(1, isNarrow.count { $0 }))
    let whitened = Float(max(1, bands.count { $0.whitened }))
    return zip(bands, isNarrow).map { band, isNarrow in
      band.whitened ? 1 / whitened : isNarrow ? 1 / narrow : 0
    }
  }

  /// Whether windows have the same lines with `other` settings: they differ at most in what is read from the lines.
  package func makesLines(like other: Self) -> Bool {
    var same = other
    (same.families, same.rivals) = (families, rivals)
    (same.firstPosition, same.positionStep, same.positionCount) = (firstPosition, positionStep, positionCount)
    (same.lowest, same.highest) = (lowest, highest)
    return same == self
  }

  /// Steps of the axis of orders, both ends included (1,201).
  package var axisCount: Int { Int((maximumOrder / orderStep).rounded()) + 1 }
  /// Steps of the running median: odd (101).
  package var medianSteps: Int { 2 * Int((medianWidth / orderStep / 2).rounded()) + 1 }

  /// First and last bin of a band in the spectrum of a window.
  func bins(of band: Band) -> (first: Int, last: Int) {
    let perHertz = Double(frameCount) / sampleRate
    return (Int((band.lowest * perHertz).rounded(.up)), Int((band.highest * perHertz).rounded(.down)))
  }

  /// M: three times the bins of a band, rounded up to a fast length, but at most two thirds of the window; of a levelled band
  /// two fifths: |z|^2 is then exact wherever orders are read of shafts up to 50 Hz in 3,600 Hz.
  func envelopePoints(forBins count: Int, levelled: Bool) -> Int {
    switch rate {
    case .full: return frameCount
    case .reduced:
      let most = levelled ? 2 * frameCount / 5 : 2 * frameCount / 3
      return min(frameCount, FourierTransform.fastLength(atLeast: max(count, min(3 * count, most))))
    }
  }

  /// Those of ``bands``, then the levelled ones.
  var allBands: [Band] { bands + (levelling?.bands ?? []) }

  package func validate() throws(SignalIOError) {
    func require(
      _ sound: Bool, _ name: String, _ found: String, _ expected: String
    ) throws(SignalIOError) {
      guard sound else { throw .badSetting(name: name, found: found, expected: expected) }
    }
    try require(
      sampleRate.isFinite && sampleRate > 0, "sample rate", "\(sampleRate)", "a positive number of hertz")
    try require(
      (64...1 << 24).contains(frameCount), "window length", "\(frameCount)", "64 to 16777216 samples")
    try require(
      !bands.isEmpty && allBands.count <= 16, "number of bands", "\(allBands.count)",
      "1 to 16, levelled ones included"
    )
    if let levelling {
      try require(
        !levelling.bands.isEmpty && !levelling.bands.contains(where: \.whitened)
          && bands.last?.whitened == true,
        "levelled bands", "\(levelling.bands.count)",
        "one or more that are not whitened, behind others of which the last one is")
      try require(
        levelling.reach >= 0 && levelling.reach <= sampleRate / 2, "reach of levelling",
        "\(levelling.reach) Hz",
        "0 to \(sampleRate / 2) Hz")
    }
    for band in allBands {
      try require(
        band.lowest > 0 && band.highest > band.lowest && band.highest < sampleRate / 2, "band",
        "\(band.lowest) to \(band.highest) Hz",
        "0 < lowest < highest < \(sampleRate / 2) Hz, half the sample rate")
      let (first, last) = bins(of: band)
      try require(
        last > first, "band", "\(band.lowest) to \(band.highest) Hz",
        "at least two bins of \(sampleRate / Double(frameCount)) Hz")
    }
    try require(!families.isEmpty, "families", "none", "at least one")
    try require((0...16).contains(rivals), "rivals", "\(rivals)", "0 to 16")
    try require(
      orderStep > 0 && maximumOrder > 0 && maximumOrder / orderStep <= 1e6 && maximumOrder / orderStep >= 2,
      "order axis",
      "0 to \(maximumOrder) step \(orderStep)", "2 to 1000000 positive steps")
    try require(
      medianWidth > 0 && medianSteps >= 3 && medianSteps <= axisCount, "median width",
      "\(medianWidth) orders",
      "\(2 * orderStep) to \(maximumOrder) orders")
    try require((0...0.5).contains(notch), "notch", "\(notch) orders", "0 to 0.5 orders")
    try require((1...100_000).contains(positionCount), "positions", "\(positionCount)", "1 to 100000")
    try require(
      firstPosition >= 0 && positionStep > 0 && firstPosition.isFinite && positionStep.isFinite,
      "aligned axis",
      "\(firstPosition) step \(positionStep)", "a start of at least 0 and a positive step")
    try require(lowest < highest, "limits", "\(lowest) to \(highest)", "lowest below highest")
    try require(
      floor >= .leastNormalMagnitude && floor.isFinite, "floor", "\(floor)",
      "a positive amplitude, such as 1e-7")
  }
}
