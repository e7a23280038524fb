import TestSupport
import Testing

@testable import SignalIO

struct TOMLOutlineTests {
  @Test(arguments: [
    ("", 0, 0), ("a = 1.5\nb = [1.5, 2.5, [3.5]]", 2, 1), ("a.b.c = {d.e = 1}", 1, 2), ("[a.b]\n[[c]]", 2, 1),
    ("a = \"[{.[\\\"{\" # [[[", 0, 0), ("a = '[\\' # [", 0, 0), ("'a.b'.\"c.d\" = 1", 0, 1),
    ("a = \"\"\"[ \"\"[ \\\"\"\"[\n[\"\"\"\"\"\nb = [[]]", 2, 0), ("a = '''[\n'[''']\nb = {}", 1, 0),
    ("a = \"[\nb = [", 1, 0), ("]]]=[", 1, 0), ("\"", 0, 0), ("'''", 0, 0), ("\"\\", 0, 0),
  ])
  func countsWhatOpensALevel(_ text: String, _ depth: Int, _ dots: Int) {
    let outline = TOMLOutline(text)
    #expect(outline.depth == depth && outline.dots == dots && outline.fault == nil, "\(outline)")
  }

  /// The parser would end the program.
  @Test(arguments: [
    ("[#[", 1), ("[*outer.any]", 1), ("a = 1\n  [[ =", 2), ("x = \"\"\"\n\n\"\"\"\n[\n]", 4), ("[\u{E9}]", 1),
    ("a = [\n[1]\n]\n[,", 4), ("\u{FEFF}\u{FEFF}[[[", 1),
  ])
  func tablesWithoutANameAreRefused(_ text: String, _ line: Int) throws {
    try expectRefused(text, .namelessTable, line)
  }

  @Test(arguments: [
    ("a = [1, }", 1), ("a = [ } # ]", 1), ("b = {}\na = [{c = 1],", 2), ("a = [\n1,\n}]", 3),
  ])
  func bracketsClosedByTheOtherKindAreRefused(_ text: String, _ line: Int) throws {
    try expectRefused(text, .wrongBracket, line)
  }

  @Test(arguments: [
    ("a = 2026-01-31Tnoon:", 1), ("a = 2026-01-31Tgeome12:002%[+01:0", 1), ("\na=2026-01-31t:", 2),
    ("a = 2026-01-31 1]", 1), ("a = 2026-01-31 1", 1), ("a = 20_26-01-31 1\n", 1),
    ("a = [1,\n2026-01-31Tx:]", 2),
    ("a = 2026-01-31T12", 1), ("a = 2026-01-31_ 1 ", 1),
    ("a = 2026-01-'1 1", 1), ("a = 2026-01-\u{E9}1 1", 1), ("a = 2026-01-\u{13}1 1", 1),
  ])
  func datesWithoutATimeBehindThemAreRefused(_ text: String, _ line: Int) throws {
    try expectRefused(text, .noTime, line)
  }

  /// Keys may look like dates that go on; dates may stand alone.
  @Test(arguments: [
    "2026-01-31Tx = 1", "a = {2026-01-31Tx = 1, 2026-01-31Ty = 2}", "[2026-01-31Tx]", "a = 2026-01-31",
    "a = 2026-01-31 # 1", "a = [2026-01-31 , 2026-01-31 ]", "a = 2026-01-31T12:00:00Z",
    "a = 2026-01-31 12:00:00.5+01:00", "a = [\n2026-01-31 12:00:00,\n]", "a = \"2026-01-31Tx:\"",
    "a = 12:00:00\nb = 1_000.5\nc = -1\nd = 1e5",
  ])
  func validDatesAndKeysPass(_ text: String) throws {
    #expect(TOMLOutline(text).fault == nil)
    _ = try ConfigurationFile.parse(text, format: .toml, path: "x.toml")
  }

  private func expectRefused(_ text: String, _ kind: TOMLOutline.Fault.Kind, _ line: Int) throws {
    #expect(TOMLOutline(text).fault == .init(kind: kind, line: line))
    let error = #expect(throws: SignalIOError.self) {
      try ConfigurationFile.parse(text, format: .toml, path: "x.toml")
    }
    #expect(error.map { "\($0)".contains("line \(line)") } == true, "\(String(describing: error))")
  }

  /// Brackets on lines of their own, each with a key of many dots: every limit for itself would let 65,000 levels pass.
  @Test func levelsCannotBeMultiplied() throws {
    let key = String(repeating: "a.", count: 250) + "a"
    let folder = try TemporaryFolder()
    let recording = try folder.write("", to: "rec.wav")
    for (key, levels) in [(key, 100), ("a", 100), (key, 1)] {
      let text = "x = " + String(repeating: "[\n{\(key) = ", count: levels) + "1"
      try folder.write(text + String(repeating: "}\n]", count: levels), to: "rec.wav.toml")
      let error = #expect(throws: SignalIOError.self) { try SideCar.find(for: recording) }
      #expect(error.map { "\($0)".contains("the nesting") } == true, "\(String(describing: error))")
    }
    try folder.write("facts = [\n{a.b.c.d = [{e = 1.5}]}\n]", to: "rec.wav.toml")
    #expect(try SideCar.find(for: recording)?.facts == .list([["a": ["b": ["c": ["d": [["e": 1.5]]]]]]]))
  }
}
