/// How many bytes of samples a sound file's header promises, against how many there are.
///
/// libsndfile opens a file that was cut short without a word and gives the shorter count, so the headers are read
/// once more here: RIFF, RIFX and RF64 (EBU Tech 3306), Sony Wave64, AIFF, AU and CAF.
struct SoundFileClaim: Equatable {
  /// Bytes of samples by the header.
  var claimed: UInt64
  /// Bytes from the beginning of the samples to the end of the file, at most `claimed`.
  var present: UInt64

  /// A promise of close to 2 GiB and 4 GiB stands for "not known" in files that were written to a pipe.
  var isCutShort: Bool {
    present < claimed && !(0x7FFF_0000...0x7FFF_FFFF).contains(claimed) && claimed < 0xFFFF_0000
      || present < claimed && claimed > 0xFFFF_FFFF && claimed < UInt64(Int64.max)
  }

  /// The claim of a file whose header has one; nil where there is none or the samples are not found.
  static func find(in file: BinaryFile) throws(SignalIOError) -> SoundFileClaim? {
    let header = try file.prefix(64)
    if FirstBytes.begins(header, with: "RIFF") || FirstBytes.begins(header, with: "RF64") {
      return try chunks(in: file, from: 12, idLength: 4, dataID: Array("data".utf8), bigEndian: false)
    }
    if FirstBytes.begins(header, with: "RIFX") {
      return try chunks(in: file, from: 12, idLength: 4, dataID: Array("data".utf8), bigEndian: true)
    }
    if FirstBytes.begins(header, with: "FORM") {
      return try chunks(in: file, from: 12, idLength: 4, dataID: Array("SSND".utf8), bigEndian: true)
    }
    if FirstBytes.begins(header, with: "riff") {
      return try chunks(in: file, from: 40, idLength: 16, dataID: wave64Data, bigEndian: false)
    }
    if FirstBytes.begins(header, with: "caff") {
      return try chunks(
        in: file, from: 8, idLength: 4, dataID: Array("data".utf8), bigEndian: true, longSizes: true)
    }
    if FirstBytes.begins(header, with: ".snd"), header.count >= 12 {
      return claim(
        number(header[8..<12], bigEndian: true), at: number(header[4..<8], bigEndian: true), in: file)
    }
    return nil
  }

  /// The GUID of a Wave64 data chunk: `data` and eleven fixed bytes.
  private static let wave64Data: [UInt8] =
    Array("data".utf8) + [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]

  /// Walks chunks of identifier and size until the one with the samples.
  private static func chunks(
    in file: BinaryFile, from start: Int, idLength: Int, dataID: [UInt8], bigEndian: Bool,
    longSizes: Bool = false
  ) throws(SignalIOError) -> SoundFileClaim? {
    let sizeLength = idLength == 16 || longSizes ? 8 : 4
    var offset = start
    var longData: UInt64?
    // A hostile file may hold endless empty chunks; a real one has the samples among its first few.
    for _ in 0..<256 {
      let head = try file.bytes(at: offset, count: idLength + sizeLength)
      guard head.count == idLength + sizeLength else { return nil }
      var size = number(head[idLength...], bigEndian: bigEndian)
      if head[..<idLength].elementsEqual(dataID) {
        if size == 0xFFFF_FFFF, let longData { size = longData }
        if idLength == 16 { size = size >= 24 ? size - 24 : 0 }
        return claim(size, at: UInt64(offset + idLength + sizeLength), in: file)
      }
      if FirstBytes.begins(head, with: "ds64") {
        // RF64: RIFF size, then the size of the data chunk, eight bytes each.
        let sizes = try file.bytes(at: offset + 8, count: 16)
        if sizes.count == 16 { longData = number(sizes[8...], bigEndian: false) }
      }
      guard let next = following(offset, size: size, idLength: idLength, longSizes: longSizes) else {
        return nil
      }
      offset = next
    }
    return nil
  }

  /// Where the chunk after this one begins; nil beyond what an `Int` counts.
  private static func following(_ offset: Int, size: UInt64, idLength: Int, longSizes: Bool) -> Int? {
    guard size < UInt64(Int.max / 2) else { return nil }
    // Wave64 counts the identifier and pads to 8 bytes, RIFF and AIFF pad to 2, CAF does not pad.
    if idLength == 16 { return size >= 24 ? offset + (Int(size) + 7) / 8 * 8 : nil }
    if longSizes { return offset + 12 + Int(size) }
    return offset + 8 + (Int(size) + 1) / 2 * 2
  }

  private static func claim(_ size: UInt64, at offset: UInt64, in file: BinaryFile) -> SoundFileClaim {
    let rest = UInt64(file.size) > offset ? UInt64(file.size) - offset : 0
    return SoundFileClaim(claimed: size, present: min(size, rest))
  }

  private static func number(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> UInt64 {
    let ordered = bigEndian ? Array(bytes) : bytes.reversed()
    return ordered.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
