import Foundation
import Testing

@testable import Plotting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureTests {
  static let panel = Panel(
    "Loss <of> \"a & b\"", x: Axis("step", range: 0...10), y: Axis("loss", unit: "nats", range: 0...1),
    series: [
      LineSeries("a & b", x: [0, 5, 10], y: [1, 0.5, 0.2]), LineSeries("c", x: [3], y: [0.4], colour: 1),
    ], marks: [.init(x: 4, label: "BPFO"), .init(x: 99, label: "outside")])
  static let map = Panel(
    "Levels", x: Axis("time", unit: "s", range: 0...1), y: Axis("frequency", unit: "Hz", range: 0...6000),
    heatMap: HeatMap(columns: [[0, 1], [.nan, 2], [3, 4]], scale: Axis("level", unit: "dB", range: 0...4)))

  /// Element names and texts of a well-formed document; nil of any other.
  static func parsed(_ text: String) -> (elements: [String], words: String)? {
    final class Reader: NSObject, XMLParserDelegate {
      var elements: [String] = []
      var words = ""
      func parser(
        _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes _: [String: String]
      ) { elements.append(name) }
      func parser(_: XMLParser, foundCharacters text: String) { words += text }
    }
    let (parser, reader) = (XMLParser(data: Data(text.utf8)), Reader())
    parser.delegate = reader
    return parser.parse() ? (reader.elements, reader.words) : nil
  }

  @Test func aFigureIsWellFormedAndSaysWhatItShows() throws {
    let figure = Figure([Self.panel, Self.map], columns: 2, title: "Two < panels", legend: ["a & b", "c"])
    let (elements, words) = try #require(Self.parsed(figure.svg))
    #expect(elements.filter { $0 == "polyline" }.count == 2 && elements.filter { $0 == "image" }.count == 2)
    for piece in [
      "Two < panels", "a & b", "Loss <of> \"a & b\"", "step", "loss / nats", "time / s", "frequency / Hz",
      "level / dB", "BPFO", "4000", "prefers-color-scheme: dark",
    ] { #expect(words.contains(piece), "\(piece)") }
    #expect(!words.contains("outside"))
    #expect(figure.svg == figure.svg && !figure.inlined.contains("<style"))
  }

  @Test func aPageNeedsNothingElse() throws {
    let page = PlotPage(
      "Runs <1>", notes: ["one & all"], legend: ["a", "b"], panels: [Self.panel, Self.map])
    let body = try #require(
      Self.parsed(page.html.replacing("<!DOCTYPE html>\n", with: "").replacing(/<meta[^>]*>/, with: "")))
    #expect(body.elements.filter { $0 == "figure" }.count == 2 && body.words.contains("Runs <1>"))
    for forbidden in ["<script", "<link", "src=\"", "@import", "url("] {
      #expect(!page.html.contains(forbidden), "\(forbidden)")
    }
    // The only addresses are names of namespaces and the images themselves.
    let addresses = page.html.matches(of: /href="([^"]{0,11})/).map { String($0.1) }
    #expect(addresses.allSatisfy { $0 == "data:image/" })
  }

  @Test func numbersAreShortAndTextIsEscaped() {
    for (value, text) in [
      (1.0, "1"), (-0.5, "-0.5"), (2.349, "2.35"), (-0.001, "0"), (10.05, "10.05"), (-3.2, "-3.2"),
      (1_234_567.08, "1234567.08"),
    ] {
      #expect(SVGWriter.number(value) == text)
    }
    #expect(SVGWriter.points([(1, 2.5), (-0.5, 100)]) == "1,2.5 -0.5,100")
    #expect(SVGWriter.escaped("points of 0,1") == "points of 0,1")
    #expect(SVGWriter.escaped("a<b>&\"\u{1}\n") == "a&lt;b&gt;&amp;&quot;\u{FFFD}\n")
  }
}
