/// How one number is stored: its type and the order of its bytes.
struct NumberEncoding: Equatable {
  enum Kind: Equatable {
    case int8, uint8, int16, uint16, int24, int32, uint32, int64, uint64, float16, float32, float64
  }
  var kind: Kind
  var bigEndian: Bool

  init(_ kind: Kind, bigEndian: Bool = false) {
    self.kind = kind
    self.bigEndian = bigEndian
  }

  /// Bytes a number.
  var size: Int {
    switch kind {
    case .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int24: 3
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Appends `count` numbers of `bytes` to `samples`: those at `first`, `first + step`, ... in numbers.
  ///
  /// - Parameter normalized: maps integers to ±1 by their full scale (unsigned 8-bit has its zero at 128), as
  ///   audio readers do; otherwise numbers keep their value.
  /// - Precondition: the last number lies within `bytes`.
  func append(
    count: Int, from bytes: UnsafeRawBufferPointer, first: Int, step: Int, normalized: Bool,
    to samples: inout [Float]
  ) {
    guard count > 0 else { return }
    precondition(
      first >= 0 && step >= 1 && (first + (count - 1) * step + 1) * size <= bytes.count,
      "\(count) numbers of \(size) bytes at \(first) + \(step) i do not fit \(bytes.count) bytes")
    func convert<Raw: BitwiseCopyable>(
      _ type: Raw.Type, _ value: (Raw) -> Float
    ) {
      // Invariant: by the precondition every load lies inside `bytes`.
      let base = bytes.baseAddress! + first * MemoryLayout<Raw>.size
      let stride = step * MemoryLayout<Raw>.size
      for i in 0..<count {
        samples.append(value((base + i * stride).loadUnaligned(as: Raw.self)))
      }
    }
    let big = bigEndian
    func scale(_ bits: Float) -> Float { normalized ? 1 / bits : 1 }
    switch kind {
    case .int8:
      let s = scale(0x1p7)
      convert(Int8.self) { Float($0) * s }
    case .uint8:
      if normalized {
        convert(UInt8.self) { (Float($0) - 128) * 0x1p-7 }
      } else {
        convert(UInt8.self) { Float($0) }
      }
    case .int16:
      let s = scale(0x1p15)
      convert(Int16.self) { Float(big ? Int16(bigEndian: $0) : $0) * s }
    case .uint16:
      let s = scale(0x1p16)
      convert(UInt16.self) { Float(big ? UInt16(bigEndian: $0) : $0) * s }
    case .int24:
      let s = scale(0x1p23)
      // Three bytes have no integer type: the sign comes from the highest byte.
      for i in 0..<count {
        let at = (first + i * step) * 3
        let low = UInt32(bytes[at + (big ? 2 : 0)])
        let high = UInt32(bytes[at + (big ? 0 : 2)])
        let word = low | UInt32(bytes[at + 1]) << 8 | high << 16
        samples.append(Float(Int32(bitPattern: word << 8) >> 8) * s)
      }
    case .int32:
      let s = scale(0x1p31)
      convert(Int32.self) { Float(big ? Int32(bigEndian: $0) : $0) * s }
    case .uint32:
      let s = scale(0x1p32)
      convert(UInt32.self) { Float(big ? UInt32(bigEndian: $0) : $0) * s }
    case .int64:
      let s = scale(0x1p63)
      convert(Int64.self) { Float(big ? Int64(bigEndian: $0) : $0) * s }
    case .uint64:
      let s = scale(0x1p64)
      convert(UInt64.self) { Float(big ? UInt64(bigEndian: $0) : $0) * s }
    case .float16:
      convert(UInt16.self) { Self.float(half: big ? UInt16(bigEndian: $0) : $0) }
    case .float32:
      convert(UInt32.self) { Float(bitPattern: big ? UInt32(bigEndian: $0) : $0) }
    case .float64:
      convert(UInt64.self) { Float(Double(bitPattern: big ? UInt64(bigEndian: $0) : $0)) }
    }
  }

  /// Half precision by its definition (IEEE 754 binary16); `Float16` is missing on some platforms.
  private static func float(half bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

extension NumberEncoding {
  init(_ encoding: RawLayout.Encoding) {
    switch encoding {
    case .s8: self.init(.int8)
    case .u8: self.init(.uint8)
    case .s16le: self.init(.int16)
    case .s16be: self.init(.int16, bigEndian: true)
    case .s24le: self.init(.int24)
    case .s24be: self.init(.int24, bigEndian: true)
    case .s32le: self.init(.int32)
    case .s32be: self.init(.int32, bigEndian: true)
    case .f32le: self.init(.float32)
    case .f32be: self.init(.float32, bigEndian: true)
    case .f64le: self.init(.float64)
    case .f64be: self.init(.float64, bigEndian: true)
    }
  }
}
