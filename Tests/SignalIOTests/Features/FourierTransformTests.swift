import CFFTW
import Foundation
import Support
import Testing

@testable import SignalIO

struct FourierTransformTests {
  @Test(arguments: [1, 2, 3, 4, 7, 8, 16, 20, 30, 36, 60, 64, 68, 97, 100, 128])
  func agreesWithTheSum(length: Int) {
    let x = FeatureSignals.noise(seed: 5, count: length)
    let got = FourierTransform(length: length).spectrum(of: x)
    for k in 0...length / 2 {
      var (re, im) = (0.0, 0.0)
      for (n, v) in x.enumerated() {
        re += Double(v) * cos(2 * .pi * Double(k * n) / Double(length))
        im -= Double(v) * sin(2 * .pi * Double(k * n) / Double(length))
      }
      #expect(abs(Double(got[2 * k]) - re) < 2e-5 && abs(Double(got[2 * k + 1]) - im) < 2e-5)
    }
  }

  /// Where FFTW has the code that the carried plans are made of, it takes them.
  @Test func carriedPlansAreTaken() throws {
    let (taken, own) = try FourierPlan.planner.withLock { _ in
      let taken = FourierPlan.takesWisdom
      let pointer = try #require(fftwf_export_wisdom_to_string())
      defer { free(pointer) }
      return (taken, String(cString: pointer))
    }
    let first = { (text: String) in text.split(separator: "\n").first }
    #expect(taken == (first(own) == first(FourierWisdom.text)))
  }

  /// Lengths that go by complex transforms of half of them; those of the default model by plans that are carried along.
  @Test(arguments: [4320, 4608, 6144, 6400, 12000, 16000, 16384, 16388, 24000])
  func longLengthsAgreeWithTheSum(length: Int) {
    let x = FeatureSignals.noise(seed: 6, count: length)
    let got = FourierTransform(length: length).spectrum(of: x)
    for k in [0, 1, 2, 777, length / 4 - 1, length / 4, length / 4 + 1, length / 2 - 1, length / 2] {
      var (re, im) = (0.0, 0.0)
      for (n, v) in x.enumerated() {
        let angle = 2 * .pi * Double(k * n % length) / Double(length)
        re += Double(v) * cos(angle)
        im -= Double(v) * sin(angle)
      }
      #expect(abs(Double(got[2 * k]) - re) < 2e-4 && abs(Double(got[2 * k + 1]) - im) < 2e-4)
    }
  }

  /// Power and magnitudes in one pass are those of the transform, however many are asked for.
  @Test(arguments: [1, 7, 8, 30, 32, 36, 64, 100, 1024, 6000])
  func powerAndMagnitudesAreThoseOfTheTransform(length: Int) {
    let transform = FourierTransform(length: length)
    let bins = transform.binCount
    let samples = AlignedBuffer(count: length)
    samples.load(FeatureSignals.noise(seed: 8, count: length))
    let spectrum = AlignedBuffer(count: 2 * bins)
    transform.forward(samples, into: spectrum)
    let expected = (0..<bins).map { k in
      (spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1]).squareRoot()
    }
    let found = AlignedBuffer(count: bins)
    transform.power(of: samples, through: spectrum, into: found)
    for k in 0..<bins { #expect(abs(found[k].squareRoot() - expected[k]) < 1e-4) }
    for count in Set([0, 1, 2, bins / 4, bins / 2, bins / 2 + 1, bins - 1, bins]) where count <= bins {
      found.clear(0..<bins)
      transform.magnitudes(of: samples, count: count, through: spectrum, into: found)
      for k in 0..<count { #expect(abs(found[k] - expected[k]) < 1e-4, "\(k) of \(count)") }
    }
  }

  @Test(arguments: [1, 4, 6, 8, 20, 32, 36, 64, 100, 997, 1024, 4096, 12000, 24000])
  func inverseUndoesForward(length: Int) {
    let transform = FourierTransform(length: length)
    let x = FeatureSignals.noise(seed: 9, count: length)
    var back = x
    transform.filter(&back, gains: [Float](repeating: 1, count: transform.binCount))
    #expect(zip(x, back).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func toneFillsItsBinAndImpulseFillsAll() {
    let transform = FourierTransform(length: 12000)
    let tone = transform.spectrum(of: FeatureSignals.tone(3000, amplitude: 2, count: 12000))
    #expect(abs(tone[2 * 3000] - 12000) < 0.1)
    #expect(abs(tone[2 * 2999]) < 0.05 && abs(tone[2 * 3001 + 1]) < 0.05)
    let impulse = transform.spectrum(of: FeatureSignals.impulse(at: 0, count: 12000))
    #expect((0...6000).allSatisfy { abs(impulse[2 * $0] - 1) < 1e-6 && abs(impulse[2 * $0 + 1]) < 1e-6 })
  }

  @Test func complexDirectionsInvertAndKeepTheirInput() {
    let transform = ComplexFourierTransform(length: 60)
    let (a, b, c) = (AlignedBuffer(count: 120), AlignedBuffer(count: 120), AlignedBuffer(count: 120))
    let x = FeatureSignals.noise(seed: 3, count: 120)
    a.load(x)
    transform.forward(a, into: b)
    transform.inverse(b, into: c)
    #expect(a.prefix(120) == x)
    #expect(zip(c.prefix(120), x).allSatisfy { abs($0 / 60 - $1) < 1e-5 })
  }

  /// Plans are made and used by many threads at once; each result must be that of one thread.
  @Test func manyThreadsPlanAndTransform() {
    let lengths = (0..<48).map { 900 + 7 * $0 }
    let expected = lengths.map {
      FourierTransform(length: $0).spectrum(of: FeatureSignals.noise(seed: 1, count: $0))
    }
    let got = Parallel.map(lengths.count * 4, threads: 8) { i in
      let length = lengths[i % lengths.count]
      return FourierTransform(length: length).spectrum(of: FeatureSignals.noise(seed: 1, count: length))
    }
    for i in got.indices { #expect(got[i] == expected[i % lengths.count]) }
  }

  @Test func fastLengthsAreProductsOfSmallPrimes() {
    #expect(FourierTransform.fastLength(atLeast: 12000) == 12000)
    #expect(FourierTransform.fastLength(atLeast: 7) == 8)
    #expect(FourierTransform.fastLength(atLeast: 4097) == 4320)
    #expect(FourierTransform.fastLength(atLeast: 0) == 1)
    #expect(FourierTransform.fastLength(atMost: 12000) == 12000)
    #expect(FourierTransform.fastLength(atMost: 4319) == 4096)
    #expect(FourierTransform.fastLength(atMost: 0) == 1)
  }

  /// Recordings of ever other lengths must not pile plans up, and who holds one that gave way must still be able to use it.
  @Test func plansThatGaveWayStillServeWhoHoldsThem() {
    let samples = FeatureSignals.noise(seed: 1, count: 4320)
    let early = FourierTransform(length: 4320)
    let expected = early.spectrum(of: samples)
    weak let plan = FourierPlan.plan(.complexForward, length: 2468)
    for length in 2500..<2600 { _ = FourierPlan.plan(.complexForward, length: length) }
    #expect(plan == nil)
    #expect(early.spectrum(of: samples) == expected)
    #expect(FourierTransform(length: 4320).spectrum(of: samples) == expected)
  }
}
