import CSndFile
import Foundation
import Support

/// How samples are stored in a sound file.
package enum SoundFileEncoding: String, Sendable, CaseIterable {
  /// WAV, 16-bit PCM.
  case wav16
  /// WAV, 24-bit PCM.
  case wav24
  /// WAV, 32-bit IEEE float: any finite value.
  case wavFloat = "wav-float"
  /// FLAC, 24-bit, lossless.
  case flac

  /// The value of `SF_INFO.format`.
  fileprivate var format: Int32 {
    let (container, samples) =
      switch self {
      case .wav16: (SF_FORMAT_WAV, SF_FORMAT_PCM_16)
      case .wav24: (SF_FORMAT_WAV, SF_FORMAT_PCM_24)
      case .wavFloat: (SF_FORMAT_WAV, SF_FORMAT_FLOAT)
      case .flac: (SF_FORMAT_FLAC, SF_FORMAT_PCM_24)
      }
    return Int32(container | samples)
  }

  /// The largest magnitude that survives; integers stand for -1 ... 1.
  fileprivate var limit: Float { self == .wavFloat ? .greatestFiniteMagnitude : 1 }

  /// Bytes a sample where the container stores them plainly.
  fileprivate var bytesPerSample: Int? {
    switch self {
    case .wav16: 2
    case .wav24: 3
    case .wavFloat: 4
    case .flac: nil
    }
  }
}

/// Writes a sound file in pieces; it has its name only after ``commit()``, whole or not at all.
///
/// Samples that the encoding cannot hold (beyond -1 ... 1 in integers, NaN, infinity) are refused rather than
/// clipped. The same samples give the same bytes: libsndfile's PEAK chunk, which holds the time of day, is left out.
/// A writer belongs to one task at a time.
package final class SoundFileWriter {
  private let path: String
  private let encoding: SoundFileEncoding
  private let channelCount: Int
  private let file: AtomicFileWriter
  private var handle: OpaquePointer?
  private var framesWritten = 0

  /// Begins a file of `channelCount` channels at `sampleRate` (a whole number of hertz, as the formats demand).
  package init(
    path: String, sampleRate: Double, channelCount: Int, encoding: SoundFileEncoding
  ) throws(SignalIOError) {
    guard sampleRate >= 1, sampleRate <= Double(Int32.max), sampleRate == sampleRate.rounded() else {
      throw .badSetting(
        name: "the sample rate of \(path)", found: "\(sampleRate) Hz",
        expected: "a whole number of hertz from 1 up")
    }
    guard (1...1024).contains(channelCount) else {
      throw .badSetting(name: "the channel count of \(path)", found: "\(channelCount)", expected: "1 to 1024")
    }
    self.path = path
    self.encoding = encoding
    self.channelCount = channelCount
    do { file = try AtomicFileWriter(path: path) } catch { throw SignalIOError(error) }
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate)
    info.channels = Int32(channelCount)
    info.format = encoding.format
    if sf_format_check(&info) == 0 {
      throw .badSetting(
        name: "the encoding of \(path)",
        found: "\(encoding.rawValue) at \(sampleRate) Hz with \(channelCount) channels",
        expected: "a combination that the format allows (FLAC: at most 8 channels); try wav-float")
    }
    switch SoundFileLibrary.open(writing: file.fileDescriptor, &info) {
    case .success(let opened): handle = opened
    case .failure(let refusal): throw .cannotWrite(path: path, reason: refusal.reason)
    }
    // Must come before the first sample; false leaves the chunk with the clock's time out.
    sf_command(handle, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
  }

  deinit { discard() }

  /// Appends `channels[channel][frame]`, all of one length.
  package func append(_ channels: [[Float]]) throws(SignalIOError) {
    precondition(handle != nil, "\(path) is committed or discarded already")
    precondition(
      channels.count == channelCount && channels.allSatisfy { $0.count == channels[0].count },
      "\(path) has \(channelCount) channels, given \(channels.map(\.count)) samples")
    try check(channels)
    let frames = channels[0].count
    // Blocks bound the memory for interleaving.
    let block = 65_536
    var interleaved = [Float](repeating: 0, count: min(block, frames) * channelCount)
    for begin in stride(from: 0, to: frames, by: block) {
      let count = min(block, frames - begin)
      for (channel, samples) in channels.enumerated() {
        for i in 0..<count { interleaved[i * channelCount + channel] = samples[begin + i] }
      }
      if sf_writef_float(handle, interleaved, sf_count_t(count)) != count { throw fail(libraryReason) }
    }
    framesWritten += frames
  }

  /// Finishes the file and gives it its name.
  package func commit() throws(SignalIOError) {
    precondition(handle != nil, "\(path) is committed or discarded already")
    sf_write_sync(handle)
    let pending = sf_error(handle) == Int32(SF_ERR_NO_ERROR) ? nil : libraryReason
    let status = sf_close(handle)
    handle = nil
    if let pending { throw fail(pending) }
    if status != 0 { throw fail(String(cString: sf_error_number(status))) }
    // libsndfile may close without complaint and yet leave a short or empty file, so it is read back.
    if let temporary = file.temporaryPath, let fault = verify(temporary) { throw fail(fault) }
    do { try file.commit() } catch { throw SignalIOError(error) }
  }

  /// Leaves nothing behind. Does nothing after ``commit()``.
  package func discard() {
    if let handle { sf_close(handle) }
    handle = nil
    file.discard()
  }

  /// Writes a whole file.
  package static func write(
    _ channels: [[Float]], sampleRate: Double, to path: String, encoding: SoundFileEncoding
  ) throws(SignalIOError) {
    let writer = try SoundFileWriter(
      path: path, sampleRate: sampleRate, channelCount: channels.count, encoding: encoding)
    try writer.append(channels)
    try writer.commit()
  }

  private func check(_ channels: [[Float]]) throws(SignalIOError) {
    for (channel, samples) in channels.enumerated() {
      // NaN fails every comparison, so it is found too.
      guard let frame = samples.firstIndex(where: { !(abs($0) <= encoding.limit) }) else { continue }
      let error = SignalIOError.badSetting(
        name: "a sample for \(path)",
        found: "\(samples[frame]) in channel \(channel + 1) at frame \(framesWritten + frame)",
        expected: encoding == .wavFloat ? "a finite value" : "-1 to 1 (scale it, or write wav-float)")
      discard()
      throw error
    }
  }

  /// What is wrong with the finished file; nil if all frames are there.
  private func verify(_ temporary: String) -> String? {
    var info = SF_INFO()
    switch SoundFileLibrary.open(reading: temporary, &info) {
    case .success(let written): sf_close(written)
    case .failure(let refusal):
      return "the finished file cannot be read back (\(refusal.reason))"
        + (encoding == .flac ? "; FLAC does not take this sample rate, try WAV" : "")
    }
    if info.frames != framesWritten {
      return "the finished file has \(info.frames) frames instead of \(framesWritten)"
    }
    if let bytes = encoding.bytesPerSample {
      let size = (try? FileManager.default.attributesOfItem(atPath: temporary)[.size] as? Int) ?? 0
      let content = framesWritten * channelCount * bytes
      if size < content { return "the finished file has \(size) bytes instead of at least \(content)" }
    }
    return nil
  }

  /// The library's word, without the frame that it puts around the system's.
  private var libraryReason: String {
    let text = String(cString: sf_strerror(handle))
    let prefix = "System error : "
    let reason = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
    return String(reason.hasSuffix(".") ? reason.dropLast() : reason)
  }

  private func fail(_ reason: String) -> SignalIOError {
    discard()
    return .cannotWrite(path: path, reason: reason)
  }
}

extension SignalIOError {
  init(_ error: AtomicFileError) {
    switch error {
    case .cannotCreate(let path, let reason), .cannotWrite(let path, let reason),
      .cannotReplace(let path, let reason):
      self = .cannotWrite(path: path, reason: reason)
    }
  }
}
