/// Reads MATLAB files: version 5 (`save` writes it unless told otherwise) here, 7.3 (HDF5) through libmatio.
struct MatlabReader: RecordingReader {
  let format = RecordingFormat(
    name: "matlab", extensions: ["mat"],
    summary: "MATLAB v5 and v7.3; variables by name, or as CWRU and MFPT name them, or the longest ones.")

  func recognizes(header: [UInt8], pathExtension: String) -> Bool {
    Self.isVersion5(header) || Self.isVersion73(header) || pathExtension == "mat"
  }

  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    let file = try BinaryFile(path: path)
    let header = try file.prefix(512)
    if header.isEmpty { throw .emptyFile(path: path) }
    var recording: ArrayRecording
    if Self.isVersion5(header) {
      let content = try MatlabVersion5.read(file)
      recording = ArrayRecording(
        path: path, format: "MATLAB v5" + (content.compressed ? ", compressed" : ""), arrays: content.arrays)
    } else {
      guard Self.isVersion73(header) else {
        throw .unknownFormat(path: path, found: "\(FirstBytes.describe(header)), no MATLAB v5 or v7.3 file")
      }
      let arrays = try MatlabLibrary.read(path: path, fileSize: file.size)
      recording = ArrayRecording(path: path, format: "MATLAB v7.3", arrays: arrays)
    }
    try MatlabConventions.apply(to: &recording)
    return try recording.open(options: options)
  }

  /// The header's version and byte order marks: 0x0100 and `IM` or `MI`.
  static func isVersion5(_ header: [UInt8]) -> Bool {
    guard header.count >= 128 else { return false }
    let mark = Array(header[124..<128])
    return mark == [0x00, 0x01, 0x49, 0x4D] || mark == [0x01, 0x00, 0x4D, 0x49]
  }

  /// The header's version and byte order marks: 0x0200 and `IM`.
  static func isVersion73(_ header: [UInt8]) -> Bool {
    guard header.count >= 128 else { return false }
    return Array(header[124..<128]) == [0x00, 0x02, 0x49, 0x4D] && FirstBytes.begins(header, with: "MATLAB")
  }
}
