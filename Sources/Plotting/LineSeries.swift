import CKernels

/// Points joined by a line; a point that is not finite breaks it.
package struct LineSeries: Sendable, Equatable {
  package var name: String
  private let points: Points
  /// Which of the colours; series of one thing have one number in all panels.
  package var colour: Int

  private enum Points: Sendable, Equatable {
    case places(x: [Double], y: [Double])
    case samples([Float], sampleRate: Double, start: Double)
  }

  package init(_ name: String, x: [Double], y: [Double], colour: Int = 0) {
    precondition(x.count == y.count, "\(x.count) places for \(y.count) values")
    self.name = name
    points = .places(x: x, y: y)
    self.colour = colour
  }

  /// Samples one after another, the first at `start`.
  package init(_ name: String, samples: [Float], sampleRate: Double, start: Double = 0, colour: Int = 0) {
    self.name = name
    points = .samples(samples, sampleRate: sampleRate, start: start)
    self.colour = colour
  }

  package var x: [Double] {
    switch points {
    case .places(let x, _): x
    case .samples(let samples, let sampleRate, let start):
      samples.indices.map { Self.place($0, sampleRate, start) }
    }
  }

  package var y: [Double] {
    switch points {
    case .places(_, let y): y
    case .samples(let samples, _, _): samples.map { Double($0) }
    }
  }

  private static func place(_ index: Int, _ sampleRate: Double, _ start: Double) -> Double {
    start + Double(index) / sampleRate
  }

  /// The style class: six colours, then the same ones dashed.
  package var style: String { Self.style(colour) }
  package static func style(_ colour: Int) -> String {
    "line c\(colour % PlotStyle.colours.count)" + (colour / PlotStyle.colours.count % 2 == 1 ? " dashed" : "")
  }

  /// The line's pieces over a plot of `width` x `height`, y downwards, to a tenth. Where points are denser than two a
  /// column of pixels, a column keeps its lowest and highest: what a drawing of all of them would show.
  func pieces(_ xAxis: Axis, _ yAxis: Axis, width: Double, height: Double) -> [[(x: Double, y: Double)]] {
    let placement = Placement(xAxis, yAxis, width: width, height: height)
    if case .samples(let samples, let sampleRate, let start) = points, Double(samples.count) > 2 * width,
      samples.withUnsafeBufferPointer({ fd_summarize_signal($0.baseAddress, $0.count).non_finite }) == 0
    {
      return [Self.extremes(of: samples, sampleRate, start, placement)]
    }
    let (x, y) = (x, y)
    return Self.finiteStretches(x, y).map { stretch in
      let shown =
        Double(stretch.count) > 2 * width ? Self.extremes(stretch, x, y, placement) : Array(stretch)
      return shown.map { (placement.x(x[$0]), placement.y(y[$0])) }
    }
  }

  /// Where points follow one another without a gap.
  private static func finiteStretches(_ x: [Double], _ y: [Double]) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start: Int?
    for index in x.indices {
      if x[index].isFinite && y[index].isFinite {
        start = start ?? index
      } else if let first = start {
        stretches.append(first..<index)
        start = nil
      }
    }
    return stretches + (start.map { [$0..<x.count] } ?? [])
  }

  /// The lowest and the highest point of every column, in their order.
  private static func extremes(
    _ stretch: Range<Int>, _ x: [Double], _ y: [Double], _ placement: Placement
  ) -> [Int] {
    var result: [Int] = []
    var start = stretch.lowerBound
    while start < stretch.upperBound {
      let column = placement.column(x[start])
      var (low, high) = (start, start)
      var end = start + 1
      while end < stretch.upperBound, placement.column(x[end]) == column {
        if y[end] < y[low] { low = end }
        if y[end] > y[high] { high = end }
        end += 1
      }
      result.append(min(low, high))
      if low != high { result.append(max(low, high)) }
      start = end
    }
    return result
  }

  /// The same of finite samples, whose places rise: where a column ends is found by halving.
  private static func extremes(
    of samples: [Float], _ sampleRate: Double, _ start: Double, _ placement: Placement
  ) -> [(x: Double, y: Double)] {
    var result: [(x: Double, y: Double)] = []
    func add(_ index: Int) {
      result.append((placement.x(place(index, sampleRate, start)), placement.y(Double(samples[index]))))
    }
    var first = 0
    while first < samples.count {
      let column = placement.column(place(first, sampleRate, start))
      var (within, beyond) = (first, samples.count)
      while beyond - within > 1 {
        let middle = (within + beyond) / 2
        if placement.column(place(middle, sampleRate, start)) == column {
          within = middle
        } else {
          beyond = middle
        }
      }
      var (low, high) = (0, 0)
      samples.withUnsafeBufferPointer {
        // Invariant: the column's samples, of which there is one at least.
        fd_extreme_positions($0.baseAddress! + first, beyond - first, &low, &high)
      }
      add(first + min(low, high))
      if low != high { add(first + max(low, high)) }
      first = beyond
    }
    return result
  }
}

/// Where values lie in a plot. A page holds thousands of lines, so digits that nobody sees are left out.
private struct Placement {
  private let xAxis, yAxis: Axis
  private let width, height: Double

  init(_ xAxis: Axis, _ yAxis: Axis, width: Double, height: Double) {
    (self.xAxis, self.yAxis, self.width, self.height) = (xAxis, yAxis, width, height)
  }

  func x(_ value: Double) -> Double { (Self.share(value, xAxis) * width * 10).rounded() / 10 }
  func y(_ value: Double) -> Double { ((1 - Self.share(value, yAxis)) * height * 10).rounded() / 10 }
  /// The column of pixels.
  func column(_ value: Double) -> Int { Int(Self.share(value, xAxis) * width + 10 * width) }

  /// Beyond ten times the plot is as good as far away, and keeps numbers short.
  private static func share(_ value: Double, _ axis: Axis) -> Double { max(-10, min(11, axis.share(value))) }
}
