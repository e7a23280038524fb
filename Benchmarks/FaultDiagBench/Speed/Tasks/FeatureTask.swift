import Foundation
import SignalIO

/// Features of a folder of WAV files, as the peer takes them: reading included, one thread.
struct FeatureTask {
  enum Feature { case logMel, envelope }

  private static let passes = 3
  let folder: String

  /// Hours of signal a second of the middle one of three passes; a first look at three files plans and warms up.
  func hoursPerSecond(_ feature: Feature) throws -> Double {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".wav") }
      .sorted().map { folder + "/" + $0 }
    let extractor = Extractor(feature)
    for file in files.prefix(3) { _ = try extractor.hear(file) }
    var values: [Double] = []
    for _ in 0..<Self.passes {
      let began = ContinuousClock.now
      var seconds = 0.0
      for file in files { seconds += try extractor.hear(file) }
      values.append(seconds / 3600 / ((ContinuousClock.now - began) / .seconds(1)))
    }
    return RaceRow.median(values)
  }

  /// Workspaces planned once for a rate.
  private final class Extractor {
    private let feature: Feature
    private var logMel: LogBandSpectrogram?
    private var envelope: EnvelopeSpectrum?
    private var values: [Float] = []

    init(_ feature: Feature) { self.feature = feature }

    /// Reads a file and makes its features; returns its seconds.
    func hear(_ path: String) throws -> Double {
      let stream = try RecordingReaders.open(path: path)
      // A header says how long the file is, so one block holds all of it.
      var samples = try stream.read(frames: max(stream.info.frameCount ?? 0, 1 << 16))[0]
      while case let block = try stream.read(frames: 1 << 16), !block[0].isEmpty { samples += block[0] }
      guard let rate = stream.info.sampleRate else { return 0 }
      switch feature {
      case .logMel:
        let spectrogram = try logMel ?? LogBandSpectrogram(settings: .init(sampleRate: rate, bandCount: 80))
        logMel = spectrogram
        let count = spectrogram.frameCount(of: samples.count) * spectrogram.settings.bandCount
        if values.count != count { values = [Float](repeating: 0, count: count) }
        spectrogram.frames(of: samples, into: &values)
      case .envelope:
        let second = Int(rate)
        let spectrum = try envelope ?? EnvelopeSpectrum(.init(sampleRate: rate, frameCount: second))
        envelope = spectrum
        values = [Float](repeating: 0, count: spectrum.binCount)
        for start in stride(from: 0, through: samples.count - second, by: second) {
          spectrum.amplitudes(of: Array(samples[start..<start + second]), into: &values)
        }
      }
      return Double(samples.count) / rate
    }
  }
}
