/// All that is known of a recording besides its samples, from every place that may say something.
///
/// Order, strongest first: flag, side-car, the file's own header or variables, the folder's `fault-diag.toml`.
package struct MetadataResolution: Sendable, Equatable {
  package let metadata: RecordingMetadata
  package let warnings: [IngestWarning]

  /// - Parameters:
  ///   - path: the recording; `-` (standard input) has neither side-car nor folder.
  ///   - flags: what the command line says.
  ///   - file: what the file itself says, or an empty value before it is opened.
  ///   - root: no `fault-diag.toml` above this folder counts; nil for no limit.
  package init(
    path: String, flags: RecordingMetadata, file: RecordingMetadata, root: String?
  ) throws(SignalIOError) {
    guard path != "-" else {
      metadata = flags.merged(over: file)
      warnings = []
      return
    }
    let sideCar = try SideCar.find(for: path)
    let folder = try FolderSettings.nearest(to: path, root: root)
    var merged = flags
    if let sideCar { merged = merged.merged(over: sideCar.metadata) }
    merged = merged.merged(over: file)
    if let folder { merged = merged.merged(over: folder.metadata(for: path)) }
    metadata = merged
    warnings = (sideCar?.warnings ?? []) + (folder?.warnings ?? [])
  }
}
