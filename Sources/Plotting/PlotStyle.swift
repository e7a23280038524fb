/// How drawings look, in light and in dark, as a style sheet without variables: not every SVG reader knows those.
package enum PlotStyle {
  /// Blue, vermilion, green, purple, orange and grey, after Okabe and Ito ("Color universal design", 2008), whose colours
  /// colour-blind eyes tell apart; first on white, then on dark, each dark or bright enough to be read there.
  package static let colours: [(light: String, dark: String)] = [
    ("#0072b2", "#58a6e6"), ("#d55e00", "#ff8c42"), ("#00805d", "#2fc398"), ("#a8508a", "#dd93c2"),
    ("#a86f00", "#e9b44c"), ("#59636e", "#b9c1c9"),
  ]

  package static var sheet: String {
    rules(background: "#ffffff", ink: "#1f2328", faint: "#d8dce0", frame: "#8c959f", colour: { $0.light })
      + "@media (prefers-color-scheme: dark) {\n"
      + rules(background: "#14171a", ink: "#e3e6e9", faint: "#30363c", frame: "#7d868f", colour: { $0.dark })
      + "}\n"
  }

  private static func rules(
    background: String, ink: String, faint: String, frame: String,
    colour: ((light: String, dark: String)) -> String
  ) -> String {
    """
    .paper { fill: \(background); }
    .text, .title { fill: \(ink); font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 13px; }
    .halo { stroke: \(background); stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }
    .title { font-weight: 600; font-size: 14px; }
    .grid { stroke: \(faint); stroke-width: 1; }
    .frame { stroke: \(frame); stroke-width: 1; fill: none; }
    .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
    .dashed { stroke-dasharray: 6 3; }
    .mark { stroke: \(ink); stroke-width: 1; stroke-dasharray: 3 3; }
    .pointer { stroke: \(colour(colours[1])); fill: \(colour(colours[1])); stroke-width: 1.4; stroke-dasharray: 5 3; }
    .strong { font-weight: 600; }

    """ + colours.enumerated().map { ".c\($0.offset) { stroke: \(colour($0.element)); }\n" }.joined()
  }
}
