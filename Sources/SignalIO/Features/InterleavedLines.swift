import CKernels

/// ``EnvelopeLines`` of up to 16 bands with all bands of a step side by side, as a kernel reads them.
package struct InterleavedLines {
  package let bandCount: Int
  private let stepCount: Int
  private let orderStep: Double
  private let values: AlignedBuffer

  package init(_ lines: EnvelopeLines) {
    precondition(
      lines.bandCount <= Int(sk_median_lanes) && lines.stepCount >= 2,
      "\(lines.bandCount) bands of \(lines.stepCount) steps, expected at most \(sk_median_lanes) of 2 or more"
    )
    (bandCount, stepCount, orderStep) = (lines.bandCount, lines.stepCount, lines.orderStep)
    values = AlignedBuffer(count: stepCount * Int(sk_median_lanes))
    sk_interleave(lines.values, bandCount, stepCount, values.base)
  }

  /// The mean of the peaks at the harmonics of `order`, [band].
  func meanPeaks(order: Double, _ settings: LineScores.Settings) -> [Double] {
    [Double](unsafeUninitializedCapacity: Int(sk_median_lanes)) { means, count in
      // Invariant: the kernel writes a value for each of its lanes.
      sk_mean_peaks(
        values.base, stepCount, orderStep, order, settings.reach, max(1, settings.harmonics),
        means.baseAddress!)
      count = bandCount
    }
  }
}
