import Foundation
import Support
import TestSupport
import Testing

@testable import SignalIO

struct DelimitedTextReaderTests {
  /// What a text gives, read as `name.csv`.
  private func read(
    _ text: String, extension name: String = "csv", channels: [String] = [], block: Int = 3
  ) throws -> (info: RecordingInfo, samples: [[Float]], warnings: [RecordingWarning]) {
    try withFile(Array(text.utf8), extension: name) { path in
      let stream = try RecordingReaders.open(path: path, options: ReadOptions(channels: channels))
      let samples = try readAll(stream, block: block)
      return (stream.info, samples, stream.warnings)
    }
  }

  private func refusal(_ text: String) throws -> SignalIOError? {
    do {
      _ = try read(text)
      return nil
    } catch let error as SignalIOError {
      return error
    }
  }

  @Test func separatorsAndDecimalMarksAreFound() throws {
    let expected: [[Float]] = [[0.5, -1.25, 3000], [1, 2, 3]]
    for text in [
      "0.5,1\n-1.25,2\n3e3,3\n", "0.5;1\n-1.25;2\n3e3;3\n", "0,5;1\r\n-1,25;2\r\n3e3;3",
      "0,5\t1\n-1,25\t2\n3e3\t3",
      "  0.5   1\n-1.25 2\n 3e3\t3 \n", "\u{FEFF}0.5, 1\n\n-1.25, 2\n# note\n+3E+03, 3\n% end",
      "\"0.5\",\"1\"\n\"-1.25\",2\n3000,\"3\"\n", "\"0,5\";1\n\"-1,25\";2\n3000;3\n",
    ] {
      let result = try read(text)
      #expect(result.samples == expected, "\(text)")
      #expect(result.info.channels.map { $0.name } == ["1", "2"])
      #expect(result.info.sampleRate == nil)
      #expect(result.info.frameCount == nil)
    }
  }

  @Test func headersNameChannelsAndTime() throws {
    let result = try read("Some machine\ntime,DE,FE,note\n0,1,2,a\n0.001,3,4,b\n0.002,5,6,c\n")
    #expect(result.info.channels.map { $0.name } == ["DE", "FE"])
    #expect(result.info.sampleRate == 1000)
    #expect(result.samples == [[1, 3, 5], [2, 4, 6]])
    #expect(result.warnings == [.channelsLeftOut(names: ["note"], reason: "not numbers")])
    let one = try read("time,DE,FE\n0,1,2\n0.001,3,4\n0.002,5,6\n", channels: ["FE"])
    #expect(one.samples == [[2, 4, 6]])
  }

  @Test func timeUnitsAreKnown() throws {
    for (name, step) in [
      ("t", 0.0005), ("Time (ms)", 0.5), ("zeit [µs]", 500), ("timestamp", 0.0005), ("time_s", 0.0005),
    ] {
      let rows = (0..<40).map { "\(Double($0) * step),\($0 % 7)\n" }.joined()
      #expect(try read("\(name),a\n" + rows).info.sampleRate == 2000, "\(name)")
    }
    #expect(try read("temperature,a\n1,2\n2,3\n").info.channels.count == 2)
  }

  @Test func aTimeColumnNeedsNoHeader() throws {
    let timed = (0..<40).map { "\(Double($0) / 12800),\($0 % 7)\n" }.joined()
    #expect(try read(timed).info.sampleRate == 12800)
    #expect(try read(timed).info.channels.map { $0.name } == ["1"])
    let counted = try read((0..<40).map { "\($0),\($0 % 7)\n" }.joined())
    #expect(counted.info.sampleRate == nil)
    #expect(counted.warnings == [.channelsLeftOut(names: ["column 1"], reason: "it counts rows")])
    // A lone column is a signal, however even it rises.
    #expect(try read((0..<40).map { "\(Double($0) / 8)\n" }.joined()).samples[0].count == 40)
  }

  @Test func anUnevenTimeColumnIsAWarning() throws {
    let result = try read("time,a\n0,1\n0.001,2\n0.005,3\n0.006,4\n")
    #expect(result.warnings.contains { if case .unevenTime = $0 { true } else { false } })
    let falling = try read("time,a\n3,1\n2,2\n1,3\n")
    #expect(falling.info.sampleRate == nil)
    #expect(falling.warnings.contains { if case .doubtfulFact = $0 { true } else { false } })
  }

  @Test func theFEMTOLayoutIsKnown() throws {
    let rows = (0..<200).map { n in
      "9,39,39,\(6.5664e4 + (Double(n) * 1e6 / 25600 / 10).rounded() * 10),\(Double(n % 5) / 4),\(Double(n % 3))\n"
    }.joined()
    let result = try read(rows)
    #expect(result.info.sampleRate == 25600)
    #expect(result.info.channels.map { $0.name } == ["horizontal", "vertical"])
    #expect(result.info.metadata.unit?.value == "g")
    #expect(result.info.format == "FEMTO text table, begun at 09:39:39")
    #expect(result.samples[0].prefix(5) == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test func aSpeedColumnIsAFact() throws {
    let result = try read("rpm,a\n1500,1\n1502,2\n1501,5\n")
    #expect(result.info.metadata.speed?.value == 1501)
    #expect(result.samples == [[1, 2, 5]])
  }

  @Test func missingValuesAreNaN() throws {
    let samples = try read("a,b,c\n1,,inf\nnan,2,-Inf\nN/A,3,4\n").samples
    #expect(samples[0][0] == 1 && samples[0][1].isNaN && samples[0][2].isNaN)
    #expect(samples[1][0].isNaN && samples[1][1] == 2)
    #expect(samples[2] == [.infinity, -.infinity, 4])
  }

  @Test func aDamagedRowIsNamedByItsLine() throws {
    let wide = try #require(
      try refusal("# c\na,b\n" + String(repeating: "1,2\n", count: 5000) + "1,2,3\n1,2\n"))
    #expect("\(wide)".contains("line 5003: found 3 cells, expected 2"), "\(wide)")
    let word = try #require(try refusal("a,b\n" + String(repeating: "1,2\n", count: 5000) + "1,bad\n1,2\n"))
    #expect("\(word)".contains("line 5002: found \"bad\" in column 2"), "\(word)")
  }

  @Test func aCutLastRowIsAWarning() throws {
    let result = try read("1,2,3\n4,5,6\n7,8")
    #expect(result.samples == [[1, 4], [2, 5], [3, 6]])
    #expect(result.warnings == [.truncated(claimed: "3 cells in its last row", found: "2")])
    #expect(try read("1,2,3\n4,5,6").samples[2] == [3, 6])
  }

  @Test func textWithoutNumbersIsRefused() throws {
    for text in ["a,b\nc,d\n", "\n\n", "# only\n# comments\n", "a,b\n"] {
      guard case .noSamples = try refusal(text) else {
        Issue.record("\(text) was read")
        continue
      }
    }
  }

  @Test func linesOfAnyLengthKeepMemoryBounded() throws {
    let endless = String(repeating: "1,", count: LineReader.longestLine)
    #expect("\(try #require(try refusal(endless)))".contains("line 1"))
    // Lines longer than one block are fine.
    let wide = (0..<3).map { row in
      (0..<1000).map { "\($0 + row)." + String(repeating: "0", count: 90) }.joined(separator: ",")
    }.joined(separator: "\n")
    #expect(try read(wide, channels: ["1000"]).samples == [[999, 1000, 1001]])
  }

  @Test func numbersAreReadAsTheSystemReadsThem() {
    var random = RandomSource(seed: 7)
    func value(_ text: String) -> NumberText.Cell {
      Array(text.utf8).withUnsafeBytes { NumberText.cell($0, decimalComma: false) }
    }
    for _ in 0..<3000 {
      let bits = Double(bitPattern: random.next())
      guard bits.isFinite else { continue }
      #expect(value("\(bits)") == .number(bits), "\(bits)")
      let short = (Double(random.next() % 20_000_000) - 1e7) / 1e4
      #expect(value("\(short)") == .number(short), "\(short)")
    }
    for (text, number) in [
      ("0", 0.0), ("-0.0", -0.0), (".5", 0.5), ("5.", 5), ("+7", 7), ("1e400", .infinity), ("1e-400", 0),
      ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96), ("0.1e1", 1),
      ("000000000000000000000001", 1),
    ] {
      #expect(value(text) == .number(number), "\(text)")
    }
    for text in ["-", ".", "+", "e5", "1e", "1e+", "1.2.3", "1,2", "0x10", "1 2", "--1", "abc", "12a"] {
      let found = value(text)
      #expect(found == .text || (text == "-" && found == .missing), "\(text): \(found)")
    }
    #expect(Array("1,5".utf8).withUnsafeBytes { NumberText.cell($0, decimalComma: true) } == .number(1.5))
  }
}
