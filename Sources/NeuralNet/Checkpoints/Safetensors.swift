/// Named arrays and text metadata, the content of a safetensors file.
///
/// The format (github.com/huggingface/safetensors, "Format"): eight bytes little-endian N, N bytes of a JSON object
/// that maps each name to `dtype`, `shape` and `data_offsets`, then the arrays' bytes, little-endian and row-major,
/// without holes. Reading is strict: see ``read(_:)``. Departure: of the data types only F16, F32, F64, I64 and U8 are
/// known, the ones that this program writes.
package struct Safetensors: Sendable {
  /// The elements of one array.
  package enum Values: Sendable, Equatable {
    case float16([Float16])
    case float32([Float])
    case float64([Double])
    case int64([Int64])
    case uint8([UInt8])
  }

  /// One array.
  package struct Entry: Sendable, Equatable {
    /// Outermost dimension first; empty for a single scalar.
    package let shape: [Int]
    package let values: Values

    package init(shape: [Int], values: Values) {
      precondition(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
        "an array of shape \(shape) cannot hold \(values.count) elements")
      self.shape = shape
      self.values = values
    }
  }

  /// Where the content came from, for messages.
  package let source: String
  package private(set) var entries: [String: Entry] = [:]
  package var metadata: [String: String] = [:]

  /// An empty content, to be filled and written.
  package init(source: String = "memory") {
    self.source = source
  }

  /// The arrays' names in ascending order of their UTF-8 bytes.
  package var names: [String] { entries.keys.sorted(by: Self.precedes) }

  /// Adds or replaces an array.
  package subscript(name: String) -> Entry? {
    get { entries[name] }
    set {
      precondition(
        name != SafetensorsHeader.metadataKey, "an array cannot be named \(name): the format reserves it")
      entries[name] = newValue
    }
  }

  /// Adds `tensor` under `name`. A name given twice is a mistake of the caller.
  package mutating func insert<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, named name: String) {
    precondition(entries[name] == nil, "two tensors are named '\(name)'")
    self[name] = Entry(shape: tensor.shape, values: Scalar.stored(tensor.storage))
  }

  /// The array `name` as a tensor. Half and single precision are widened exactly; double precision is never narrowed.
  package func tensor<Scalar: TensorScalar>(
    named name: String, as type: Scalar.Type = Scalar.self
  ) throws(NeuralNetError) -> Tensor<Scalar> {
    guard let entry = entries[name] else {
      throw .missingTensor(path: source, name: name, expected: "one of type \(Scalar.storedType.rawValue)")
    }
    guard let values = Scalar.restored(entry.values) else {
      throw .wrongDataType(
        path: source, name: name, found: entry.values.type.rawValue, expected: Scalar.storedType.rawValue)
    }
    return Tensor(values, shape: entry.shape)
  }

  /// The same with single precision rounded to half: half the size, three decimal digits.
  package var halved: Safetensors {
    var result = self
    for (name, entry) in entries {
      if case .float32(let values) = entry.values {
        result[name] = Entry(shape: entry.shape, values: .float16(values.map { Float16($0) }))
      }
    }
    return result
  }

  /// Order by bytes, which does not depend on the locale or the Unicode version.
  static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}

/// A data type of the format, by the format's name.
package enum SafetensorsType: String, Sendable, CaseIterable {
  case f64 = "F64"
  case i64 = "I64"
  case f32 = "F32"
  case f16 = "F16"
  case u8 = "U8"

  /// In bytes.
  package var elementSize: Int {
    switch self {
    case .f64, .i64: 8
    case .f32: 4
    case .f16: 2
    case .u8: 1
    }
  }
}

extension Safetensors.Values {
  package var type: SafetensorsType {
    switch self {
    case .float32: .f32
    case .float16: .f16
    case .float64: .f64
    case .int64: .i64
    case .uint8: .u8
    }
  }

  package var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float16(let values): values.count
    case .float64(let values): values.count
    case .int64(let values): values.count
    case .uint8(let values): values.count
    }
  }

  /// The elements as double precision; integers beyond 2^53 are rounded.
  package var doubles: [Double] {
    switch self {
    case .float32(let values): values.map(Double.init)
    case .float16(let values): values.map(Double.init)
    case .float64(let values): values
    case .int64(let values): values.map(Double.init)
    case .uint8(let values): values.map(Double.init)
    }
  }
}

/// A scalar that safetensors files can hold. ``TensorScalar`` includes it.
package protocol StoredScalar {
  static var storedType: SafetensorsType { get }
  static func stored(_ values: [Self]) -> Safetensors.Values
  /// nil where the stored type cannot become this one without loss.
  static func restored(_ values: Safetensors.Values) -> [Self]?
}

extension Float: StoredScalar {
  package static var storedType: SafetensorsType { .f32 }
  package static func stored(_ values: [Float]) -> Safetensors.Values { .float32(values) }
  package static func restored(_ values: Safetensors.Values) -> [Float]? {
    switch values {
    case .float32(let values): values
    case .float16(let values): values.map(Float.init)
    case .float64, .int64, .uint8: nil
    }
  }
}

extension Double: StoredScalar {
  package static var storedType: SafetensorsType { .f64 }
  package static func stored(_ values: [Double]) -> Safetensors.Values { .float64(values) }
  package static func restored(_ values: Safetensors.Values) -> [Double]? {
    switch values {
    case .float64(let values): values
    case .float32(let values): values.map(Double.init)
    case .float16(let values): values.map(Double.init)
    case .int64, .uint8: nil
    }
  }
}
