import Testing

@testable import Plotting

@Suite struct LineSeriesTests {
  private let unit = Axis("", range: 0...1)

  @Test func whatIsNotFiniteBreaksTheLine() {
    let series = LineSeries("a", x: [0, 0.25, 0.5, 0.75, 1], y: [0, 1, .nan, 1, 0.5])
    let pieces = series.pieces(unit, unit, width: 100, height: 50)
    #expect(pieces.map(\.count) == [2, 2])
    #expect(pieces[0][0] == (0, 50) && pieces[0][1] == (25, 0) && pieces[1][1] == (100, 25))
  }

  /// A single sample that stands out among many is drawn.
  @Test func denseLinesKeepTheirExtremes() {
    var samples = [Float](repeating: 0.5, count: 100_000)
    (samples[31_234], samples[77_001]) = (1, 0)
    let series = LineSeries("a", samples: samples, sampleRate: 100_000)
    let piece = series.pieces(unit, unit, width: 400, height: 100)[0]
    #expect(piece.count <= 4 * 400)
    #expect(piece.map(\.y).min() == 0 && piece.map(\.y).max() == 100)
    #expect(zip(piece, piece.dropFirst()).allSatisfy { $0.x <= $1.x })
  }

  /// Samples are drawn as the same points would be, listed one by one.
  @Test(arguments: [100, 800, 801, 5000, 100_003]) func samplesAreDrawnAsPointsAre(count: Int) {
    // Plateaus, so that a column has many lowest and highest points.
    let samples = (0..<count).map { Float(($0 * 7919 / 13) % 41) / 40 }
    let short = LineSeries("a", samples: samples, sampleRate: Double(count) / 0.8, start: 0.1)
    let long = LineSeries("a", x: short.x, y: short.y)
    let (a, b) = (
      short.pieces(unit, unit, width: 400, height: 100), long.pieces(unit, unit, width: 400, height: 100)
    )
    #expect(a.count == 1 && b.count == 1)
    #expect(a[0].map { $0.x } == b[0].map { $0.x } && a[0].map { $0.y } == b[0].map { $0.y })
  }

  @Test func aGapInManySamplesBreaksTheLine() {
    var samples = [Float](repeating: 0.5, count: 10_000)
    samples[5000] = .nan
    let series = LineSeries("a", samples: samples, sampleRate: 10_000)
    #expect(series.pieces(unit, unit, width: 100, height: 100).count == 2)
  }

  @Test func coloursRepeatDashed() {
    let styles = (0..<12).map { LineSeries.style($0) }
    #expect(Set(styles).count == 12)
    #expect(styles[6] == styles[0] + " dashed")
  }
}
