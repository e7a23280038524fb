import Glibc

/// Writes scalars to an event file that TensorBoard reads.
///
/// The file is a row of TFRecords (`TFRecord`), each an `Event` message of TensorFlow's `event.proto` and
/// `summary.proto`: `wall_time` = 1 (double), `step` = 2 (int64), `file_version` = 3 (string), `summary` = 5, which repeats
/// `value` = 1 of `tag` = 1 (string) and `simple_value` = 2 (float). The first event states the version. A resumed run
/// makes a new file in the same folder; TensorBoard joins them.
package final class TensorBoardWriter {
  /// The event file.
  package var path: String { file.path }
  private let file: AppendedFile

  /// Makes an event file in `folder`, which exists. `time` is the start in seconds since 1970: the name begins with it,
  /// because TensorBoard reads the files of a folder in the order of their names.
  package init(folder: String, time: Double) throws(LogFileError) {
    precondition(time.isFinite && time >= 0 && time < 1e15, "an event file cannot begin at \(time) s")
    let seconds = String(Int(time))
    let stamp = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let path = "\(folder)/events.out.tfevents.\(stamp).\(Self.hostName).\(getpid())"
    file = try AppendedFile(path: path, keepsContent: true)
    var event = ProtocolMessage()
    event.append(1, double: time)
    event.append(3, bytes: Array("brain.Event:2".utf8))
    try file.append(TFRecord.framed(event.bytes))
  }

  /// Appends one event with all of `scalars`. `time` is in seconds since 1970.
  package func write(step: Int, time: Double, scalars: [(tag: String, value: Double)]) throws(LogFileError) {
    var summary = ProtocolMessage()
    for (tag, value) in scalars {
      var entry = ProtocolMessage()
      entry.append(1, bytes: Array(tag.utf8))
      entry.append(2, float: Float(value))
      summary.append(1, bytes: entry.bytes)
    }
    var event = ProtocolMessage()
    event.append(1, double: time)
    if step != 0 { event.append(2, integer: step) }
    event.append(5, bytes: summary.bytes)
    try file.append(TFRecord.framed(event.bytes))
  }

  private static var hostName: String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let failed = buffer.withUnsafeMutableBytes { bytes in
      gethostname(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count - 1)
    }
    let name = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self).filter { $0 != "/" }
    return failed != 0 || name.isEmpty ? "localhost" : name
  }
}

/// The bytes of a protocol-buffer message, as far as events need them (protobuf.dev, "Encoding").
struct ProtocolMessage {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ field: Int, double value: Double) {
    appendVarint(UInt64(field << 3 | 1))
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func append(_ field: Int, float value: Float) {
    appendVarint(UInt64(field << 3 | 5))
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  /// Negative numbers take ten bytes, as `int64` does.
  mutating func append(_ field: Int, integer value: Int) {
    appendVarint(UInt64(field << 3))
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// A string or a message.
  mutating func append(_ field: Int, bytes value: [UInt8]) {
    appendVarint(UInt64(field << 3 | 2))
    appendVarint(UInt64(value.count))
    bytes += value
  }

  /// Seven bits a byte, lowest first, the top bit set on all but the last.
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
