/// Reads samples without any header, as ``ReadOptions/raw`` says.
struct RawPCMReader: RecordingReader {
  let format = RecordingFormat(
    name: "raw", extensions: ["raw", "pcm"],
    summary: "Headerless samples; encoding, channel count and sample rate are given by flags.")

  func recognizes(header: [UInt8], pathExtension: String) -> Bool {
    format.extensions.contains(pathExtension)
  }

  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    guard let layout = options.raw else {
      throw .badSetting(
        name: "raw layout of \(path)", found: "left out",
        expected: "an encoding, a channel count and a sample rate")
    }
    try Self.check(layout)
    let file = try BinaryFile(path: path)
    let encoding = NumberEncoding(layout.encoding)
    let frameSize = encoding.size * layout.channelCount
    let frames = file.size / frameSize
    guard frames > 0 else {
      throw .noSamples(path: path, found: "\(file.size) bytes, and one frame has \(frameSize)")
    }
    let names = (1...layout.channelCount).map(String.init)
    let picks = try ChannelSelection.indices(of: options.channels, in: names, path: path)
    var info = RecordingInfo(
      channels: picks.map { .init(name: names[$0]) }, sampleRate: layout.sampleRate, frameCount: frames,
      format: "raw \(layout.encoding.rawValue)")
    let rest = file.size % frameSize
    if rest > 0 {
      info.warnings.append(
        .truncated(claimed: "whole frames of \(frameSize) bytes", found: "\(rest) bytes more"))
    }
    let part = BinarySampleStream.Part(
      source: FileRange(file: file, offset: 0, count: frames * frameSize), encoding: encoding,
      interleaved: layout.channelCount, picks: picks, normalized: true)
    return BinarySampleStream(info: info, path: path, parts: [part])
  }

  private static func check(_ layout: RawLayout) throws(SignalIOError) {
    guard (1...1024).contains(layout.channelCount) else {
      throw .badSetting(name: "raw channel count", found: "\(layout.channelCount)", expected: "1 to 1024")
    }
    guard layout.sampleRate.isFinite, layout.sampleRate > 0 else {
      throw .badSetting(
        name: "raw sample rate", found: "\(layout.sampleRate)", expected: "a positive number of hertz")
    }
  }
}
