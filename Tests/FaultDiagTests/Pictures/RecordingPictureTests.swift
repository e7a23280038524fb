import Foundation
import Plotting
import SignalIO
import TestSupport
import Testing

@testable import FaultDiag

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RecordingPictureTests {
  private static let orders = FaultOrders(outer: 3.5848, inner: 5.4152, ball: 4.7135, cage: 0.39828)
  private static let (shaftHz, rate) = (29.5, 12_000.0)

  /// An outer race that is struck, and what the search for lines says of it.
  private static func outerRace() throws -> (excerpt: RecordingExcerpt, diagnosis: Diagnosis) {
    var settings = SimulationSettings(fault: .outer, orders: orders, shaftHz: shaftHz)
    (settings.sampleRate, settings.seconds, settings.signalToNoise) = (rate, 4, 6)
    let samples = try BearingSimulator(settings).recording(seed: 1).samples
    var evidence = try #require(BearingEvidence(sampleRate: rate, shaftHz: shaftHz, orders: orders))
    evidence.add(samples)
    var diagnosis = try #require(ReportExamples.row("a.wav", state: "outer").diagnosis)
    diagnosis.evidence = evidence.findings()
    diagnosis.speed = ShaftSpeedNote(rpm: 60 * shaftHz, origin: .stated)
    diagnosis.windowScores = WindowScores(
      firstSeconds: 2, stepSeconds: 4, windowsPerPoint: 2,
      states: [
        .init(state: "normal", probabilities: [0.1, nil, 0.3]),
        .init(state: "<outer>", probabilities: [0.9, nil, 0.7]),
      ])
    var excerpt = RecordingExcerpt(samples: samples, sampleRate: rate, unit: "g")
    (excerpt.shaftHz, excerpt.orders) = (shaftHz, orders)
    return (excerpt, diagnosis)
  }

  @Test func theEnvelopePointsAtTheLineThatDecided() throws {
    let (excerpt, diagnosis) = try Self.outerRace()
    let panel = try #require(try EnvelopePicture().panel(of: excerpt, diagnosis))
    let pointed = panel.marks.filter { $0.kind == .pointed }
    let expected = Self.orders.outer * Self.shaftHz
    #expect(pointed.count == 1 && pointed[0].label.hasPrefix("BPFO"))
    #expect(abs(pointed[0].x / expected - 1) < 0.02)
    // The arrow stands on the highest peak.
    let line = try #require(panel.series.first)
    let highest = try #require(line.y.indices.max { line.y[$0] < line.y[$1] })
    #expect(abs(line.x[highest] - pointed[0].x) < 1)
    func place(_ label: String) -> Double? { panel.marks.first { $0.label == label }?.x }
    #expect(close(try #require(place("3×")), 3 * pointed[0].x))
    #expect(close(try #require(place("BPFI")), Self.orders.inner * Self.shaftHz))
    #expect(close(try #require(place("2×BSF")), Self.orders.ball * Self.shaftHz))
    #expect(close(try #require(place("FTF")), Self.orders.cage * Self.shaftHz))
    // Sidebands of a race stand a turn beside the line and its second harmonic.
    let sides = panel.marks.filter { $0.kind == .aside }.map(\.x)
    #expect(sides.count == 4 && sides.contains { close($0, pointed[0].x + Self.shaftHz) })
    #expect(panel.x.range.upperBound > 4 * pointed[0].x)
  }

  @Test func withoutAVerdictTheLinesHaveTheirExpectedPlaces() throws {
    let (excerpt, _) = try Self.outerRace()
    let panel = try #require(try EnvelopePicture().panel(of: excerpt, nil))
    #expect(panel.marks.allSatisfy { $0.kind == .plain })
    #expect(Set(panel.marks.map(\.label)) == ["BPFO", "BPFI", "2×BSF", "FTF", "shaft"])
    var bare = excerpt
    (bare.shaftHz, bare.orders) = (nil, nil)
    #expect(try EnvelopePicture().panel(of: bare, nil)?.marks.isEmpty == true)
  }

  /// 1 g at 100 Hz has a velocity of 9.80665 / (2 pi 100) m/s, and a root mean square of that over the root of 2.
  @Test func velocityOfATone() throws {
    let samples = (0..<48_000).map { Float(sin(2 * .pi * 100 * Double($0) / Self.rate)) }
    let excerpt = RecordingExcerpt(samples: samples, sampleRate: Self.rate, unit: "g")
    let line = try #require(try VelocityPicture().panel(of: excerpt, nil)?.series.first)
    let highest = try #require(line.y.indices.max { line.y[$0] < line.y[$1] })
    #expect(abs(line.x[highest] - 100) < 1e-6)
    #expect(abs(line.y[highest] - 1000 * 9.80665 / (200 * .pi) / 2.0.squareRoot()) < 0.02)
    for unit in ["Pa", nil] {
      let other = RecordingExcerpt(samples: samples, sampleRate: Self.rate, unit: unit)
      #expect(try VelocityPicture().panel(of: other, nil) == nil)
    }
  }

  @Test func scoresStandAtTheirTimes() throws {
    let (excerpt, diagnosis) = try Self.outerRace()
    let panel = try #require(try WindowScoresPicture().panel(of: excerpt, diagnosis))
    #expect(panel.series.map(\.name) == ["normal", "<outer>"] && panel.hasLegend)
    #expect(panel.series[1].x == [2, 6, 10] && panel.series[1].y[0] == 0.9 && panel.series[1].y[1].isNaN)
    #expect(Set(panel.series.map(\.colour)).count == 2)
    // The whole recording, of which the excerpt is the beginning.
    #expect(panel.x.range == 0...diagnosis.recording.seconds && panel.x.unit == "s")
    #expect(Figure([panel]).svg.contains("&lt;outer&gt;"))
    #expect(try WindowScoresPicture().panel(of: excerpt, nil) == nil)
  }

  @Test func allPicturesAreOneWellFormedDrawing() throws {
    let (excerpt, diagnosis) = try Self.outerRace()
    let panels = try RecordingPictures.panels(of: excerpt, diagnosis)
    #expect(panels.count == RecordingPictures.all.count)
    let document = try XMLDocument(data: Data(Figure(panels, columns: 2, title: "<&>").svg.utf8))
    #expect(document.rootElement()?.name == "svg")
    // A recording of a page has a budget.
    #expect(SectionPictures(panels, words: "all").html.utf8.count < 60_000)
  }

  @Test func whatIsTooShortOrSilentIsDrawnAsFarAsItGoes() throws {
    let short = RecordingExcerpt(samples: [0, 1, .nan, -1], sampleRate: 12_000, unit: "g")
    #expect(try RecordingPictures.panels(of: short, nil).map(\.title) == ["Waveform"])
    #expect(try RecordingPictures.panels(of: RecordingExcerpt(samples: [], sampleRate: 1), nil).isEmpty)
    let silence = RecordingExcerpt(
      samples: [Float](repeating: 0, count: 24_000), sampleRate: 12_000, unit: "g")
    let titles = try RecordingPictures.panels(of: silence, nil).map(\.title)
    #expect(titles == ["Waveform", "Spectrum", "Velocity spectrum", "Spectrogram"])
  }
}
