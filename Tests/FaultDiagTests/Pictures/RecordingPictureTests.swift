import Foundation
import Plotting
import SignalIO
import Support
import Testing

@testable import FaultDiag

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RecordingPictureTests {
  /// A resonance struck `hertz` times a second, in some noise.
  private static func struck(_ hertz: Double, seconds: Double = 4, rate: Double = 12_000) -> RecordingExcerpt
  {
    var random = RandomSource(seed: 5)
    let samples = (0..<Int(seconds * rate)).map { index -> Float in
      let since = (Double(index) / rate).truncatingRemainder(dividingBy: 1 / hertz)
      return Float(exp(-600 * since) * sin(2 * .pi * 3000 * since) + 0.05 * random.normal())
    }
    return RecordingExcerpt(samples: samples, sampleRate: rate, unit: "g")
  }

  @Test func envelopeShowsTheRateOfImpactsAndPointsAtIt() throws {
    var diagnosis = DiagnosisTests.example
    diagnosis.evidence = [
      Evidence(
        family: .outer, expectedHz: 107.4, expectedOrder: 3.585, foundHz: 107, foundOrder: 3.57, decibels: 14,
        chanceDecibels: 4, harmonics: 4, band: EvidenceBand(lowestHz: 2250, highestHz: 3750)),
      Evidence(
        family: .inner, expectedHz: 162.2, expectedOrder: 5.415, foundHz: 161, foundOrder: 5.4, decibels: 1,
        chanceDecibels: 4, harmonics: 4),
    ]
    let panel = try #require(try EnvelopePicture().panel(of: Self.struck(107), diagnosis))
    let line = try #require(panel.series.first)
    let highest = try #require(line.y.indices.max { line.y[$0] < line.y[$1] })
    #expect(abs(line.x[highest] - 107) < 0.5)
    #expect(panel.marks.map(\.x) == [107, 214, 321, 428, 162.2])
    #expect(panel.marks[0].label == "► outer 107.0 Hz")
    #expect(panel.title.contains("2250 to 3750"))
  }

  @Test func allPicturesAreDrawnOfARecording() throws {
    let panels = try RecordingPictures.panels(of: Self.struck(90), nil)
    #expect(panels.count == RecordingPictures.all.count)
    let document = try XMLDocument(data: Data(Figure(panels, columns: 2).svg.utf8))
    #expect(document.rootElement()?.name == "svg")
  }

  @Test func ofAFewSamplesOnlyWhatTheyShowIsDrawn() throws {
    let short = RecordingExcerpt(samples: [0, 1, 0, -1], sampleRate: 12_000)
    #expect(try RecordingPictures.panels(of: short, nil).map(\.title) == ["Waveform"])
    #expect(try RecordingPictures.panels(of: RecordingExcerpt(samples: [], sampleRate: 1), nil).isEmpty)
  }

  @Test func silenceIsDrawnToo() throws {
    let silence = RecordingExcerpt(samples: [Float](repeating: 0, count: 24_000), sampleRate: 12_000)
    let titles = try RecordingPictures.panels(of: silence, nil).map(\.title)
    #expect(titles.contains("Waveform") && titles.contains("Spectrogram"))
  }
}
