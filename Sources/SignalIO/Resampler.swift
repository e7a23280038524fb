import CSoxr

/// Changes the sample rate of a stream of any number of channels, block by block.
///
/// Band-limited interpolation with linear phase (libsoxr): delay-free, since the filter's delay is taken off;
/// the signal is taken as zero before its beginning and after its end. The pass band ends at 0.913 of the lower Nyquist
/// frequency (ripple below 0.01 dB), the stop band begins at that Nyquist frequency.
///
/// Length: `n` samples give `round(n * to / from)` samples, half away from zero. Output does not depend on how the input
/// is cut into blocks. Equal rates give the input itself, bit by bit. A NaN spoils the samples within reach of the filter.
package final class Resampler {
  /// How exact the conversion is.
  package enum Quality: Sendable {
    /// 20 bits: images and aliases below -120 dB, single precision; enough for any sensor.
    case standard
    /// 28 bits in double precision.
    case best
  }

  /// Refused outside: nobody records at such rates, and filters would become enormous.
  package static let ratioLimit = 1000.0

  package let inputRate: Double
  package let outputRate: Double
  package let channelCount: Int
  /// Samples a channel taken in and given out so far.
  package private(set) var inputFrames = 0
  package private(set) var outputFrames = 0
  private let handle: soxr_t?

  /// Throws ``SignalIOError/badSetting(name:found:expected:)`` for rates that cannot be converted.
  package init(
    from inputRate: Double, to outputRate: Double, channels: Int, quality: Quality = .standard
  ) throws(SignalIOError) {
    precondition(channels > 0, "a resampler for \(channels) channels makes no sense")
    let ratio = outputRate / inputRate
    guard inputRate > 0, outputRate > 0, ratio >= 1 / Self.ratioLimit, ratio <= Self.ratioLimit else {
      throw .badSetting(
        name: "the sample rate", found: "converted from \(inputRate) Hz to \(outputRate) Hz",
        expected: "positive rates that differ by a factor of at most \(Int(Self.ratioLimit))")
    }
    self.inputRate = inputRate
    self.outputRate = outputRate
    channelCount = channels
    handle = inputRate == outputRate ? nil : try Self.create(inputRate, outputRate, channels, quality)
  }

  deinit { if let handle { soxr_delete(handle) } }

  private static func create(
    _ inputRate: Double, _ outputRate: Double, _ channels: Int, _ quality: Quality
  ) throws(SignalIOError) -> soxr_t {
    var format = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S)
    let recipe = quality == .standard ? SOXR_20_BITQ : SOXR_28_BITQ
    var precision = soxr_quality_spec(UInt(recipe), 0)
    var threads = soxr_runtime_spec(1)
    var problem: soxr_error_t?
    guard
      let handle = soxr_create(
        inputRate, outputRate, UInt32(channels), &problem, &format, &precision, &threads), problem == nil
    else { throw failure(problem, inputRate, outputRate) }
    return handle
  }

  private static func failure(
    _ problem: soxr_error_t?, _ inputRate: Double, _ outputRate: Double
  ) -> SignalIOError {
    let reason = problem.map { String(cString: $0) } ?? "unknown reason"
    return .badSetting(
      name: "the sample rate", found: "converted from \(inputRate) Hz to \(outputRate) Hz (\(reason))",
      expected: "rates that libsoxr can convert")
  }

  /// Takes the next block `[channel][frame]` and gives what is ready, which may be nothing yet.
  package func process(_ block: [[Float]]) throws(SignalIOError) -> [[Float]] {
    precondition(block.count == channelCount, "a block of \(block.count) channels for \(channelCount)")
    let frames = block[0].count
    precondition(block.allSatisfy { $0.count == frames }, "channels of unequal length in one block")
    inputFrames += frames
    guard handle != nil, frames > 0 else {
      outputFrames += frames
      return block
    }
    // Filters hold output back and release it later, so a block may give more than its own share.
    let share = Int((Double(frames) * outputRate / inputRate).rounded(.up))
    var result = [[Float]](repeating: [], count: channelCount)
    var taken = 0
    let flat = block.flatMap { $0 }
    while true {
      let capacity = share + 4096
      let step = try run(flat, stride: frames, from: taken, count: frames - taken, capacity: capacity)
      taken += step.consumed
      for channel in result.indices { result[channel] += step.output[channel] }
      if taken == frames && step.output[0].count < capacity { break }
      guard step.consumed > 0 || !step.output[0].isEmpty else { break }
    }
    outputFrames += result[0].count
    return result
  }

  /// Gives the rest after the last block, so that the whole length is `round(n * to / from)`.
  package func finish() throws(SignalIOError) -> [[Float]] {
    var result = [[Float]](repeating: [], count: channelCount)
    guard handle != nil else { return result }
    let total = Int((Double(inputFrames) * outputRate / inputRate).rounded())
    while outputFrames < total {
      let step = try run(nil, stride: 0, from: 0, count: 0, capacity: min(total - outputFrames, 65_536))
      let count = step.output[0].count
      outputFrames += count
      for channel in result.indices { result[channel] += step.output[channel] }
      if count == 0 {
        // The library counts with its own rounding: a sample it thinks beyond the end lies in the zeros there.
        let missing = total - outputFrames
        for channel in result.indices { result[channel] += [Float](repeating: 0, count: missing) }
        outputFrames = total
      }
    }
    return result
  }

  /// One call of the library. `input` is channel after channel, `stride` samples each; nil ends the input.
  private func run(
    _ input: [Float]?, stride: Int, from start: Int, count: Int, capacity: Int
  ) throws(SignalIOError) -> (consumed: Int, output: [[Float]]) {
    var consumed = 0
    var produced = 0
    var output = [Float](repeating: 0, count: capacity * channelCount)
    let problem = output.withUnsafeMutableBufferPointer { out -> soxr_error_t? in
      // Invariant: each channel's pointer has `capacity` floats of its own behind it.
      var outputs = (0..<channelCount).map { UnsafeMutableRawPointer?(out.baseAddress! + $0 * capacity) }
      guard let input else {
        return soxr_process(handle, nil, 0, nil, &outputs, capacity, &produced)
      }
      return input.withUnsafeBufferPointer { samples -> soxr_error_t? in
        // Invariant: `start + count <= stride`, so no channel reads into the next; blocks are not empty.
        var inputs = (0..<channelCount).map { channel in
          UnsafeRawPointer?(samples.baseAddress! + channel * stride + start)
        }
        return soxr_process(handle, &inputs, count, &consumed, &outputs, capacity, &produced)
      }
    }
    if problem != nil { throw Self.failure(problem, inputRate, outputRate) }
    let channels = (0..<channelCount).map { channel in
      Array(output[channel * capacity..<channel * capacity + produced])
    }
    return (consumed, channels)
  }
}
