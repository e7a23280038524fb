import ArgumentParser
import CFFTW
import Foundation
import SignalIO
import Support

/// Searches for the fastest plans of the transforms whose lengths the program itself chooses, and writes them down.
///
/// FFTW's patient planner times thousands of plans for each, so the machine should be quiet. What it finds is a matter of the
/// processor, and where FFTW takes it, `FourierWisdom` says.
struct PlanTransforms: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan-transforms",
    abstract: "Search for fast Fourier transforms, and write FourierWisdom.swift again.")

  @Option(help: ArgumentHelp("The Swift file to write.", valueName: "file"))
  var out = "Sources/SignalIO/Features/FourierWisdom.swift"

  /// Complex lengths; a real transform goes by one of half its own.
  private static let lengths: [(sign: Int32, lengths: [Int])] = [
    // Frames of 512 to 2,048 samples; windows of a second at 12 kHz and 16 kHz, and the envelopes of their bands, padded.
    (FFTW_FORWARD, [256, 512, 1024, 2160, 2304, 3072, 3200, 4800, 6000, 8000]),
    // Analytic signals of bands, and of the whole window.
    (FFTW_BACKWARD, [2160, 2304, 3072, 3200, 4800, 6000, 8000]),
  ]

  func run() throws {
    let all = Self.lengths.flatMap { sign, lengths in lengths.map { (sign: sign, length: $0) } }
    let estimated = all.map { Arrays($0.length).microseconds($0.sign, FFTW_ESTIMATE) }
    // FFTW remembers estimates, too.
    fftwf_forget_wisdom()
    print("length  way       estimated  found  ratio")
    for ((sign, length), estimated) in zip(all, estimated) {
      let found = Arrays(length).microseconds(sign, FFTW_PATIENT)
      let cells = [
        ("\(length)", 7), (sign == FFTW_FORWARD ? "forward" : "back", 9), (fixed(estimated), 10),
        (fixed(found), 6), (fixed(estimated / found), 5),
      ]
      print(cells.map { $0.0.padding(toLength: $0.1, withPad: " ", startingAt: 0) }.joined(separator: " "))
    }
    guard let pointer = fftwf_export_wisdom_to_string() else {
      throw ValidationError("FFTW has no wisdom to write")
    }
    defer { free(pointer) }
    let wisdom = String(cString: pointer).split(separator: "\n").map { "    \($0)\n" }.joined()
    var lines = try String(contentsOfFile: out, encoding: .utf8).components(separatedBy: "\"\"\"")
    guard lines.count == 3 else { throw ValidationError("\(out): expected one text of several lines") }
    lines[1] = "\n\(wisdom)    "
    try AtomicFile.write(lines.joined(separator: "\"\"\""), to: out)
  }

  private func fixed(_ value: Double) -> String { String(format: "%.2f", value) }

  /// As `FourierPlan` shows them to the planner: aligned, and never the same.
  private final class Arrays {
    private let length: Int
    private let (input, output): (AlignedBuffer, AlignedBuffer)

    init(_ length: Int) {
      self.length = length
      (input, output) = (AlignedBuffer(count: 2 * length), AlignedBuffer(count: 2 * length))
    }

    /// Of one transform by the plan that FFTW makes with `flags`: the best of some thousands.
    func microseconds(_ sign: Int32, _ flags: UInt32) -> Double {
      // Invariant: both buffers hold `length` complex numbers, aligned to 64 bytes.
      let (x, y) = (
        UnsafeMutableRawPointer(input.base).assumingMemoryBound(to: fftwf_complex.self),
        UnsafeMutableRawPointer(output.base).assumingMemoryBound(to: fftwf_complex.self)
      )
      guard
        let plan = fftwf_plan_dft_1d(
          Int32(length), x, y, sign, flags | FFTW_PRESERVE_INPUT)
      else { preconditionFailure("FFTW has no plan for length \(length)") }
      defer { fftwf_destroy_plan(plan) }
      for i in 0..<input.count { input[i] = Float(i % 17) * 1e-3 }
      let clock = ContinuousClock()
      let times = (0..<50).map { _ in
        clock.measure { for _ in 0..<100 { fftwf_execute(plan) } }
      }
      let best = times.min()!
      return (Double(best.components.attoseconds) * 1e-12 + Double(best.components.seconds) * 1e6) / 100
    }
  }
}
