import CKernels

/// Envelope spectra in the bearing's own coordinates: every bearing at every speed looks alike.
///
/// One window at a time, in the order of the definition:
/// 1. The window is standardised: mean removed, divided by its deviation.
/// 2. For each band the envelope is |analytic signal|, the spectrum masked to the band (whitened bands first
///    set every magnitude to 1). The envelope, less its mean and under a periodic Hann window, is padded to
///    twice its length; the amplitudes of its spectrum are read, linearly between bins, at orders 0 ... 24
///    step 0.02 (multiples of the shaft speed). L = ln(max(floor, amplitude)), less the running median of L
///    over 2 orders (101 points, the axis continued as its mirror image). Levelled bands
///    (``AlignedEnvelopeSettings/Levelling``) have N / 2 times the squared envelope instead, of a spectrum whose bins are about 1.
/// 3. Notch: within +-0.03 orders of a multiple of the shaft speed, positive values become 0. Then the last band, a whitened
///    one, gets the mean of its own lines and those of the levelled bands; nothing reads these apart.
/// 4. For each family the axis is read, linearly, at 0.4 ... 4.4 step 0.02 times the family's order, and
///    limited to [-1.5, 4]: [family, band, 201]. Positions beyond the axis are 0: nothing is known there.
/// 5. ``LineRule`` judges the mean of the narrow bands plus the whitened band. The three strongest combs of lines that no
///    family explains are read like families, [rival, band, 201] (zeros where there are fewer), and the rule's score of each
///    family comes last. What is read is then [family and rival, band, 201] and [family].
///
/// **Speed.** Only the band's own bins are transformed back, to as many points as the band needs and not to
/// the sample rate: the bins are moved down to 0 Hz, which turns the phase and leaves the magnitude. |z|^2 is
/// then exact, |z| nearly so: the series of its autocorrelation in that of z has even powers (weights 1/4,
/// 1/64, 1/256 ...), and three times the bandwidth keeps the first two free of aliasing where orders are
/// read. Wide bands get two thirds of the sample rate. Bearing recordings then differ from the full rate by 0.04 to
/// 0.05 rms, mostly in the fades between lines. ``AlignedEnvelopeSettings/EnvelopeRate/full`` is the plain
/// definition; the tests hold the two together.
///
/// The cage turns at about 0.4 orders, so 0.4 ... 4.4 of it covers only 0.16 ... 1.8 orders: in a window of
/// 30 revolutions a bin of the Hann spectrum is 0.08 positions wide, lines are broad, and position 2.5 falls
/// into the notch. It is not among the default families.
///
/// A silent window gives zeros and equal scores. A NaN or infinite sample makes every value NaN. Not `Sendable`: it owns
/// workspaces, one per thread.
package final class AlignedEnvelope {
  package let settings: AlignedEnvelopeSettings
  /// Values of one window: (families and rivals) x bands x positions, then a score a family.
  package var featureCount: Int { settings.featureCount }

  private let transform: FourierTransform
  private let window: AlignedBuffer
  private let spectrum: AlignedBuffer
  private let whitened: AlignedBuffer
  private let levelled: AlignedBuffer
  /// Running sums of the levelling: one more than there are bins.
  private var levellingSums: [Double]
  /// One for each number of envelope points in use; bands share them, one after the other.
  private let workspaces: [EnvelopeWorkspace]
  /// First bin, last bin and workspace of each band, the levelled ones behind the others.
  private let bands: [(first: Int, last: Int, workspace: EnvelopeWorkspace)]

  /// Lanes a row of the interleaved buffers has; bands beyond the real ones stay silent.
  private let lanes = Int(sk_median_lanes)
  private let levels: AlignedBuffer
  private let lines: AlignedBuffer
  /// The same as [band, step].
  private let planar: AlignedBuffer
  private let medianWork: AlignedBuffer
  private let positionIndex: AlignedBuffer
  private let positionFraction: AlignedBuffer
  private let notched: [Int]

  /// Plans every workspace. Throws ``SignalIOError/badSetting(name:found:expected:)`` for settings that
  /// cannot be used.
  package init(_ settings: AlignedEnvelopeSettings = AlignedEnvelopeSettings()) throws(SignalIOError) {
    try settings.validate()
    self.settings = settings
    let n = settings.frameCount
    transform = FourierTransform(length: n)
    window = AlignedBuffer(count: n)
    spectrum = AlignedBuffer(count: 2 * transform.binCount)
    whitened = AlignedBuffer(count: 2 * transform.binCount)
    levelled = AlignedBuffer(count: settings.levelling == nil ? 0 : 2 * transform.binCount)
    levellingSums = [Double](repeating: 0, count: settings.levelling == nil ? 0 : transform.binCount + 1)
    var made: [EnvelopeWorkspace] = []
    bands = settings.allBands.enumerated().map { index, band in
      let (first, last) = settings.bins(of: band)
      let points = settings.envelopePoints(
        forBins: last - first + 1, levelled: index >= settings.bands.count)
      if let known = made.first(where: { $0.points == points }) { return (first, last, known) }
      made.append(EnvelopeWorkspace(points: points, frameCount: n, axisCount: settings.axisCount))
      return (first, last, made[made.count - 1])
    }
    workspaces = made
    let steps = settings.axisCount
    levels = AlignedBuffer(count: steps * lanes)
    // Two rows of zeros behind the axis: what positions beyond it read.
    lines = AlignedBuffer(count: (steps + 2) * lanes)
    planar = AlignedBuffer(count: steps * settings.bands.count)
    medianWork = AlignedBuffer(count: (settings.medianSteps + 1) * lanes)
    positionIndex = AlignedBuffer(count: settings.positionCount)
    positionFraction = AlignedBuffer(count: settings.positionCount)
    notched = (0..<steps).filter { step in
      let order = Double(step) * settings.orderStep
      return abs(order - order.rounded()) <= settings.notch + 1e-9
    }
  }

  /// Steps 1 to 5 of one window of ``AlignedEnvelopeSettings/frameCount`` samples at `sampleRate` (that of
  /// the settings): row-major [family and rival, band, position], then [family].
  ///
  /// - `shaftHz`: revolutions a second.
  /// - `orders`: what the families' lines are multiples of.
  package func features(
    of window: [Float], sampleRate: Double, shaftHz: Double, orders: FaultOrders
  ) -> [Float] {
    precondition(
      sampleRate == settings.sampleRate,
      "a window at \(sampleRate) Hz, expected \(settings.sampleRate) Hz: resample it")
    var result = [Float](repeating: 0, count: featureCount)
    features(of: window, shaftHz: shaftHz, orders: orders, into: &result)
    return result
  }

  /// As ``features(of:sampleRate:shaftHz:orders:)`` into room for ``featureCount`` values, without
  /// allocation.
  package func features(of window: [Float], shaftHz: Double, orders: FaultOrders, into result: inout [Float])
  {
    precondition(result.count == featureCount, "room for \(result.count) values, expected \(featureCount)")
    findLines(of: window, shaftHz: shaftHz)
    result.withUnsafeMutableBufferPointer { align(orders, into: $0.baseAddress!) }
  }

  /// Steps 1 to 3: the lines of every band on the axis of orders.
  package func lines(of window: [Float], shaftHz: Double) -> EnvelopeLines {
    findLines(of: window, shaftHz: shaftHz)
    return currentLines
  }

  /// Both results from one pass over the window: the aligned features into `result`, and the lines they were
  /// read from.
  package func linesAndFeatures(
    of window: [Float], shaftHz: Double, orders: FaultOrders, into result: inout [Float]
  ) -> EnvelopeLines {
    features(of: window, shaftHz: shaftHz, orders: orders, into: &result)
    return currentLines
  }

  private var currentLines: EnvelopeLines {
    EnvelopeLines(
      values: planar.prefix(planar.count), bandCount: settings.bands.count, orderStep: settings.orderStep)
  }

  private func findLines(of samples: [Float], shaftHz: Double) {
    let n = settings.frameCount
    precondition(samples.count == n, "a window of \(samples.count) samples, expected \(n)")
    precondition(shaftHz.isFinite && shaftHz > 0, "a shaft speed of \(shaftHz) revolutions a second")
    standardize(samples)
    transform.forward(window, into: spectrum)
    if settings.bands.contains(where: \.whitened) {
      sk_unit_magnitude(spectrum.base, whitened.base, transform.binCount)
    }
    if let levelling = settings.levelling {
      let reach = Int((levelling.reach * Double(n) / settings.sampleRate).rounded())
      // Invariant: room for a sum more than there are bins, and as many bins as the spectrum has.
      sk_level(spectrum.base, transform.binCount, reach, &levellingSums, levelled.base)
    }
    // Hertz per order times bins per hertz: padding to twice the length puts bins 1 / (2 duration) apart, in
    // every band.
    let binsPerStep = settings.orderStep * shaftHz * 2 * Double(n) / settings.sampleRate
    for workspace in workspaces { workspace.planAxis(binsPerStep: binsPerStep) }
    for (lane, band) in bands.enumerated() {
      let isLevelled = lane >= settings.bands.count
      let source = isLevelled ? levelled : settings.bands[lane].whitened ? whitened : spectrum
      band.workspace.transform(source, bins: band.first...band.last, squared: isLevelled)
      band.workspace.readAxis(into: levels.base + lane, stride: lanes)
    }
    sk_log_above(levels.base, settings.floor, levels.base, levels.count)
    sk_subtract_running_median(
      levels.base, settings.axisCount, settings.medianSteps, medianWork.base, lines.base)
    for step in notched {
      let row = lines.base + step * lanes
      for lane in 0..<lanes where row[lane] > 0 { row[lane] = 0 }
    }
    for (lane, band) in bands.enumerated() {
      for step in band.workspace.knownSteps..<settings.axisCount { lines.base[step * lanes + lane] = 0 }
    }
    averageLevelled()
    sk_separate(lines.base, settings.bands.count, settings.axisCount, planar.base)
  }

  /// The lines of the last band become the mean of its own and those of the levelled ones, each as far as it goes.
  private func averageLevelled() {
    let last = settings.bands.count - 1
    guard bands.count > last + 1 else { return }
    for step in 0..<settings.axisCount {
      let row = lines.base + step * lanes
      var (sum, count) = (row[last], Float(1))
      for lane in last + 1..<bands.count where step < bands[lane].workspace.knownSteps {
        sum += row[lane]
        count += 1
      }
      row[last] = sum / count
    }
  }

  /// Steps 4 and 5 into [family and rival, band, position], [family].
  private func align(_ orders: FaultOrders, into result: UnsafeMutablePointer<Float>) {
    let size = settings.bands.count * settings.positionCount
    for (f, family) in settings.families.enumerated() {
      let order = orders[family]
      precondition(order.isFinite && order > 0, "an order of \(order) for the family \(family)")
      alignRow(order, into: result + f * size)
    }
    let rule = LineRule(
      row: ruleRow(), orderStep: settings.orderStep, orders: orders, families: settings.families)
    let rivals = rule.strongestRivals(settings.rivals)
    for r in 0..<settings.rivals {
      let row = result + (settings.families.count + r) * size
      if r < rivals.count {
        alignRow(rivals[r].order, into: row)
      } else {
        row.update(repeating: 0, count: size)
      }
    }
    for (f, family) in rule.families.enumerated() {
      result[settings.rowCount * size + f] = Float(family.score)
    }
  }

  /// Reads every band at multiples of `order` into [band, position].
  private func alignRow(_ order: Double, into row: UnsafeMutablePointer<Float>) {
    let (bandCount, positions) = (settings.bands.count, settings.positionCount)
    let start = settings.firstPosition * order / settings.orderStep
    let step = settings.positionStep * order / settings.orderStep
    // Positions strictly below the axis's last step have a row to their right.
    let within = ((Double(settings.axisCount - 1) - start) / step).rounded(.up)
    let known = Int(min(max(0, within), Double(positions)))
    sk_line_positions(start, step, positionIndex.indices, positionFraction.base, known)
    for p in known..<positions {
      // Invariant: rows axisCount and axisCount + 1 exist and are zero.
      positionIndex.indices[p] = Int32(settings.axisCount)
      positionFraction.base[p] = 0
    }
    sk_interpolate_rows(
      lines.base, positionIndex.indices, positionFraction.base, settings.lowest, settings.highest, row,
      bandCount, positions, positions)
  }

  /// The weighted sum of the bands' lines.
  private func ruleRow() -> [Float] {
    let steps = settings.axisCount
    var row = [Float](repeating: 0, count: steps)
    for (band, weight) in settings.ruleWeights.enumerated() {
      // Invariant: there is a weight for each band at most, and a band has `steps` lines.
      sk_add_scaled(planar.base + band * steps, weight, &row, steps)
    }
    return row
  }

  private func standardize(_ samples: [Float]) {
    let n = samples.count
    samples.withUnsafeBufferPointer { source in
      let mean = Float(sk_sum(source.baseAddress!, n) / Double(n))
      let deviation = (sk_sum_of_squares(source.baseAddress!, mean, n) / Double(n)).squareRoot()
      // Below this the samples are a constant and its rounding.
      let constant = deviation <= 1e-6 * Double(abs(mean)) || deviation < 1e-30
      sk_shift_scale(source.baseAddress!, mean, constant ? 0 : Float(1 / deviation), window.base, n)
    }
  }
}
