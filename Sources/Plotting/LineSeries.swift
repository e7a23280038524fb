/// Points joined by a line; a point that is not finite breaks it.
package struct LineSeries: Sendable, Equatable {
  package var name: String
  package var x: [Double]
  package var y: [Double]
  /// Which of the colours; series of one thing have one number in all panels.
  package var colour: Int

  package init(_ name: String, x: [Double], y: [Double], colour: Int = 0) {
    precondition(x.count == y.count, "\(x.count) places for \(y.count) values")
    self.name = name
    self.x = x
    self.y = y
    self.colour = colour
  }

  /// Samples one after another, the first at `start`.
  package init(_ name: String, samples: [Float], sampleRate: Double, start: Double = 0, colour: Int = 0) {
    self.init(
      name, x: samples.indices.map { start + Double($0) / sampleRate }, y: samples.map { Double($0) },
      colour: colour)
  }

  /// The style class: six colours, then the same ones dashed.
  package var style: String { Self.style(colour) }
  package static func style(_ colour: Int) -> String {
    "line c\(colour % PlotStyle.colours.count)" + (colour / PlotStyle.colours.count % 2 == 1 ? " dashed" : "")
  }

  /// The line's pieces over a plot of `width` x `height`, y downwards, to a tenth. Where points are denser than two a
  /// column of pixels, a column keeps its lowest and highest: what a drawing of all of them would show.
  func pieces(_ xAxis: Axis, _ yAxis: Axis, width: Double, height: Double) -> [[(x: Double, y: Double)]] {
    let placed = zip(x, y).map { x, y -> (x: Double, y: Double)? in
      guard x.isFinite, y.isFinite else { return nil }
      // Beyond ten times the plot is as good as far away, and keeps numbers short.
      let (right, up) = (max(-10, min(11, xAxis.share(x))), max(-10, min(11, yAxis.share(y))))
      // A page holds thousands of lines: digits that nobody sees are left out.
      return ((right * width * 10).rounded() / 10, ((1 - up) * height * 10).rounded() / 10)
    }
    return placed.split { $0 == nil }.map { Self.thinned($0.compactMap(\.self), width: width) }
  }

  private static func thinned(
    _ points: [(x: Double, y: Double)], width: Double
  ) -> [(x: Double, y: Double)] {
    guard Double(points.count) > 2 * width else { return points }
    var result: [(x: Double, y: Double)] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start
      while end < points.count, points[end].x.rounded(.down) == column { end += 1 }
      let low = (start..<end).min { points[$0].y < points[$1].y }!
      let high = (start..<end).max { points[$0].y < points[$1].y }!
      for index in Set([low, high]).sorted() { result.append(points[index]) }
      start = end
    }
    return result
  }
}
