import SignalIO

/// How a window of samples becomes the input of an encoder.
///
/// To add a kind: a file in `Features/` with a type of this protocol, and a case in ``FeaturePlan``.
package protocol WindowFeatures: Codable, Sendable, Equatable {
  /// Word that marks this kind in a stored plan.
  static var kind: String { get }
  /// Of the windows, in hertz. Before a plan is adapted to recordings, the highest rate allowed.
  var sampleRate: Double { get set }
  /// Whether each window's mean is removed and its variance set to 1, so that level is no feature.
  var isStandardized: Bool { get set }
  /// Samples a window.
  var windowSamples: Int { get }
  /// Length of an encoder input: samples or steps.
  var inputLength: Int { get }
  /// Channels of an encoder input.
  var inputSize: Int { get }

  /// The same with windows of at most `samples` samples; nil where that is impossible.
  func shortened(to samples: Int) -> Self?
  /// Throws ``CPCError/badSetting(name:found:expected:)`` for values that cannot be used.
  func validate() throws(CPCError)
  /// A worker with its own workspace, for one thread at a time.
  func makeExtractor() throws(CPCError) -> any FeatureExtractor
}

/// Makes features of windows, one at a time.
package protocol FeatureExtractor: AnyObject {
  /// `inputLength * inputSize` numbers, row-major, of `windowSamples` samples.
  func features(of samples: [Float]) -> [Float]
}

/// The kinds of features a plan can choose.
package enum FeaturePlan: Sendable, Equatable {
  case raw(RawFeatures)
  case spectral(SpectralFeatures)

  private static let kinds: [any WindowFeatures.Type] = [RawFeatures.self, SpectralFeatures.self]

  /// The chosen kind, whatever it is.
  package var features: any WindowFeatures {
    get {
      switch self {
      case .raw(let features): features
      case .spectral(let features): features
      }
    }
    set {
      switch newValue {
      case let features as RawFeatures: self = .raw(features)
      case let features as SpectralFeatures: self = .spectral(features)
      default: preconditionFailure("features \(newValue) have no case in FeaturePlan")
      }
    }
  }

  package var sampleRate: Double {
    get { features.sampleRate }
    set { features.sampleRate = newValue }
  }
  package var windowSamples: Int { features.windowSamples }
  package var windowSeconds: Double { Double(windowSamples) / sampleRate }
  package var inputLength: Int { features.inputLength }
  package var inputSize: Int { features.inputSize }
}

extension FeaturePlan: Codable {
  private enum Key: String, CodingKey { case kind }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let kind = try container.decode(String.self, forKey: .kind)
    switch kind {
    case RawFeatures.kind: self = .raw(try RawFeatures(from: decoder))
    case SpectralFeatures.kind: self = .spectral(try SpectralFeatures(from: decoder))
    default:
      let known = Self.kinds.map { $0.kind }.joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "features of kind '\(kind)' are unknown; known are \(known)")
    }
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type(of: features).kind, forKey: .kind)
    try features.encode(to: encoder)
  }
}

/// Brings one window to mean 0 and variance 1.
package enum WindowStandardization {
  /// Standardised in place; a constant window becomes zeros. Sums are in double precision.
  package static func apply(_ samples: inout [Float]) {
    guard !samples.isEmpty else { return }
    let count = Double(samples.count)
    var sum = 0.0
    for x in samples { sum += Double(x) }
    let mean = sum / count
    var squares = 0.0
    for x in samples {
      let d = Double(x) - mean
      squares += d * d
    }
    let deviation = (squares / count).squareRoot()
    // Rounding leaves a constant window of level m a deviation near m 2^-24; that is not a signal.
    let isConstant = deviation <= abs(mean) * 1e-7 || deviation == 0
    let factor = isConstant ? 0 : 1 / deviation
    for i in samples.indices { samples[i] = Float((Double(samples[i]) - mean) * factor) }
  }
}
