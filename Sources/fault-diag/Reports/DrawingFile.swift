import Foundation
import Plotting
import Support

/// A drawing in a file of the format that its name ends in.
///
/// librsvg paints the PNG, by its program `rsvg-convert`: it is needed only here, and a fault of it ends one process that
/// is not ours.
enum DrawingFile {
  /// Endings of names, without the dot.
  private static let formats = ["svg", "png"]

  /// Those endings in words, for messages.
  static var endings: String { formats.map { ".\($0)" }.joined(separator: " or ") }

  static func hasKnownFormat(_ path: String) -> Bool { formats.contains(format(of: path)) }

  /// - Parameter scale: Pixels of a PNG for each unit of the drawing; a panel is ``Panel/size`` units.
  static func write(_ figure: Figure, to path: String, scale: Double) throws {
    if format(of: path) == "png" {
      try AtomicFile.write(painted(figure.svg, scale: scale, for: path), to: path)
    } else {
      try AtomicFile.write(figure.svg, to: path)
    }
  }

  private static func format(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

  private static func painted(_ svg: String, scale: Double, for path: String) throws(CommandError) -> [UInt8]
  {
    let painter = Process()
    // Found wherever the user's PATH has it; `env` ends with 127 where that is nowhere.
    painter.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    painter.arguments = ["rsvg-convert", "--format", "png", "--zoom", "\(scale)"]
    let (image, messages) = (Pipe(), Pipe())
    painter.standardOutput = image
    painter.standardError = messages
    do {
      // A file rather than a pipe: whatever the painter does, writing to it neither waits nor raises SIGPIPE.
      let drawing = try FileHandle.temporary(holding: Data(svg.utf8))
      painter.standardInput = drawing
      try painter.run()
      let bytes = try image.fileHandleForReading.readToEnd() ?? Data()
      let said = try messages.fileHandleForReading.readToEnd() ?? Data()
      painter.waitUntilExit()
      guard painter.terminationStatus != 127 else { throw CommandError.noPainter(path: path) }
      guard painter.terminationReason == .exit, painter.terminationStatus == 0, !bytes.isEmpty else {
        throw CommandError.notPainted(path: path, reason: String(decoding: said, as: UTF8.self))
      }
      return [UInt8](bytes)
    } catch let error as CommandError {
      throw error
    } catch {
      throw .notPainted(path: path, reason: "\(error)")
    }
  }
}

extension FileHandle {
  /// A file without a name, to be read from its beginning, that vanishes with its last reader.
  fileprivate static func temporary(holding data: Data) throws -> FileHandle {
    guard let file = tmpfile() else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { fclose(file) }
    let handle = FileHandle(fileDescriptor: dup(fileno(file)), closeOnDealloc: true)
    try handle.write(contentsOf: data)
    try handle.seek(toOffset: 0)
    return handle
  }
}
