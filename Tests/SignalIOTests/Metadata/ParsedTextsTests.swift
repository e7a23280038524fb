import Testing

@testable import SignalIO

@Suite struct ParsedTextsTests {
  private struct Unreadable: Error {}

  /// Returns the length, and counts how often it was asked.
  private struct Counting {
    var calls = 0

    mutating func value(of text: String, in texts: ParsedTexts) -> ConfigurationValue {
      texts.value(of: text) { text in
        calls += 1
        return .number(Double(text.utf8.count), text: "\(text.utf8.count)")
      }
    }
  }

  @Test func aTextIsParsedOnceWhileItIsAmongTheLast() {
    let texts = ParsedTexts(capacity: 2, longest: 10)
    var parser = Counting()
    for text in ["a", "bb", "a", "bb"] {
      #expect(parser.value(of: text, in: texts) == .number(Double(text.count), text: "\(text.count)"))
    }
    #expect(parser.calls == 2)
    // The third displaces the first.
    for text in ["ccc", "bb", "a"] { _ = parser.value(of: text, in: texts) }
    #expect(parser.calls == 4)
  }

  @Test func longTextsAndErrorsAreNotKept() {
    let texts = ParsedTexts(capacity: 2, longest: 3)
    var parser = Counting()
    for _ in 0..<3 { _ = parser.value(of: "long", in: texts) }
    #expect(parser.calls == 3)
    for _ in 0..<2 {
      #expect(throws: Unreadable.self) { try texts.value(of: "x") { _ in throw Unreadable() } }
    }
    #expect(parser.value(of: "x", in: texts) == .number(1, text: "1"))
  }

  /// An accent as part of its letter and behind it: equal as text, but another name of a file.
  @Test func textsThatOnlyLookTheSameAreTwo() {
    let texts = ParsedTexts()
    var parser = Counting()
    #expect(parser.value(of: "\u{E9}", in: texts) == .number(2, text: "2"))
    #expect(parser.value(of: "e\u{301}", in: texts) == .number(3, text: "3"))
  }

  /// Through the door that everything else takes: equal texts, equal values, and a changed one is seen.
  @Test func settingsAreReadAsTheyAre() throws {
    for rpm in [1500, 1500, 1800] {
      let value = try ConfigurationFile.parse("rpm = \(rpm)", format: .toml, path: "x")
      #expect(value == .table(["rpm": .number(Double(rpm), text: "\(rpm)")]))
    }
  }
}
