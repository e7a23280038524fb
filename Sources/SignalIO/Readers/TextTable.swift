/// What the first lines of a text table say about the rest: dialect, names, which columns are channels, sample rate.
struct TextTable {
  var dialect: TextDialect
  /// Cells in every row.
  var width: Int
  /// Columns that are channels, and their names, in file order.
  var channels: [(column: Int, name: String)] = []
  /// Where the first row of numbers begins.
  var dataOffset: Int
  var linesBefore: Int
  var sampleRate: Double?
  var layout = "text table"
  var metadata = RecordingMetadata()
  var warnings: [RecordingWarning] = []
  /// Names by the header; nil where there is none.
  private var header: [String]?
  /// The first rows: cell values by row and column.
  private var rows: [[NumberText.Cell]]

  private static let mostChannels = 1024

  /// Lines looked at, at most.
  private static let sampleLines = 4096

  /// Looks at the first lines.
  init(_ file: BinaryFile) throws(SignalIOError) {
    let lines = try Self.firstLines(file)
    guard !lines.isEmpty else { throw .noSamples(path: file.path, found: "no line with values") }
    // The last lines looked at are rows for certain; titles and a header come first.
    let dialect = TextDialect.guess(Array(lines.suffix(20).map { $0.bytes }))
    let cells = lines.map { dialect.cells($0.bytes) }
    let width = Self.width(of: cells, lastIsWhole: lines[lines.count - 1].terminated)
    let first = cells.firstIndex { row in
      row.count == width && row.contains { if case .number = $0.value { true } else { false } }
        && !Self.isHeader(row, before: cells[cells.count - 1])
    }
    guard let first else {
      throw .noSamples(
        path: file.path, found: "no row with numbers; it begins \"\(Self.beginning(lines[0].bytes))\"")
    }
    self.dialect = dialect
    self.width = width
    if first > 0, cells[first - 1].count == width { header = cells[first - 1].map { $0.text } }
    dataOffset = lines[first].offset
    linesBefore = lines[first].number - 1
    rows = cells[first...].filter { $0.count == width }.map { $0.map { $0.value } }
    try assignColumns(path: file.path)
  }

  /// Cells in the last row; one that the end of the file may have cut does not count.
  private static func width(of cells: [[(text: String, value: NumberText.Cell)]], lastIsWhole: Bool) -> Int {
    cells[cells.count > 1 && !lastIsWhole ? cells.count - 2 : cells.count - 1].count
  }

  struct Line {
    var bytes: [UInt8]
    var offset: Int
    var number: Int
    var terminated: Bool
  }

  /// At most 4096 lines or 256 KiB, without comments and blank lines.
  static func firstLines(_ file: BinaryFile) throws(SignalIOError) -> [Line] {
    let start = try file.prefix(3) == [0xEF, 0xBB, 0xBF] ? 3 : 0
    let reader = LineReader(file: file, offset: start, linesBefore: 0)
    var lines: [Line] = []
    var offset = start
    while lines.count < sampleLines, offset < 1 << 18, let line = try reader.next() {
      if !DelimitedTextStream.isIgnored(line) {
        lines.append(
          Line(
            bytes: Array(line), offset: offset, number: reader.lineNumber, terminated: reader.wasTerminated))
      }
      offset = reader.offset
    }
    return lines
  }

  private static func beginning(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(40), as: UTF8.self)
  }

  /// A row with words where a later row has numbers is a header, numbers in it or not.
  private static func isHeader(
    _ row: [(text: String, value: NumberText.Cell)], before later: [(text: String, value: NumberText.Cell)]
  ) -> Bool {
    zip(row, later).contains { head, cell in
      guard head.value == .text, case .number = cell.value else { return false }
      return true
    }
  }

  private mutating func assignColumns(path: String) throws(SignalIOError) {
    let numeric = (0..<width).filter { column in
      rows.contains { if case .number = $0[column] { true } else { false } }
        && !rows.contains { $0[column] == .text }
    }
    guard !numeric.isEmpty else { throw .noSamples(path: path, found: "no column of numbers") }
    guard numeric.count <= Self.mostChannels else {
      throw .tooLarge(
        path: path, claimed: "\(numeric.count) columns of numbers",
        limit: "the \(Self.mostChannels) channels of a recording")
    }
    if applyFEMTO(numeric) { return }
    var left = numeric
    if numeric.count > 1, let time = timeColumn(numeric) { left.removeAll { $0 == time } }
    if left.count > 1, let speed = left.first(where: { Self.speedNames.contains(name($0).lowercased()) }) {
      takeSpeed(speed)
      left.removeAll { $0 == speed }
    }
    // Channels without a header are counted as channels: `--channel 1` is the first one, time column or not.
    channels = left.enumerated().map { ($1, header == nil ? "\($0 + 1)" : name($1)) }
    let words = (0..<width).filter { !numeric.contains($0) }.map { name($0) }
    if !words.isEmpty { warnings.append(.channelsLeftOut(names: words, reason: "not numbers")) }
  }

  private func name(_ column: Int) -> String {
    guard let header, column < header.count, !header[column].isEmpty else { return "column \(column + 1)" }
    return header[column]
  }

  private func values(_ column: Int) -> [Double] {
    rows.map { if case .number(let value) = $0[column] { value } else { .nan } }
  }

  // MARK: FEMTO

  /// PRONOSTIA (Nectoux et al., 2012): hour, minute, second, microsecond, horizontal and vertical acceleration in g at
  /// 25.6 kHz, without a header; microseconds are rounded to tens.
  private mutating func applyFEMTO(_ numeric: [Int]) -> Bool {
    guard header == nil, width == 6, numeric.count == 6, rows.count >= 16 else { return false }
    let limits = [24.0, 60, 61, 1_000_001]
    for column in 0..<4 {
      let isCount = values(column).allSatisfy {
        $0 >= 0 && $0 < limits[column] && (column == 3 || $0 == $0.rounded())
      }
      guard isCount else { return false }
    }
    let seconds = rows.indices.map { row in
      zip([3600, 60, 1, 1e-6], 0..<4).reduce(0.0) { $0 + $1.0 * values($1.1, at: row) }
    }
    guard let axis = TimeAxis(seconds), axis.rate > 1000 else { return false }
    sampleRate = abs(axis.rate - 25_600) < 256 ? 25_600 : axis.rate
    channels = [(4, "horizontal"), (5, "vertical")]
    let clock = (0..<3).map { column in
      let digits = "\(Int(values(column, at: 0)))"
      return digits.count == 1 ? "0" + digits : digits
    }
    layout = "FEMTO text table, begun at \(clock.joined(separator: ":"))"
    metadata.unit = Sourced("g", from: .file(detail: "FEMTO layout"))
    return true
  }

  private func values(_ column: Int, at row: Int) -> Double {
    if case .number(let value) = rows[row][column] { return value }
    return .nan
  }

  // MARK: Time and speed

  private static let speedNames: Set<String> = ["rpm", "speed", "speed_rpm", "speed (rpm)", "speed [rpm]"]

  /// The column that counts time, from which the sample rate comes; a plain row count is left out as well.
  private mutating func timeColumn(_ numeric: [Int]) -> Int? {
    if let header {
      guard let named = numeric.first(where: { TimeAxis.secondsPerUnit(header[$0]) != nil }) else {
        return nil
      }
      let unit = TimeAxis.secondsPerUnit(header[named]) ?? 1
      if let axis = TimeAxis(values(named).map { $0 * unit }) {
        sampleRate = axis.rate
        if let unevenness = axis.unevenness {
          warnings.append(.unevenTime(column: name(named), detail: unevenness))
        }
      } else {
        warnings.append(
          .doubtfulFact(name: "time column '\(name(named))'", detail: "it does not rise, so it gives no rate")
        )
      }
      return named
    }
    let column = numeric[0]
    guard rows.count >= 8, let axis = TimeAxis(values(column)), axis.isEven else { return nil }
    if axis.step == axis.step.rounded() {
      warnings.append(.channelsLeftOut(names: [name(column)], reason: "it counts rows"))
    } else {
      sampleRate = axis.rate
    }
    return column
  }

  private mutating func takeSpeed(_ column: Int) {
    let known = values(column).filter { $0.isFinite }
    let mean = known.reduce(0, +) / Double(known.count)
    guard mean > 0, mean < 1e6 else { return }
    metadata.speed = Sourced(
      mean, from: .file(detail: "mean of '\(name(column))' in its first \(known.count) rows"))
  }
}
