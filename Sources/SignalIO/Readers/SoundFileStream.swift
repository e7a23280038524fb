import CKernels
import CSndFile

/// The samples of one sound file, decoded in blocks.
final class SoundFileStream: SampleStream {
  let info: RecordingInfo
  private(set) var warnings: [RecordingWarning]
  private let path: String
  /// Owned: closed in `deinit`; never nil after `init`.
  private let handle: OpaquePointer
  private let fileChannels: Int
  /// Whether samples are 16-bit integers, which libsndfile hands over as they are several times faster than as numbers of ±1.
  private let isSixteenBit: Bool
  private let picks: [Int]
  /// Bytes of the file.
  private let size: Int
  private var framesRead = 0
  private var ended = false

  init(path: String, options: ReadOptions) throws(SignalIOError) {
    self.path = path
    let file = try BinaryFile(path: path)
    size = file.size
    var header = SF_INFO()
    let handle: OpaquePointer
    switch SoundFileLibrary.open(reading: path, &header) {
    case .success(let opened): handle = opened
    case .failure(let refusal):
      throw Self.refusal(path: path, header: try file.prefix(512), reason: refusal.reason)
    }
    do throws(SignalIOError) {
      (info, fileChannels, picks) = try Self.describe(handle, header, file: file, options: options)
    } catch {
      sf_close(handle)
      throw error
    }
    self.handle = handle
    isSixteenBit = Int(header.format) & SF_FORMAT_SUBMASK == SF_FORMAT_PCM_16
    warnings = info.warnings
  }

  deinit { sf_close(handle) }

  func read(frames: Int) throws(SignalIOError) -> [[Float]] {
    precondition(frames > 0, "a block of \(frames) frames")
    let left = max(0, (info.frameCount ?? 0) - framesRead)
    let wanted = ended ? 0 : min(frames, left)
    var channels = picks.map { _ in [Float]() }
    var done = 0
    while done < wanted {
      let block = decode(min(wanted - done, step(wanted)))
      guard !block.isEmpty else { break }
      for (channel, pick) in picks.enumerated() {
        append(block, pick: pick, whole: wanted, to: &channels[channel])
      }
      done += block.count / fileChannels
    }
    framesRead += done
    if done < wanted { end() }
    return channels
  }

  /// At most `frames` frames, interleaved; none at the end.
  private func decode(_ frames: Int) -> [Float] {
    let values = frames * fileChannels
    return [Float](unsafeUninitializedCapacity: values) { room, count in
      // Invariant: room is for `frames` frames of all channels, of which libsndfile fills the first `got`.
      guard isSixteenBit, let base = room.baseAddress else {
        let got = Int(sf_readf_float(handle, room.baseAddress, sf_count_t(frames)))
        count = max(0, min(got, frames)) * fileChannels
        return
      }
      // Invariant: the second half of the room holds as many 16-bit numbers as the whole holds floats; the kernel may widen
      // them in place.
      let integers = UnsafeMutableRawPointer(base).advanced(by: 2 * values)
        .assumingMemoryBound(to: Int16.self)
      let got = Int(sf_readf_short(handle, integers, sf_count_t(frames)))
      count = max(0, min(got, frames)) * fileChannels
      sk_from_sixteen_bits(integers, base, count)
    }
  }

  private func append(_ block: [Float], pick: Int, whole: Int, to channel: inout [Float]) {
    if fileChannels == 1 {
      // The block itself where it is all that was asked for.
      if channel.isEmpty { channel = block } else { channel += block }
    } else {
      channel.reserveCapacity(min(whole, 1 << 16))
      for start in stride(from: pick, to: block.count, by: fileChannels) { channel.append(block[start]) }
    }
  }

  /// The decoder stopped before the promised end: remembers it as a warning, once.
  private func end() {
    ended = true
    let alreadySaid = warnings.contains { if case .truncated = $0 { true } else { false } }
    if !alreadySaid {
      warnings.append(
        .truncated(claimed: "\(info.frameCount ?? 0) frames", found: "\(framesRead) that can be decoded"))
    }
  }

  /// Frames decoded at a time: all that are wanted, where one block becomes the channel and the file is large enough to hold
  /// them; otherwise about 256 KiB, since the count may be the file's claim and no room is taken before there is
  /// something to keep.
  private func step(_ wanted: Int) -> Int {
    if fileChannels == 1, isSixteenBit, wanted <= size / 2 { return wanted }
    return max(1, (1 << 16) / fileChannels)
  }

  private static func describe(
    _ handle: OpaquePointer, _ header: SF_INFO, file: BinaryFile, options: ReadOptions
  ) throws(SignalIOError) -> (RecordingInfo, Int, [Int]) {
    let path = file.path
    // By their extension alone, libsndfile takes some files for headerless mu-law.
    guard Int(header.format) & SF_FORMAT_TYPEMASK != SF_FORMAT_RAW else {
      throw refusal(path: path, header: try file.prefix(512), reason: "no header")
    }
    let channelCount = Int(header.channels)
    guard (1...1024).contains(channelCount) else {
      throw .malformed(
        path: path, location: "header", found: "\(header.channels) channels", expected: "1 to 1024")
    }
    guard header.samplerate > 0 else {
      throw .malformed(
        path: path, location: "header", found: "\(header.samplerate) samples a second",
        expected: "a positive rate")
    }
    // libsndfile gives SF_COUNT_MAX where a stream states no length; no file holds that many samples.
    guard header.frames >= 0, header.frames < Int64.max / 4096 else {
      throw .tooLarge(
        path: path, claimed: "\(header.frames) frames", limit: "the \(file.size) bytes of the file")
    }
    guard header.frames > 0 else { throw .noSamples(path: path, found: "0 frames") }
    let names = (1...channelCount).map(String.init)
    let picks = try ChannelSelection.indices(of: options.channels, in: names, path: path)
    var info = RecordingInfo(
      channels: picks.map { .init(name: names[$0]) }, sampleRate: Double(header.samplerate),
      frameCount: Int(header.frames), format: SoundFileFormat.describe(header.format))
    info.metadata.recordedAt = recordedAt(handle)
    if let claim = try SoundFileClaim.find(in: file), claim.isCutShort {
      info.warnings.append(
        .truncated(claimed: "\(claim.claimed) bytes of samples", found: "\(claim.present)"))
    }
    return (info, channelCount, picks)
  }

  /// When recording began, from the broadcast chunk or the date string of the file.
  private static func recordedAt(_ handle: OpaquePointer) -> Sourced<Double>? {
    var chunk = SF_BROADCAST_INFO()
    let size = Int32(MemoryLayout<SF_BROADCAST_INFO>.size)
    if sf_command(handle, Int32(SFC_GET_BROADCAST_INFO), &chunk, size) != 0 {
      let day = withUnsafeBytes(of: chunk.origination_date) { String(decoding: $0, as: UTF8.self) }
      let time = withUnsafeBytes(of: chunk.origination_time) { String(decoding: $0, as: UTF8.self) }
      if let seconds = RecordingDate.seconds("\(day)T\(time)") {
        return Sourced(seconds, from: .file(detail: "bext chunk, read as UTC"))
      }
    }
    guard let text = sf_get_string(handle, Int32(SF_STR_DATE)),
      let seconds = RecordingDate.seconds(String(cString: text))
    else { return nil }
    return Sourced(seconds, from: .file(detail: "date string, read as UTC"))
  }

  /// The error for a file that libsndfile does not open.
  private static func refusal(path: String, header: [UInt8], reason: String) -> SignalIOError {
    if header.isEmpty { return .emptyFile(path: path) }
    let knownMagic = SoundFileReader().recognizes(header: header, pathExtension: "")
    guard knownMagic else {
      return .unknownFormat(path: path, found: "\(FirstBytes.describe(header)), no sound file")
    }
    return .malformed(
      path: path, location: "header", found: "\"\(reason)\" (libsndfile)", expected: "a sound file")
  }
}
