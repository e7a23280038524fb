import Glibc

/// A value that one thread at a time may read and change.
///
/// As `Synchronization.Mutex`, but by the system's own mutex, which ThreadSanitizer understands: it reports every use
/// of a value behind the other one as a race.
///
/// Invariant: `value` is touched only between locking and unlocking. Not recursive: taking it again in `body` waits for ever.
package final class Lock<Value>: @unchecked Sendable {
  /// Owned; at one address from `init` to `deinit`, as POSIX asks for.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// Owned. Not a property of the value's own type: one without a size would share an address with the pointer beside it,
  /// and the sanitizer would take the two for one.
  private let value: UnsafeMutablePointer<Value>

  package init(_ value: Value) {
    self.value = .allocate(capacity: 1)
    self.value.initialize(to: value)
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    let status = pthread_mutex_init(mutex, nil)
    precondition(status == 0, "a mutex cannot be made: \(status)")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
    value.deinitialize(count: 1)
    value.deallocate()
  }

  /// What `body` makes of the value; nobody else sees it meanwhile.
  package func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value.pointee)
  }
}
