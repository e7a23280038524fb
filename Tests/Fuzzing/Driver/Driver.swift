import FuzzTargets
import Glibc

/// What libFuzzer calls. Which target its inputs go to is named by `FAULT_DIAG_FUZZ_TARGET`; libFuzzer brings its own
/// `main` and options.
private let target: FuzzTarget = {
  let name = getenv("FAULT_DIAG_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    print("FAULT_DIAG_FUZZ_TARGET is '\(name)', expected one of:")
    for target in FuzzTarget.all { print(target.name) }
    exit(64)
  }
  return target
}()

/// Runs one input. Invariant: libFuzzer's `bytes` are `count` readable bytes until this returns.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
