import SignalIO
import Support

/// The aligned envelope of one-second windows at 12 kHz, and the Fourier transforms it could not do without.
struct AlignedEnvelopeTask {
  private static let windows = 300
  private static let frameCount = AlignedEnvelopeSettings().frameCount

  /// Of a window with lines at three families, from its samples to all features.
  func secondsPerWindow() throws -> Double {
    let envelope = try AlignedEnvelope()
    let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)
    var random = RandomSource(seed: 1, path: [])
    let samples = (0..<Self.frameCount).map { _ in Float(random.normal()) }
    var features = [Float](repeating: 0, count: envelope.featureCount)
    return Self.seconds {
      envelope.features(of: samples, shaftHz: 29.5, orders: orders, into: &features)
    }
  }

  /// Of thirteen complex inverse transforms of a window's length: one for each band and one for the window itself.
  static func secondsOfTransforms() -> Double {
    let transform = ComplexFourierTransform(length: frameCount)
    let (spectrum, samples) = (
      AlignedBuffer(count: 2 * frameCount), AlignedBuffer(count: 2 * frameCount)
    )
    return seconds { for _ in 0..<13 { transform.inverse(spectrum, into: samples) } }
  }

  /// The median over many windows, the first tenth left out.
  private static func seconds(_ body: () -> Void) -> Double {
    for _ in 0..<windows / 10 { body() }
    return RaceRow.median(
      (0..<windows).map { _ in
        let began = ContinuousClock.now
        body()
        return (ContinuousClock.now - began) / .seconds(1)
      })
  }
}
