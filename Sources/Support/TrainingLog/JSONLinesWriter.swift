import FoundationEssentials

/// Writes values as JSON, one a line (jsonlines.org), with keys in order: the same values give the same bytes.
///
/// JSON has no infinities and no NaN: they are written as the strings "inf", "-inf" and "nan".
package final class JSONLinesWriter {
  private let file: AppendedFile
  private let encoder = JSONEncoder()

  /// Opens or makes the log at `path`. `resuming` appends to it, after ending a line that a killed program left cut.
  package init(path: String, resuming: Bool = false) throws(LogFileError) {
    file = try AppendedFile(path: path, keepsContent: resuming)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let newline = UInt8(ascii: "\n")
    if let last = file.lastByte, last != newline { try file.append([newline]) }
  }

  /// Appends `value` as one line.
  package func write(_ value: some Encodable) throws(LogFileError) {
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a log record cannot be written as JSON: \(value)")
    }
    try file.append(Array(data) + [UInt8(ascii: "\n")])
  }
}
