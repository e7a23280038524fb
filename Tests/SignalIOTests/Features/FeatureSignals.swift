import Foundation
import Support
import TestSupport
import Testing

/// Signals with known answers, shared by the feature tests.
enum FeatureSignals {
  static func tone(
    _ frequency: Double, amplitude: Double = 1, phase: Double = 0, count: Int, rate: Double = 12000
  ) -> [Float] {
    (0..<count).map { Float(amplitude * cos(2 * .pi * frequency * Double($0) / rate + phase)) }
  }

  static func impulse(at position: Int, amplitude: Float = 1, count: Int) -> [Float] {
    var samples = [Float](repeating: 0, count: count)
    samples[position] = amplitude
    return samples
  }

  /// Uniform noise with mean 0 and variance 1.
  static func noise(seed: UInt64, count: Int) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in Float((random.uniform() - 0.5) * 12.0.squareRoot()) }
  }

  /// (1 + depth cos(2 pi modulation t)) cos(2 pi carrier t): its envelope is known.
  static func modulated(
    carrier: Double, modulation: Double, depth: Double, count: Int, rate: Double = 12000
  ) -> [Float] {
    (0..<count).map { n in
      let t = Double(n) / rate
      return Float((1 + depth * cos(2 * .pi * modulation * t)) * cos(2 * .pi * carrier * t))
    }
  }

  /// The signal of `simulated` in Tools/Reference/AlignedEnvelope.py: a resonance at 3 kHz struck `order`
  /// times a revolution.
  static func struckResonance(
    count: Int = 12000, rate: Double = 12000, shaft: Double = 29.5, order: Double = 3.5848
  ) -> [Float] {
    var samples = [Double](repeating: 0, count: count)
    for k in 0..<Int(Double(count) / rate * shaft * order) + 1 {
      let start = (Double(k) + 0.3) / (shaft * order)
      for n in max(0, Int((start * rate).rounded(.up)))..<count {
        let d = Double(n) / rate - start
        if d > 0.06 { break }  // the tail is below 1e-15 of the strike
        samples[n] += exp(-600 * d) * sin(2 * .pi * 3000 * d)
      }
    }
    var state: UInt64 = 7
    return (0..<count).map { n in
      var noise = 0.0
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        noise += Double(state >> 40) / 16_777_216 - 0.5
      }
      return Float(samples[n] + 0.2 * sin(2 * .pi * shaft * Double(n) / rate) + 0.4 * noise)
    }
  }

  /// One object of Tests/Golden.
  static func golden<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    try JSONDecoder().decode(T.self, from: Data(contentsOf: URL(fileURLWithPath: Golden.path(name))))
  }

  /// Largest |a - b| over (absolute + relative |b|): at most 1 means agreement within the tolerance.
  static func disagreement(
    _ a: [Float], _ b: [Double], relative: Double, absolute: Double
  ) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs(Double($0) - $1) / (absolute + relative * abs($1)) }.max() ?? 0
  }
}

/// Tests/Golden/Features.json, written by Tools/Reference/Features.py.
struct FeatureGolden: Decodable {
  var arrays: [String: [Double]] = [:]
  var statistics: [String: Double] = [:]

  static let loaded: FeatureGolden? = {
    do { return try FeatureSignals.golden("Features.json", as: FeatureGolden.self) } catch {
      Issue.record(error, "Tests/Golden/Features.json")
      return nil
    }
  }()

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for key in container.allKeys {
      if key.stringValue == "statistics" {
        statistics = try container.decode([String: Double].self, forKey: key)
      } else {
        arrays[key.stringValue] = try container.decode([Double].self, forKey: key)
      }
    }
  }

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
