/// Reads tables of text: CSV, TSV, semicolons with decimal commas, columns between spaces.
///
/// The separator, the decimal mark, a header, a time column and the FEMTO layout are found by the first lines. Empty
/// cells and words such as `nan` are NaN, which the quality check reports.
struct DelimitedTextReader: RecordingReader {
  let format = RecordingFormat(
    name: "text", extensions: ["csv", "tsv", "txt", "dat", "asc"],
    summary: "CSV, TSV and other text tables, with or without a header or a time column.")

  func recognizes(header: [UInt8], pathExtension: String) -> Bool {
    guard FirstBytes.areText(header) else { return false }
    return format.extensions.contains(pathExtension) || Self.looksLikeATable(header)
  }

  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    let file = try BinaryFile(path: path)
    let header = try file.prefix(512)
    if header.isEmpty { throw .emptyFile(path: path) }
    guard FirstBytes.areText(header) else {
      throw .unknownFormat(path: path, found: "\(FirstBytes.describe(header)), no text")
    }
    return try DelimitedTextStream(file: file, options: options)
  }

  /// A text is no table where none can be read from its first lines and no two of them are rows of numbers: a table that
  /// is damaged further on still counts as one.
  func disclaims(path: String) -> Bool {
    do throws(SignalIOError) {
      let file = try BinaryFile(path: path)
      guard FirstBytes.areText(try file.prefix(512)) else { return false }
      do throws(SignalIOError) {
        _ = try TextTable(file)
        return false
      } catch {
        guard case .noSamples = error else { return false }
        return try TextTable.firstLines(file).lazy.filter { Self.isRow($0.bytes) }.prefix(2).count < 2
      }
    } catch {
      return false
    }
  }

  /// Whether two whole lines after the first hold nothing but numbers.
  private static func looksLikeATable(_ header: [UInt8]) -> Bool {
    let lines = header.split(separator: 0x0A).dropFirst().prefix(8).dropLast()
    return lines.lazy.filter { isRow(Array($0)) }.prefix(2).count == 2
  }

  /// Whether a line holds nothing but numbers.
  private static func isRow(_ line: [UInt8]) -> Bool {
    TextDialect.guess([line]).cells(line).allSatisfy { if case .number = $0.value { true } else { false } }
  }
}

/// The rows of a text table, parsed in blocks.
final class DelimitedTextStream: SampleStream {
  let info: RecordingInfo
  private(set) var warnings: [RecordingWarning]
  private let path: String
  private let table: TextTable
  private let lines: LineReader
  /// For every column of the table: which channel it gives, or -1.
  private let channelOfColumn: [Int]
  private let channelCount: Int

  init(file: BinaryFile, options: ReadOptions) throws(SignalIOError) {
    path = file.path
    table = try TextTable(file)
    let names = table.channels.map { $0.name }
    let picks = try ChannelSelection.indices(of: options.channels, in: names, path: file.path)
    var map = [Int](repeating: -1, count: table.width)
    for (channel, pick) in picks.enumerated() { map[table.channels[pick].column] = channel }
    channelOfColumn = map
    channelCount = picks.count
    info = RecordingInfo(
      channels: picks.map { .init(name: names[$0]) }, sampleRate: table.sampleRate, frameCount: nil,
      format: table.layout, metadata: table.metadata, warnings: table.warnings)
    warnings = table.warnings
    lines = LineReader(file: file, offset: table.dataOffset, linesBefore: table.linesBefore)
  }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    precondition(frames > 0, "a block of \(frames) frames")
    var channels = [[Float]](repeating: [], count: channelCount)
    // A caller may ask for everything with a huge number: no room is taken before there is something to keep.
    for channel in channels.indices { channels[channel].reserveCapacity(min(frames, 1 << 16)) }
    var row = [Float](repeating: 0, count: channelCount)
    var count = 0
    while count < frames, let line = try lines.next() {
      if Self.isIgnored(line) { continue }
      var offender = -1
      let width = parse(line, into: &row, offender: &offender)
      if width != table.width {
        if !lines.wasTerminated && width < table.width {
          warnings.append(.truncated(claimed: "\(table.width) cells in its last row", found: "\(width)"))
          break
        }
        throw malformed("\(width) cells", "\(table.width)")
      }
      if offender >= 0 {
        throw malformed("\"\(text(line, offender))\" in column \(offender + 1)", "a number")
      }
      for channel in 0..<channelCount { channels[channel].append(row[channel]) }
      count += 1
    }
    return channels
  }

  /// Parses the channels' cells; `offender` becomes the first column with text where a number should be.
  private func parse(_ line: UnsafeRawBufferPointer, into row: inout [Float], offender: inout Int) -> Int {
    let decimalComma = table.dialect.decimalComma
    return table.dialect.forEachCell(line) { column, cell in
      guard column < channelOfColumn.count, channelOfColumn[column] >= 0 else { return }
      switch NumberText.cell(cell, decimalComma: decimalComma) {
      case .number(let value): row[channelOfColumn[column]] = Float(value)
      case .missing: row[channelOfColumn[column]] = .nan
      case .text: if offender < 0 { offender = column }
      }
    }
  }

  private func text(_ line: UnsafeRawBufferPointer, _ column: Int) -> String {
    String(table.dialect.cells(Array(line))[column].text.prefix(40))
  }

  private func malformed(_ found: String, _ expected: String) -> SignalIOError {
    .malformed(path: path, location: "line \(lines.lineNumber)", found: found, expected: expected)
  }

  /// Blank lines and comments: `#` or `%` first.
  static func isIgnored(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first(where: { !NumberText.isSpace($0) }) else { return true }
    return first == 0x23 || first == 0x25
  }
}
