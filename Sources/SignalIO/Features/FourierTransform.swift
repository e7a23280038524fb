import CFFTW
import CKernels

/// The discrete Fourier transform of real signals of one length, in single precision.
///
///     X[k] = sum over n of x[n] exp(-2 pi i k n / N),  k = 0 ... N / 2
///
/// Neither direction scales: `inverse(forward(x))` is N x. Complex numbers are interleaved (real, imaginary).
/// Any length works; products of small primes (12,000 among them) are fast. A value may be used from many
/// threads at once, each with buffers of its own. Relative error is about 1e-7 sqrt(log2 N); a NaN or
/// infinity anywhere spreads everywhere.
package struct FourierTransform: Sendable {
  /// N, samples.
  package let length: Int
  /// Complex numbers in the one-sided spectrum: N / 2 + 1.
  package var binCount: Int { length / 2 + 1 }

  private let forwardPlan: FourierPlan
  /// Of a length that goes by a complex transform of half of it; nil for one that FFTW's real transform serves. FFTW plans a
  /// complex transform in less than a millisecond, a real one of twice its length in up to 15, and takes twice as long for
  /// 1,024 real numbers as for 512 complex ones and what makes the one from the other.
  private let factors: KeptTables.Table?

  /// Plans the forward direction. The way back is rare, so its plan is made when it is first asked for.
  package init(length: Int) {
    self.length = length
    if length.isMultiple(of: 4) {
      factors = RealTransformFactors.of(length)
      forwardPlan = .plan(.complexForward, length: length / 2)
    } else {
      factors = nil
      forwardPlan = .plan(.realForward, length: length)
    }
  }

  /// Transforms the first N floats of `samples` into the first N / 2 + 1 complex numbers of `spectrum`; keeps
  /// `samples`.
  package func forward(_ samples: AlignedBuffer, into spectrum: AlignedBuffer) {
    if let factors = execute(samples, into: spectrum) {
      sk_unpack_real_transform(spectrum.base, factors.values.base, length)
    }
  }

  /// The transform itself; returns what its result must be unpacked with, where it is that of half the length.
  private func execute(_ samples: AlignedBuffer, into spectrum: AlignedBuffer) -> KeptTables.Table? {
    check(samples: samples, spectrum: spectrum)
    if factors == nil {
      fftwf_execute_dft_r2c(forwardPlan.pointer, samples.base, spectrum.complex)
    } else {
      fftwf_execute_dft(forwardPlan.pointer, samples.complex, spectrum.complex)
    }
    return factors
  }

  /// |X[k]|^2 of the N / 2 + 1 bins into `power` from `place` on, through `spectrum`, which holds no transform afterwards; keeps
  /// `samples`.
  package func power(
    of samples: AlignedBuffer, through spectrum: AlignedBuffer, into power: AlignedBuffer, at place: Int = 0
  ) {
    precondition(
      place >= 0 && power.count >= place + binCount,
      "room for \(power.count) bins, expected \(binCount) from \(place) on")
    if let factors = execute(samples, into: spectrum) {
      sk_power_of_packed(spectrum.base, factors.values.base, length, power.base + place)
    } else {
      sk_power(spectrum.base, power.base + place, binCount)
    }
  }

  /// |X[k]| of the first `count` bins; `magnitudes` has room for all N / 2 + 1. Otherwise as ``power(of:through:into:at:)``.
  package func magnitudes(
    of samples: AlignedBuffer, count: Int, through spectrum: AlignedBuffer, into magnitudes: AlignedBuffer
  ) {
    precondition(
      magnitudes.count >= binCount && count <= binCount,
      "\(count) bins and room for \(magnitudes.count), of \(binCount)")
    if let factors = execute(samples, into: spectrum) {
      sk_magnitude_of_packed(spectrum.base, factors.values.base, length, count, magnitudes.base)
    } else {
      sk_magnitude(spectrum.base, magnitudes.base, count)
    }
  }

  /// The way back, times N. Destroys `spectrum`. Imaginary parts of bin 0 (and N / 2 for even N) are ignored.
  package func inverse(destroying spectrum: AlignedBuffer, into samples: AlignedBuffer) {
    check(samples: samples, spectrum: spectrum)
    if let factors {
      let plan = FourierPlan.plan(.complexInverse, length: length / 2)
      sk_pack_real_transform(spectrum.base, factors.values.base, length)
      fftwf_execute_dft(plan.pointer, spectrum.complex, samples.complex)
    } else {
      let plan = FourierPlan.plan(.realInverse, length: length)
      fftwf_execute_dft_c2r(plan.pointer, spectrum.complex, samples.base)
    }
  }

  /// The one-sided spectrum of `samples` as 2 (N / 2 + 1) interleaved floats; allocates, for use outside hot
  /// loops.
  package func spectrum(of samples: [Float]) -> [Float] {
    precondition(samples.count == length, "\(samples.count) samples given to a transform of \(length)")
    let input = AlignedBuffer(count: length)
    let output = AlignedBuffer(count: 2 * binCount)
    input.load(samples)
    forward(input, into: output)
    return output.prefix(2 * binCount)
  }

  /// Filters `samples`, taken as one period, by real gains over the spectrum: Y[k] = g[k] X[k], without delay.
  ///
  /// - `gains`: of the N / 2 + 1 bins.
  package func filter(_ samples: inout [Float], gains: [Float]) {
    precondition(gains.count == binCount, "\(gains.count) gains for \(binCount) bins")
    precondition(samples.count == length, "\(samples.count) samples given to a transform of \(length)")
    let signal = AlignedBuffer(count: length)
    let spectrum = AlignedBuffer(count: 2 * binCount)
    signal.load(samples)
    forward(signal, into: spectrum)
    let scale = 1 / Float(length)
    // Invariant: bins 0 ... N / 2 are two floats each of the spectrum's buffer.
    for (bin, gain) in gains.enumerated() {
      spectrum.base[2 * bin] *= gain * scale
      spectrum.base[2 * bin + 1] *= gain * scale
    }
    inverse(destroying: spectrum, into: signal)
    // Invariant: the signal's buffer holds N floats, as many as there are samples.
    samples.withUnsafeMutableBufferPointer { $0.baseAddress?.update(from: signal.base, count: length) }
  }

  /// The smallest length not below `minimum` that is 2^a 3^b 5^c, and above 256 a multiple of 16: what FFTW
  /// is fast for. (With estimated plans 2,250 and 3,125 points take 2 to 3 times as long as 2,304 and 3,200.)
  package static func fastLength(atLeast minimum: Int) -> Int {
    var candidate = max(1, minimum)
    while !isFast(candidate) { candidate += 1 }
    return candidate
  }

  /// The largest such length not above `maximum`.
  package static func fastLength(atMost maximum: Int) -> Int {
    var candidate = max(1, maximum)
    while !isFast(candidate) { candidate -= 1 }
    return candidate
  }

  private static func isFast(_ length: Int) -> Bool {
    guard length <= 256 || length % 16 == 0 else { return false }
    var rest = length
    for prime in [2, 3, 5] {
      while rest % prime == 0 { rest /= prime }
    }
    return rest == 1
  }

  private func check(samples: AlignedBuffer, spectrum: AlignedBuffer) {
    precondition(
      samples.count >= length && spectrum.count >= 2 * binCount && samples !== spectrum,
      "buffers of \(samples.count) and \(spectrum.count) floats, expected \(length) and \(2 * binCount), distinct"
    )
  }
}

/// The discrete Fourier transform of complex signals of one length; the inverse makes analytic signals.
/// Unscaled.
package struct ComplexFourierTransform: Sendable {
  package let length: Int

  private let inversePlan: FourierPlan

  /// Plans the inverse, which analytic signals need; the forward plan is made when it is first asked for.
  package init(length: Int) {
    self.length = length
    inversePlan = .plan(.complexInverse, length: length)
  }

  /// X[k] = sum of x[n] exp(-2 pi i k n / N); keeps `samples`.
  package func forward(_ samples: AlignedBuffer, into spectrum: AlignedBuffer) {
    check(samples, spectrum)
    let plan = FourierPlan.plan(.complexForward, length: length)
    fftwf_execute_dft(plan.pointer, samples.complex, spectrum.complex)
  }

  /// N x[n] = sum of X[k] exp(+2 pi i k n / N); keeps `spectrum`.
  package func inverse(_ spectrum: AlignedBuffer, into samples: AlignedBuffer) {
    check(spectrum, samples)
    fftwf_execute_dft(inversePlan.pointer, spectrum.complex, samples.complex)
  }

  private func check(_ first: AlignedBuffer, _ second: AlignedBuffer) {
    precondition(
      first.count >= 2 * length && second.count >= 2 * length && first !== second,
      "buffers of \(first.count) and \(second.count) floats, expected \(2 * length) each, distinct")
  }
}
