import Foundation

/// One plot: two axes, and what is drawn between them.
package struct Panel: Sendable, Equatable {
  package var title: String
  package var x: Axis
  package var y: Axis
  package var series: [LineSeries]
  package var heatMap: HeatMap?
  /// Places on the x axis to point at, with a word each.
  package var marks: [Mark]
  /// Whether the lines are named, above the plot.
  package var hasLegend: Bool

  package struct Mark: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// A dashed line.
      case plain
      /// A coloured line with an arrowhead: what the panel is there to show.
      case pointed
      /// A short line at the foot, for what stands beside another mark.
      case aside
    }

    package var x: Double
    /// May be empty.
    package var label: String
    package var kind: Kind

    package init(x: Double, label: String, kind: Kind = .plain) {
      self.x = x
      self.label = label
      self.kind = kind
    }
  }

  package init(
    _ title: String, x: Axis, y: Axis, series: [LineSeries] = [], heatMap: HeatMap? = nil, marks: [Mark] = [],
    hasLegend: Bool = false
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.heatMap = heatMap
    self.marks = marks
    self.hasLegend = hasLegend
    reservesScale = heatMap != nil
  }

  /// In units of the drawing, of which a letter is 13 high.
  static let size = (width: 480.0, height: 250.0)
  private static let margin = (left: 80.0, right: 18.0, top: 30.0, bottom: 46.0)
  /// For the colours' scale beside a heat map.
  private static let barMargin = 66.0

  /// Whether the right margin has room for a scale of colours: in a figure all panels do so, or time would not stand under time.
  var reservesScale = false

  private var plotWidth: Double {
    Self.size.width - Self.margin.left - Self.margin.right - (reservesScale ? Self.barMargin : 0)
  }
  private var plotHeight: Double { Self.size.height - top - Self.margin.bottom }
  /// Where the plot begins.
  private var top: Double { Self.margin.top + (legend?.height ?? 0) }
  private var legend: PanelLegend? { hasLegend ? PanelLegend(series, width: plotWidth) : nil }

  /// Draws the panel with its upper left corner at `origin`.
  func draw(at origin: (x: Double, y: Double), with svg: inout SVGWriter) {
    svg.open("g", [("transform", "translate(\(SVGWriter.number(origin.x)) \(SVGWriter.number(origin.y)))")])
    svg.words(title, x: Self.margin.left, y: 19, class: "title")
    legend?.draw(at: (Self.margin.left, Self.margin.top), with: &svg)
    svg.open(
      "g",
      [("transform", "translate(\(SVGWriter.number(Self.margin.left)) \(SVGWriter.number(top)))")]
    )
    drawGrid(with: &svg)
    drawContent(with: &svg)
    svg.element(
      "rect",
      [("class", "frame"), ("width", SVGWriter.number(plotWidth)), ("height", SVGWriter.number(plotHeight))])
    if let heatMap { drawBar(of: heatMap, with: &svg) }
    svg.close()
    svg.close()
  }

  private func drawGrid(with svg: inout SVGWriter) {
    let xTicks = Ticks(in: x.range)
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      let place = x.share(value) * plotWidth
      svg.line(from: (place, 0), to: (place, plotHeight), class: "grid")
      svg.words(label, x: place, y: plotHeight + 17, anchor: "middle")
    }
    let yTicks = Ticks(in: y.range)
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      let place = (1 - y.share(value)) * plotHeight
      svg.line(from: (0, place), to: (plotWidth, place), class: "grid")
      svg.words(label, x: -7, y: place + 4.5, anchor: "end")
    }
    svg.words(x.title, x: plotWidth / 2, y: plotHeight + 36, anchor: "middle")
    svg.words(y.title, x: 0, y: 0, anchor: "middle", transform: Self.upright(x: -64, y: plotHeight / 2))
  }

  /// A nested drawing cuts off what would leave the plot.
  private func drawContent(with svg: inout SVGWriter) {
    svg.open("svg", [("width", SVGWriter.number(plotWidth)), ("height", SVGWriter.number(plotHeight))])
    if let heatMap {
      svg.element(
        "image",
        [
          ("width", SVGWriter.number(plotWidth)), ("height", SVGWriter.number(plotHeight)),
          ("preserveAspectRatio", "none"), ("style", "image-rendering: pixelated"),
          ("href", "data:image/png;base64," + Data(heatMap.image).base64EncodedString()),
        ])
    }
    for line in series {
      for piece in line.pieces(x, y, width: plotWidth, height: plotHeight) {
        // A point alone has no length; a round end makes it a dot.
        let dot: SVGWriter.Attributes =
          piece.count == 1 ? [("stroke-linecap", "round"), ("style", "stroke-width: 5")] : []
        svg.polyline(piece.count == 1 ? piece + piece : piece, class: line.style, dot)
      }
    }
    drawMarks(with: &svg)
    svg.close()
  }

  /// The one that is pointed at comes last, over the others; its label keeps the top, as do those that are given first.
  private func drawMarks(with svg: inout SVGWriter) {
    let shown = marks.filter { x.range.contains($0.x) }
    let ranked = shown.filter { $0.kind == .pointed } + shown.filter { $0.kind != .pointed }
    for mark in ranked.reversed() { drawLine(of: mark, with: &svg) }
    var taken: [(place: Double, end: Double)] = []
    for mark in ranked where !mark.label.isEmpty {
      let place = x.share(mark.x) * plotWidth
      // Words stand left of their line, upright and 13 wide; near the left edge there is room on the right only.
      let isLeft = place >= Self.labelWidth + 2
      let column = isLeft ? place - Self.labelWidth / 2 : place + Self.labelWidth / 2
      let above = taken.filter { abs($0.place - column) < Self.labelWidth }.map(\.end).max()
      let top = above ?? (mark.kind == .pointed ? 13 : 4)
      taken.append((column, top + Double(mark.label.count) * Self.letterWidth + 6))
      svg.words(
        mark.label, x: 0, y: 0, anchor: "end",
        class: mark.kind == .pointed ? "text halo strong" : "text halo",
        transform: Self.upright(x: place + (isLeft ? -4 : 13), y: top))
    }
  }

  /// Of an upright line of words, and of a letter in it, as wide as few are on average.
  private static let labelWidth = 15.0
  private static let letterWidth = 7.6

  private func drawLine(of mark: Mark, with svg: inout SVGWriter) {
    let place = x.share(mark.x) * plotWidth
    switch mark.kind {
    case .plain: svg.line(from: (place, 0), to: (place, plotHeight), class: "mark")
    case .aside: svg.line(from: (place, 0.8 * plotHeight), to: (place, plotHeight), class: "mark")
    case .pointed:
      svg.line(from: (place, 0), to: (place, plotHeight), class: "pointer")
      let corners = [(x: place - 5, y: 0.0), (place + 5, 0), (place, 9)]
      svg.element("polygon", [("class", "pointer"), ("points", SVGWriter.points(corners))])
    }
  }

  /// The colours with their values, right of the plot.
  private func drawBar(of heatMap: HeatMap, with svg: inout SVGWriter) {
    let (left, width) = (plotWidth + 10, 12.0)
    let colours = HeatMap(columns: [(0..<64).map { Double($0) / 63 }], scale: Axis("", range: 0...1))
    svg.element(
      "image",
      [
        ("x", SVGWriter.number(left)), ("width", SVGWriter.number(width)),
        ("height", SVGWriter.number(plotHeight)),
        ("preserveAspectRatio", "none"),
        ("href", "data:image/png;base64," + Data(colours.image).base64EncodedString()),
      ])
    let ticks = Ticks(in: heatMap.scale.range, count: 4)
    for (value, label) in zip(ticks.values, ticks.labels) {
      svg.words(label, x: left + width + 5, y: (1 - heatMap.scale.share(value)) * plotHeight + 4.5)
    }
    svg.words(
      heatMap.scale.title, x: 0, y: 0, anchor: "middle",
      transform: Self.upright(x: left + width + 52, y: plotHeight / 2))
  }

  private static func upright(x: Double, y: Double) -> String {
    "translate(\(SVGWriter.number(x)) \(SVGWriter.number(y))) rotate(-90)"
  }
}
