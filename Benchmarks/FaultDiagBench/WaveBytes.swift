/// Headers of plain WAV files of one channel, written by hand where a library would refuse what a trial needs.
enum WaveBytes {
  static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// The `fmt ` chunk.
  ///
  /// - Parameter tag: 1 for whole numbers, 3 for floating-point numbers.
  static func format(tag: UInt8, rate: Int, bytesPerSample: Int) -> [UInt8] {
    var chunk = Array("fmt ".utf8) + little(16)
    chunk += [tag, 0, 1, 0]
    chunk += little(UInt32(rate))
    chunk += little(UInt32(rate * bytesPerSample))
    chunk += [UInt8(bytesPerSample), 0, UInt8(8 * bytesPerSample), 0]
    return chunk
  }

  /// A whole RIFF file.
  static func file(tag: UInt8, rate: Int, bytesPerSample: Int, data: [UInt8]) -> [UInt8] {
    var bytes = Array("RIFF".utf8) + little(UInt32(36 + data.count))
    bytes += Array("WAVE".utf8)
    bytes += format(tag: tag, rate: rate, bytesPerSample: bytesPerSample)
    bytes += Array("data".utf8) + little(UInt32(data.count))
    return bytes + data
  }

  /// -1 ... 1 as 16-bit numbers.
  static func whole(_ samples: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * samples.count)
    for sample in samples {
      let value = UInt16(bitPattern: Int16((sample * 32_767).rounded()))
      bytes.append(UInt8(value & 0xFF))
      bytes.append(UInt8(value >> 8))
    }
    return bytes
  }

  /// The header of an RF64 file of 16-bit samples (EBU Tech 3306), whose lengths may exceed 4 GiB.
  static func longHeader(rate: Int, samples: Int) -> [UInt8] {
    func long(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let unknown = [UInt8](repeating: 0xFF, count: 4)
    var bytes = Array("RF64".utf8) + unknown + Array("WAVE".utf8)
    bytes += Array("ds64".utf8) + little(28)
    bytes += long(72 + 2 * samples) + long(2 * samples) + long(samples)
    bytes += little(0)
    bytes += format(tag: 1, rate: rate, bytesPerSample: 2)
    bytes += Array("data".utf8) + unknown
    return bytes
  }
}
