import CZlib
import Support

/// Writes several arrays into one file that `numpy.load` reads: a ZIP archive of NPY files.
///
/// Entries are stored, not compressed (what `numpy.savez` does), with the date of the ZIP epoch, so that equal arrays give
/// equal bytes. The file has its name only when it is whole. PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16;
/// without ZIP64, so at most 4 GB.
package enum NPZWriter {
  /// Replaces the file at `path` by `arrays`, in this order.
  ///
  /// - Throws: ``SignalIOError/cannotWrite(path:reason:)``.
  package static func write(_ arrays: [(name: String, array: NPYArray)], to path: String)
    throws(SignalIOError)
  {
    let content = archive(arrays)
    guard content.count <= Int(UInt32.max) else {
      throw .cannotWrite(path: path, reason: "\(content.count) bytes exceed the 4 GB of a ZIP archive")
    }
    do throws(AtomicFileError) {
      try AtomicFile.write(content, to: path)
    } catch {
      switch error {
      case .cannotCreate(_, let reason), .cannotWrite(_, let reason), .cannotReplace(_, let reason):
        throw .cannotWrite(path: path, reason: reason)
      }
    }
  }

  /// The archive's bytes.
  static func archive(_ arrays: [(name: String, array: NPYArray)]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, array) in arrays {
      let entry = Entry(name: Array((name + ".npy").utf8), content: array.bytes, offset: bytes.count)
      bytes += entry.localHeader + entry.content
      directory += entry.directoryHeader
    }
    return bytes + directory + end(entries: arrays.count, directorySize: directory.count, offset: bytes.count)
  }

  private static func end(entries: Int, directorySize: Int, offset: Int) -> [UInt8] {
    signature(0x0605_4b50) + short(0) + short(0) + short(entries) + short(entries) + long(directorySize)
      + long(offset) + short(0)
  }

  private struct Entry {
    let name: [UInt8]
    let content: [UInt8]
    let offset: Int

    var localHeader: [UInt8] { signature(0x0403_4b50) + common + short(0) + name }

    var directoryHeader: [UInt8] {
      // Made by version 2.0 on MS-DOS: no permissions, no comment.
      signature(0x0201_4b50) + short(20) + common + short(0) + short(0) + short(0) + short(0) + long(0)
        + long(offset) + name
    }

    /// Version needed 2.0, flag 11 (names in UTF-8), stored, 1980-01-01 00:00, checksum, sizes, name length.
    private var common: [UInt8] {
      short(20) + short(1 << 11) + short(0) + short(0) + short(0x21) + long(Int(checksum))
        + long(content.count) + long(content.count) + short(name.count)
    }

    private var checksum: UInt32 {
      // Invariant: the pointer reaches exactly content.count bytes; crc32_z takes a size_t length.
      content.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
    }
  }

  private static func signature(_ value: UInt32) -> [UInt8] { long(Int(value)) }
  private static func short(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
  private static func long(_ value: Int) -> [UInt8] { short(value & 0xFFFF) + short(value >> 16 & 0xFFFF) }
}
