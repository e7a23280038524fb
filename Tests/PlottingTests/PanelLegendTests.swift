import Testing

@testable import Plotting

@Suite struct PanelLegendTests {
  private func lines(_ names: [String]) -> [LineSeries] {
    names.enumerated().map { LineSeries($1, x: [0, 1], y: [0, 1], colour: $0) }
  }

  @Test func namesTakeAsManyRowsAsTheyNeed() {
    let one = PanelLegend(lines(["normal", "outer", "inner"]), width: 380)
    let two = PanelLegend(lines(["normal", "outer", "inner", "ball", "cage"]), width: 380)
    #expect(one.height > 0 && two.height == 2 * one.height)
    #expect(PanelLegend([], width: 380).height == 0)
    // A name wider than all there is has a row of its own, and is cut.
    let long = PanelLegend(lines([String(repeating: "x", count: 90), "y"]), width: 50)
    #expect(long.height == two.height)
  }

  @Test func aPanelNamesItsLinesAboveThePlot() throws {
    var panel = FigureTests.panel
    #expect(Figure([panel]).svg.contains(">a &amp; b<") == false)
    panel.hasLegend = true
    let (elements, words) = try #require(FigureTests.parsed(Figure([panel]).svg))
    #expect(words.contains("a & b") && elements.contains("polyline"))
  }
}
