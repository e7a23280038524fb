import CMatFile
import Glibc

/// MATLAB files of version 7.3 (HDF5), through libmatio in a child process; see `CMatFile`.
enum MatlabLibrary {
  /// Lists the numeric variables, and the fields of structures one level deep.
  static func read(path: String, fileSize: Int) throws(SignalIOError) -> [StoredArray] {
    let file = try MatlabLibraryFile(path: path)
    var arrays: [StoredArray] = []
    for (place, variable) in try file.variables().enumerated() {
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
          MatlabLibrarySource(
            file: file, place: place, name: variable.name, numberSize: encoding.size, position: skipped,
            count: count)
        })
    }
    return arrays
  }
}

/// An open file and the child process that reads it.
final class MatlabLibraryFile {
  fileprivate let path: String
  /// Owned: closed in `deinit`.
  private let handle: OpaquePointer

  init(path: String) throws(SignalIOError) {
    self.path = path
    guard let handle = matfile_open(path) else {
      throw .cannotOpen(path: path, reason: "no process to read it: \(String(cString: strerror(errno)))")
    }
    self.handle = handle
  }

  deinit { matfile_close(handle) }

  struct Variable {
    var name: String
    var shape: [Int]
    /// Nil for what is not a real numeric array.
    var encoding: NumberEncoding?
  }

  /// Every variable in the order of the file; called once.
  func variables() throws(SignalIOError) -> [Variable] {
    var found: [Variable] = []
    var next = matfile_variable()
    while true {
      switch matfile_next(handle, &next) {
      case 1: found.append(Self.variable(next))
      case 0: return found
      case -2: throw .cannotOpen(path: path, reason: "libmatio, which reads MATLAB v7.3, is not installed")
      default:
        throw .malformed(
          path: path, location: "HDF5 structure", found: "what libmatio cannot read",
          expected: "a MATLAB v7.3 file")
      }
    }
  }

  /// Reads `count` numbers of the variable at `place` in the listing into `target`, which has room for them.
  fileprivate func read(place: Int, from start: Int, count: Int, into target: UnsafeMutableRawBufferPointer)
    -> Bool
  {
    matfile_read(handle, Int32(place), Int64(start), Int64(count), target.baseAddress, Int64(target.count))
      == 0
  }

  private static func variable(_ told: matfile_variable) -> Variable {
    let name = withUnsafeBytes(of: told.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let shape = withUnsafeBytes(of: told.dims) { bytes in
      (0..<Int(told.rank)).map { Int(bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
    }
    return Variable(
      name: name, shape: shape, encoding: MatlabClass(rawValue: Int(told.number_class))?.encoding)
  }
}

extension MatlabClass {
  /// How numbers of the class are stored in this machine's memory; nil for what are no numbers.
  fileprivate var encoding: NumberEncoding? {
    switch self {
    case .double: NumberEncoding(.float64)
    case .single: NumberEncoding(.float32)
    case .int8: NumberEncoding(.int8)
    case .uint8: NumberEncoding(.uint8)
    case .int16: NumberEncoding(.int16)
    case .uint16: NumberEncoding(.uint16)
    case .int32: NumberEncoding(.int32)
    case .uint32: NumberEncoding(.uint32)
    case .int64: NumberEncoding(.int64)
    case .uint64: NumberEncoding(.uint64)
    default: nil
    }
  }
}

/// The numbers of one variable, in stored order.
final class MatlabLibrarySource: ByteSource {
  private let file: MatlabLibraryFile
  private let place: Int
  private let name: String
  private let numberSize: Int
  /// In numbers.
  private var position: Int
  private let count: Int

  init(file: MatlabLibraryFile, place: Int, name: String, numberSize: Int, position: Int, count: Int) {
    self.file = file
    self.place = place
    self.name = name
    self.numberSize = numberSize
    self.position = position
    self.count = count
  }

  func skip(_ bytes: Int) { position += bytes / numberSize }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(SignalIOError) -> Int {
    let wanted = min(buffer.count / numberSize, max(0, count - position))
    guard wanted > 0 else { return 0 }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(wanted * numberSize)])
    guard file.read(place: place, from: position, count: wanted, into: target) else {
      throw .malformed(
        path: file.path, location: "\(name), number \(position)", found: "what libmatio cannot read",
        expected: "\(wanted) numbers")
    }
    position += wanted
    return target.count
  }
}
