import SignalIO

/// A recording named on the command line, or found in a folder that was.
struct RecordingInput {
  let path: String
  let open: () throws(SignalIOError) -> RecordingSource
}

extension RecordingInput {
  /// One input a file, in the order given; a folder stands for the recordings in it.
  ///
  /// A file is not looked at here: what is wrong with it shows when it is opened, and stops no other.
  ///
  /// - Parameter more: flags that only the command has.
  static func expand(
    _ paths: [String], metadata: MetadataOptions, more: RecordingMetadata = RecordingMetadata(),
    reading: ReadingOptions, console: Console
  ) throws -> [RecordingInput] {
    let options = try reading.readOptions(sampleRate: metadata.sampleRate)
    let flags = metadata.metadata.merged(over: more)
    var inputs: [RecordingInput] = []
    for path in paths {
      guard path != "-", let status = FileStatus(following: path), status.kind == .folder else {
        inputs.append(
          RecordingInput(path: path) { () throws(SignalIOError) in
            try RecordingSource.open(path: path, flags: flags, options: options)
          })
        continue
      }
      let found = try Discovery.find([path], options: .init(flags: flags), console: console)
      inputs += found.recordings.map { recording in
        RecordingInput(path: recording.path) { () throws(SignalIOError) in
          try recording.open(options: options)
        }
      }
    }
    return inputs
  }
}
