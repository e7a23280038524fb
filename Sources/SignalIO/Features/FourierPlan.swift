import CFFTW
import Support

/// FFTW plans by kind and length, shared by all that use the same one.
///
/// FFTW's planner is not thread-safe, so plans are made and destroyed behind one lock; executing a finished plan on new
/// arrays is. Plans use `FFTW_ESTIMATE`: it is deterministic and takes a millisecond (a real transform several), where
/// measured plans would differ from run to run and with them the last bits of every feature. For some lengths, measured plans
/// are carried along (``FourierWisdom``). The plans used last are kept for the next user, the others live as long as who uses
/// them: recordings of ever other lengths and speeds fill no memory.
final class FourierPlan: @unchecked Sendable {
  enum Kind: Hashable { case realForward, realInverse, complexForward, complexInverse }

  private struct Key: Hashable {
    var kind: Kind
    var length: Int
  }

  /// Invariant: an immutable plan for 64-byte aligned, distinct arrays; `fftwf_execute_*` only reads it.
  let pointer: fftwf_plan

  /// A recording's diagnosis and pictures need about a third of these.
  private static let kept = Lock(RecentlyUsed<Key, FourierPlan>(capacity: 64))
  static let planner = Lock(())

  static func plan(_ kind: Kind, length: Int) -> FourierPlan {
    precondition(length > 0 && length <= 1 << 28, "a Fourier transform of length \(length) is not possible")
    let key = Key(kind: kind, length: length)
    if let known = kept.withLock({ $0.use(key) }) { return known }
    let plan = FourierPlan(kind, length: length)
    // What gives way is destroyed behind the planner's lock, so after this one is given back.
    let old = kept.withLock { $0.keep(plan, for: key) }
    withExtendedLifetime(old) {}
    return plan
  }

  private init(_ kind: Kind, length: Int) {
    pointer = Self.planner.withLock { _ in Self.make(kind, length: length) }
  }

  deinit { Self.planner.withLock { _ in fftwf_destroy_plan(pointer) } }

  /// Called with the planner's lock held. The arrays only show FFTW their alignment: ESTIMATE does not touch their values,
  /// so nobody has to write any (a page fault for each 4 KiB).
  private static func make(_ kind: Kind, length: Int) -> fftwf_plan {
    // Invariant: room for 2 * length + 2 floats, so for length + 1 complex numbers, until the plan is made.
    let (first, second) = (
      UnsafeMutableRawPointer.untouched(floats: 2 * length + 2),
      UnsafeMutableRawPointer.untouched(floats: 2 * length + 2)
    )
    defer {
      first.deallocate()
      second.deallocate()
    }
    let (realIn, realOut) = (
      first.assumingMemoryBound(to: Float.self), second.assumingMemoryBound(to: Float.self)
    )
    let (complexIn, complexOut) = (
      first.assumingMemoryBound(to: fftwf_complex.self), second.assumingMemoryBound(to: fftwf_complex.self)
    )
    // Before any other plan, so that it makes no difference which is the first.
    _ = takesWisdom
    let n = Int32(length)
    let plan: fftwf_plan? =
      switch kind {
      case .realForward:
        fftwf_plan_dft_r2c_1d(n, realIn, complexOut, flags | UInt32(FFTW_PRESERVE_INPUT))
      case .realInverse:
        fftwf_plan_dft_c2r_1d(n, complexIn, realOut, flags | UInt32(FFTW_DESTROY_INPUT))
      case .complexForward:
        fftwf_plan_dft_1d(n, complexIn, complexOut, FFTW_FORWARD, flags | UInt32(FFTW_PRESERVE_INPUT))
      case .complexInverse:
        fftwf_plan_dft_1d(n, complexIn, complexOut, FFTW_BACKWARD, flags | UInt32(FFTW_PRESERVE_INPUT))
      }
    guard let plan else { preconditionFailure("FFTW has no plan for length \(length)") }
    return plan
  }

  private static let flags = UInt32(FFTW_ESTIMATE)

  /// Whether FFTW takes ``FourierWisdom``; asking gives it to the planner, whose lock must be held.
  static let takesWisdom = fftwf_import_wisdom_from_string(FourierWisdom.text) == 1
}

extension UnsafeMutableRawPointer {
  /// Memory aligned as an ``AlignedBuffer`` is, without values.
  fileprivate static func untouched(floats: Int) -> UnsafeMutableRawPointer {
    allocate(byteCount: floats * 4, alignment: 64)
  }
}

extension AlignedBuffer {
  /// The same memory as complex numbers, real part first. Invariant: used for at most `count / 2` of them.
  var complex: UnsafeMutablePointer<fftwf_complex> {
    UnsafeMutableRawPointer(base).assumingMemoryBound(to: fftwf_complex.self)
  }
}
