import CZlib

/// Bytes behind zlib compression, inflated as they are read; memory is one window whatever the sizes claim.
final class InflatedSource: ByteSource {
  enum Container {
    /// With zlib's header and checksum, as in MATLAB files.
    case zlib
    /// Bare, as in ZIP members.
    case deflate
  }

  /// Deflate cannot shrink by more than this (RFC 1951: 258 bytes for two bits), so a bigger claim is false.
  static let greatestRatio = 1032

  private let path: String
  private let compressed: any ByteSource
  /// Owned; the stream keeps a pointer to itself, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Owned; holds compressed bytes that `stream` points into.
  private let input: UnsafeMutableRawBufferPointer
  private var ended = false

  init(_ compressed: any ByteSource, container: Container, path: String) throws(SignalIOError) {
    self.path = path
    self.compressed = compressed
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input = .allocate(byteCount: 1 << 15, alignment: 16)
    let windowBits: Int32 = container == .zlib ? 15 : -15
    let status = inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw .malformed(path: path, location: "compressed data", found: "zlib status \(status)", expected: "0")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SignalIOError) -> Int {
    var done = 0
    while done < buffer.count && !ended {
      if stream.pointee.avail_in == 0 {
        let got = try compressed.read(into: input)
        if got == 0 { break }
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(got)
      }
      // Invariant: done < buffer.count, so the base address exists; zlib writes at most avail_out bytes.
      let room = min(buffer.count - done, 1 << 30)
      stream.pointee.next_out = (buffer.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      done += room - Int(stream.pointee.avail_out)
      if status == Z_STREAM_END { ended = true } else if status != Z_OK { throw damaged(status) }
    }
    return done
  }

  func skip(_ count: Int) throws(SignalIOError) {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
    defer { scratch.deallocate() }
    var left = count
    while left > 0 {
      let part = UnsafeMutableRawBufferPointer(rebasing: scratch[..<min(left, scratch.count)])
      let got = try read(into: part)
      if got == 0 { return }
      left -= got
    }
  }

  private func damaged(_ status: Int32) -> SignalIOError {
    let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
    return .malformed(
      path: path, location: "compressed data", found: "\"\(reason)\" (zlib)", expected: "intact data")
  }
}
