/// Reads NumPy's `.npy` and `.npz` files.
///
/// A vector is one channel; of a matrix the shorter side counts channels. Integers keep their value. In an archive,
/// scalars named `fs` or `sample_rate`, and `rpm` or `speed`, state facts, and the longest arrays are the channels.
struct NumPyReader: RecordingReader {
  let format = RecordingFormat(
    name: "numpy", extensions: ["npy", "npz"], summary: "NumPy .npy arrays and .npz archives of them.")

  func recognizes(header: [UInt8], pathExtension: String) -> Bool {
    Self.isArray(header) || FirstBytes.begins(header, with: "PK\u{3}\u{4}")
      || format.extensions.contains(pathExtension)
  }

  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    let file = try BinaryFile(path: path)
    let header = try file.prefix(8)
    if header.isEmpty { throw .emptyFile(path: path) }
    if FirstBytes.begins(header, with: "PK\u{3}\u{4}") {
      return try archive(file).open(options: options)
    }
    guard Self.isArray(header) else {
      throw .unknownFormat(path: path, found: "\(FirstBytes.describe(try file.prefix(64))), no NumPy file")
    }
    return try single(file).open(options: options)
  }

  static func isArray(_ header: [UInt8]) -> Bool {
    header.first == 0x93 && FirstBytes.begins(header, with: "NUMPY", at: 1)
  }

  /// One array; a file cut short gives the frames that it holds where they are in order of time.
  private func single(_ file: BinaryFile) throws(SignalIOError) -> ArrayRecording {
    let range = FileRange(file: file, offset: 0, count: file.size)
    var header = try NumPyHeader(range, path: file.path, name: "the array")
    var recording = ArrayRecording(path: file.path, format: "NumPy, \(header.type)", arrays: [])
    let needed = header.count * header.encoding.size
    let present = file.size - header.length
    if present < needed {
      guard header.keep(numbers: present / header.encoding.size) else {
        throw .malformed(
          path: file.path, location: "byte \(header.length)", found: "\(present) bytes of data",
          expected: "\(needed) for shape \(header.shape)")
      }
      recording.warnings.append(.truncated(claimed: "\(needed) bytes of samples", found: "\(present)"))
    }
    recording.arrays = [
      array(named: "", header) { (position) throws(SignalIOError) in
        FileRange(file: file, offset: position, count: file.size)
      }
    ]
    return recording
  }

  private func archive(_ file: BinaryFile) throws(SignalIOError) -> ArrayRecording {
    var recording = ArrayRecording(path: file.path, format: "NumPy archive", arrays: [])
    for member in try ZipArchive.members(of: file) where member.name.hasSuffix(".npy") {
      let header = try NumPyHeader(try member.open(), path: file.path, name: member.name)
      guard member.size >= header.length, header.count * header.encoding.size <= member.size - header.length
      else {
        throw .malformed(
          path: file.path, location: member.name, found: "\(member.size) bytes",
          expected: "shape \(header.shape)")
      }
      recording.arrays.append(
        array(named: String(member.name.dropLast(4)), header) { (position) throws(SignalIOError) in
          let source = try member.open()
          try source.skip(position)
          return source
        })
    }
    return recording
  }

  private func array(
    named name: String, _ header: NumPyHeader, source: @escaping (Int) throws(SignalIOError) -> any ByteSource
  ) -> StoredArray {
    StoredArray(name: name, shape: header.shape, columnMajor: header.fortranOrder, encoding: header.encoding)
    {
      (skipped) throws(SignalIOError) in
      try source(header.length + skipped * header.encoding.size)
    }
  }
}
