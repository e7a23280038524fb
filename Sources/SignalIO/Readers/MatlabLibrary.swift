import CMatIO
import Dispatch
import Glibc

/// MATLAB files of version 7.3 (HDF5), through libmatio.
///
/// libmatio and HDF5 are not safe to use from several threads: every call runs alone.
enum MatlabLibrary {
  private static let queue = DispatchQueue(label: "libmatio")

  /// Runs what uses libmatio or HDF5, alone in this process and without their messages on standard error.
  fileprivate static func alone<Result>(_ body: () -> Result) -> Result {
    queue.sync {
      _ = silenceMatIO
      // HDF5 keeps this setting for each thread, and the queue runs on its caller's.
      _ = setErrorPrinting?(0, nil, nil)
      return body()
    }
  }

  /// Lists the numeric variables, and the fields of structures one level deep.
  static func read(
    path: String, fileSize: Int
  ) throws(SignalIOError) -> [StoredArray] {
    guard let file = alone({ MatlabLibraryFile(path: path) }) else {
      throw .malformed(
        path: path, location: "header", found: "what libmatio does not open",
        expected: "a MATLAB v7.3 file")
    }
    let variables = alone { file.variables() }
    var arrays: [StoredArray] = []
    for variable in variables {
      guard let encoding = variable.encoding else { continue }
      // A dataset without storage may claim any size; compressed ones obey deflate's greatest ratio.
      guard let count = StoredArray.count(of: variable.shape), count <= Int(Int32.max),
        count * encoding.size / InflatedSource.greatestRatio <= fileSize
      else {
        throw .tooLarge(
          path: path, claimed: "\(variable.name) of \(variable.shape)", limit: "\(fileSize) bytes hold")
      }
      guard count > 0 else { continue }
      arrays.append(
        StoredArray(name: variable.name, shape: variable.shape, columnMajor: true, encoding: encoding) {
          skipped in
          MatlabLibrarySource(file: file, variable: variable, path: path, position: skipped)
        })
    }
    return arrays
  }

  private static let silenceMatIO: Void = {
    Mat_LogInitFunc("fault-diag") { _, _ in }
    return
  }()

  /// H5Eset_auto2(error stack, function, data). HDF5 comes with libmatio, so it is looked up rather than linked.
  private typealias SetAutomatic = @convention(c) (Int64, UnsafeRawPointer?, UnsafeRawPointer?) -> Int32

  private static let setErrorPrinting: SetAutomatic? = dlsym(nil, "H5Eset_auto2").map {
    unsafeBitCast($0, to: SetAutomatic.self)
  }
}

/// An open file of libmatio. Every use goes through ``MatlabLibrary``.
final class MatlabLibraryFile {
  /// Owned: closed in `deinit`.
  fileprivate let handle: OpaquePointer
  /// Owned top-level descriptions; fields belong to them.
  private var owned: [UnsafeMutablePointer<matvar_t>] = []

  init?(path: String) {
    guard let handle = Mat_Open(path, Int32(MAT_ACC_RDONLY.rawValue)) else { return nil }
    self.handle = handle
  }

  deinit {
    MatlabLibrary.alone {
      for variable in owned { Mat_VarFree(variable) }
      Mat_Close(handle)
    }
  }

  struct Variable {
    var name: String
    var shape: [Int]
    /// Nil for what is not a real numeric array.
    var encoding: NumberEncoding?
    /// Lives as long as the file object.
    fileprivate var description: UnsafeMutablePointer<matvar_t>
  }

  func variables() -> [Variable] {
    var found: [Variable] = []
    // A damaged directory may go in circles.
    while owned.count < 10_000, let next = Mat_VarReadNextInfo(handle) {
      owned.append(next)
      let name = next.pointee.name.map { String(cString: $0) } ?? ""
      if next.pointee.class_type == MAT_C_STRUCT {
        found += fields(of: next, named: name)
      } else {
        found.append(variable(next, named: name))
      }
    }
    return found
  }

  private func fields(of structure: UnsafeMutablePointer<matvar_t>, named name: String) -> [Variable] {
    guard shape(structure).allSatisfy({ $0 == 1 }), let names = Mat_VarGetStructFieldnames(structure) else {
      return []
    }
    return (0..<Int(Mat_VarGetNumberOfFields(structure))).compactMap { index in
      guard let field = Mat_VarGetStructFieldByIndex(structure, index, 0), let text = names[index] else {
        return nil
      }
      return variable(field, named: "\(name).\(String(cString: text))")
    }
  }

  private func variable(_ description: UnsafeMutablePointer<matvar_t>, named name: String) -> Variable {
    let isReal = description.pointee.isComplex == 0 && description.pointee.isLogical == 0
    return Variable(
      name: name, shape: shape(description),
      encoding: isReal ? encoding(description.pointee.class_type) : nil,
      description: description)
  }

  private func shape(_ description: UnsafeMutablePointer<matvar_t>) -> [Int] {
    guard let sizes = description.pointee.dims, (0...32).contains(description.pointee.rank) else { return [] }
    return (0..<Int(description.pointee.rank)).map { Int(clamping: sizes[$0]) }
  }

  /// libmatio converts to the array's class, in this machine's byte order.
  private func encoding(_ kind: matio_classes) -> NumberEncoding? {
    switch kind {
    case MAT_C_DOUBLE: NumberEncoding(.float64)
    case MAT_C_SINGLE: NumberEncoding(.float32)
    case MAT_C_INT8: NumberEncoding(.int8)
    case MAT_C_UINT8: NumberEncoding(.uint8)
    case MAT_C_INT16: NumberEncoding(.int16)
    case MAT_C_UINT16: NumberEncoding(.uint16)
    case MAT_C_INT32: NumberEncoding(.int32)
    case MAT_C_UINT32: NumberEncoding(.uint32)
    case MAT_C_INT64: NumberEncoding(.int64)
    case MAT_C_UINT64: NumberEncoding(.uint64)
    default: nil
    }
  }
}

/// The numbers of one variable, read in slabs of whole columns or parts of one.
final class MatlabLibrarySource: ByteSource {
  private let file: MatlabLibraryFile
  private let variable: MatlabLibraryFile.Variable
  private let path: String
  /// In numbers, in stored order.
  private var position: Int
  private let count: Int
  private let size: Int

  init(file: MatlabLibraryFile, variable: MatlabLibraryFile.Variable, path: String, position: Int) {
    self.file = file
    self.variable = variable
    self.path = path
    self.position = position
    count = variable.shape.reduce(1, *)
    size = variable.encoding?.size ?? 1
  }

  func skip(_ bytes: Int) { position += bytes / size }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SignalIOError) -> Int {
    let rows = variable.shape.first ?? 1
    var done = 0
    while (done + 1) * size <= buffer.count, position < count {
      let wanted = min(buffer.count / size - done, count - position)
      let row = position % rows
      let column = position / rows
      let wholeColumns = row == 0 ? wanted / rows : 0
      let extent = wholeColumns > 0 ? (rows, wholeColumns) : (min(wanted, rows - row), 1)
      guard slab(row, column, extent, into: buffer.baseAddress! + done * size) else {
        throw .malformed(
          path: path, location: "\(variable.name), number \(position)", found: "what libmatio cannot read",
          expected: "\(extent.0 * extent.1) numbers")
      }
      done += extent.0 * extent.1
      position += extent.0 * extent.1
    }
    return done * size
  }

  /// Invariant of the call: the slab has `extent.0 * extent.1` numbers, for which `target` has room.
  private func slab(
    _ row: Int, _ column: Int, _ extent: (Int, Int), into target: UnsafeMutableRawPointer
  ) -> Bool {
    guard variable.shape.count == 2 else { return false }
    var start = [Int32(row), Int32(column)]
    var stride: [Int32] = [1, 1]
    var edge = [Int32(extent.0), Int32(extent.1)]
    return MatlabLibrary.alone {
      Mat_VarReadData(file.handle, variable.description, target, &start, &stride, &edge) == 0
    }
  }
}
