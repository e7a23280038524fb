/// How a text table separates its cells and marks decimals.
struct TextDialect: Equatable {
  enum Separator: Equatable, CaseIterable {
    case tab, semicolon, comma, space
  }
  var separator: Separator
  var decimalComma = false

  /// Calls `body` with each cell of a line and its index; quotes around a cell are removed.
  ///
  /// Runs of white space count as one separator where it is white space.
  /// - Returns: The number of cells.
  @inline(__always)
  func forEachCell(
    _ line: UnsafeRawBufferPointer, _ body: (_ index: Int, _ cell: UnsafeRawBufferPointer) -> Void
  ) -> Int {
    let count = line.count
    var index = 0
    var at = 0
    if separator == .space {
      while true {
        while at < count && NumberText.isSpace(line[at]) { at += 1 }
        if at == count { return index }
        let start = at
        while at < count && !NumberText.isSpace(line[at]) { at += 1 }
        body(index, Self.unquoted(line, start, at))
        index += 1
      }
    }
    let mark = byte
    while true {
      let start = at
      var quoted = false
      while at < count && (quoted || line[at] != mark) {
        if line[at] == 0x22 { quoted.toggle() }
        at += 1
      }
      body(index, Self.unquoted(line, start, at))
      index += 1
      if at == count { return index }
      at += 1
    }
  }

  /// The cells of a line as text and as numbers, for looking at a few lines.
  func cells(_ line: [UInt8]) -> [(text: String, value: NumberText.Cell)] {
    var cells: [(text: String, value: NumberText.Cell)] = []
    line.withUnsafeBytes { bytes in
      _ = forEachCell(bytes) { _, cell in
        let text = String(decoding: cell, as: UTF8.self)
        cells.append((text.trimmed, NumberText.cell(cell, decimalComma: decimalComma)))
      }
    }
    return cells
  }

  private var byte: UInt8 {
    switch separator {
    case .tab: 0x09
    case .semicolon: 0x3B
    case .comma: 0x2C
    case .space: 0x20
    }
  }

  private static func unquoted(_ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int)
    -> UnsafeRawBufferPointer
  {
    guard end - start >= 2, line[start] == 0x22, line[end - 1] == 0x22 else {
      return UnsafeRawBufferPointer(rebasing: line[start..<end])
    }
    return UnsafeRawBufferPointer(rebasing: line[start + 1..<end - 1])
  }

  /// The dialect by which most cells of `lines` are numbers; of equals, the one with more cells a line.
  ///
  /// A decimal comma is considered where the comma does not separate.
  static func guess(_ lines: [[UInt8]]) -> TextDialect {
    var best = TextDialect(separator: .comma)
    var bestScore = (ratio: -1.0, width: 0)
    for separator in Separator.allCases {
      for decimalComma in separator == .comma ? [false] : [false, true] {
        let dialect = TextDialect(separator: separator, decimalComma: decimalComma)
        let rows = lines.map { dialect.cells($0) }
        let numbers = rows.joined().filter { if case .number = $0.value { true } else { false } }.count
        let cells = rows.reduce(0) { $0 + $1.count }
        let score = (ratio: cells > 0 ? Double(numbers) / Double(cells) : 0, width: rows.last?.count ?? 0)
        if score > bestScore {
          best = dialect
          bestScore = score
        }
      }
    }
    return best
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
