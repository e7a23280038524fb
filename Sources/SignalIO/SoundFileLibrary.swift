import CSndFile
import Support

/// Opens files with libsndfile from any number of threads.
///
/// Why a file could not be opened stands in one variable of the whole process, which every other opening overwrites, even
/// one that succeeds (`sf_errno` in libsndfile's sndfile.c). The call and the question for its reason belong together behind
/// one lock. What is open has a state of its own.
enum SoundFileLibrary {
  struct Refusal: Error {
    /// The library's words.
    var reason: String
  }

  private static let lock = Lock(())

  /// Opens the file at `path` for reading and fills `info`.
  static func open(reading path: String, _ info: inout SF_INFO) -> Result<OpaquePointer, Refusal> {
    opened { sf_open(path, Int32(SFM_READ), &info) }
  }

  /// Opens the file behind `descriptor`, which stays the caller's, for writing as `info` says.
  static func open(writing descriptor: CInt, _ info: inout SF_INFO) -> Result<OpaquePointer, Refusal> {
    opened { sf_open_fd(descriptor, Int32(SFM_WRITE), &info, 0) }
  }

  private static func opened(_ call: () -> OpaquePointer?) -> Result<OpaquePointer, Refusal> {
    lock.withLock { _ in
      call().map { .success($0) } ?? .failure(Refusal(reason: String(cString: sf_strerror(nil))))
    }
  }
}
