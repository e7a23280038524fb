import Support

extension Safetensors {
  /// Replaces the file at `path`, whole or not at all. The same content gives the same bytes.
  package func write(to path: String) throws(NeuralNetError) {
    do {
      let writer = try AtomicFileWriter(path: path)
      try writer.append(bytes)
      try writer.commit()
    } catch {
      throw .cannotWrite(error)
    }
  }

  /// The file's content. Arrays of wide elements come first, so that each begins at a multiple of its element
  /// size; equal widths are ordered by name.
  package var bytes: [UInt8] {
    let order = names.sorted { a, b in
      let (sizeA, sizeB) = (entries[a]!.values.type.elementSize, entries[b]!.values.type.elementSize)
      return sizeA != sizeB ? sizeA > sizeB : Self.precedes(a, b)
    }
    var header = SafetensorsHeader(items: [], metadata: metadata)
    var position = 0
    for name in order {
      let entry = entries[name]!
      let end = position + entry.values.count * entry.values.type.elementSize
      header.items.append(
        .init(name: name, type: entry.values.type, shape: entry.shape, begin: position, end: end))
      position = end
    }
    let headerBytes = header.bytes
    var result: [UInt8] = []
    result.reserveCapacity(8 + headerBytes.count + position)
    withUnsafeBytes(of: UInt64(headerBytes.count).littleEndian) { result += $0 }
    result += headerBytes
    for name in order { entries[name]!.values.withBytes { result += $0 } }
    return result
  }
}

extension Safetensors.Values {
  fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
    switch self {
    case .float32(let values): values.withUnsafeBytes(body)
    case .float16(let values): values.withUnsafeBytes(body)
    case .float64(let values): values.withUnsafeBytes(body)
    case .int64(let values): values.withUnsafeBytes(body)
    case .uint8(let values): values.withUnsafeBytes(body)
    }
  }
}
