import SignalIO

extension FuzzTarget {
  /// Every reader, chosen by the first bytes as for any file.
  static let recording = FuzzTarget("recording") { bytes in
    if isMatlabLibrarys(bytes) { return }
    try readRecording(bytes, format: nil)
  }

  static let sound = FuzzTarget("sound") { try readRecording($0, format: "sound") }

  /// MATLAB version 5; version 7.3 is ``matlabLibrary``'s, which needs a process for each input.
  static let matlab = FuzzTarget("matlab") { bytes in
    if isMatlabLibrarys(bytes) { return }
    try readRecording(bytes, format: "matlab")
  }

  static let matlabLibrary = FuzzTarget("matlab-7.3") { bytes in
    guard isMatlabLibrarys(bytes) else { return }
    try readRecording(bytes, format: "matlab")
  }

  static let numpy = FuzzTarget("numpy") { try readRecording($0, format: "numpy") }

  static let text = FuzzTarget("text") { try readRecording($0, format: "text") }

  /// The version that the header of a MATLAB file states.
  private static func isMatlabLibrarys(_ bytes: [UInt8]) -> Bool { bytes.count > 125 && bytes[125] == 2 }

  /// Opens and reads at most 2^16 numbers, which decoders make of few bytes, in blocks of two sizes.
  private static func readRecording(_ bytes: [UInt8], format: String?) throws {
    try MemoryFile.with(bytes) { path in
      let stream = try RecordingReaders.open(path: path, options: ReadOptions(forcedFormat: format))
      let channels = stream.info.channels.count
      precondition(channels > 0, "a recording without a channel")
      var numbers = 0
      var block = 7
      while numbers < 1 << 16 {
        let samples = try stream.read(frames: block)
        let frames = samples.first?.count ?? 0
        precondition(
          samples.count == channels && samples.allSatisfy { $0.count == frames } && frames <= block,
          "\(samples.map(\.count)) frames of \(channels) channels, asked for \(block)")
        if frames == 0 { break }
        numbers += frames * channels
        block = 4096
      }
    }
  }
}
