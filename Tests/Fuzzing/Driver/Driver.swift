import FuzzTargets
import Glibc

/// What libFuzzer calls. Which target its inputs go to is named by `FAULT_DIAG_FUZZ_TARGET`; options are libFuzzer's.
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

/// libFuzzer's own `main`, as a function (LLVM, "LibFuzzer: using libFuzzer as a library").
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>,
  _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// `char **argv`.
public typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// The package manager lets `main` stand for this name in a program of one module.
@_cdecl("fault_diag_fuzz_main")
public func runFuzzer(_ count: CInt, _ arguments: Arguments) -> CInt {
  var (count, arguments) = (count, arguments)
  // Invariant: the pointers to the process's arguments are read and written by libFuzzer until it returns.
  return runDriver(&count, &arguments, testOneInput)
}
