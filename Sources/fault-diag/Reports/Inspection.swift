import FaultDiag
import SignalIO

/// What is in a recording: channels, rate, length, metadata with sources, quality, statistics.
struct Inspection: Encodable, PrintableResult {
  var schemaVersion = 1
  var path: String
  var format: String
  /// In hertz.
  var sampleRate: Double
  /// Samples a channel.
  var frames: Int
  var seconds: Double
  var channels: [Channel]
  var metadata: [MetadataEntry]
  var quality: [Finding]
  var warnings: [String]

  /// Statistics over a channel's finite samples, in the file's unit; kurtosis is the excess (normal noise has 0).
  struct Channel: Encodable {
    var name: String
    var statistics: TimeStatistics
  }

  /// One thing that is wrong with the samples, with what to do about it.
  struct Finding: Encodable {
    var kind: QualityFinding.Kind
    var severity: QualityFinding.Severity
    var channel: String?
    /// In seconds since the recording's beginning.
    var start: Double
    var end: Double
    var count: Int
    /// Affected part, 0...1.
    var share: Double
    var message: String
    var advice: String

    init(_ finding: QualityFinding) {
      (kind, severity, channel) = (finding.kind, finding.severity, finding.channel)
      (start, end, count, share) = (finding.start, finding.end, finding.count, finding.share)
      (message, advice) = (finding.description, finding.advice)
    }
  }

  /// Reads `source` to its end, in memory of one block.
  init(_ source: RecordingSource) throws(SignalIOError) {
    let scan = source.qualityScan()
    var running = source.info.channels.map { _ in RunningTimeStatistics() }
    while true {
      let block = try source.stream.read(frames: 65_536)
      guard let first = block.first, !first.isEmpty else { break }
      scan.add(block)
      for index in block.indices { running[index].add(block[index]) }
    }
    let judged = scan.finish(truncation: source.truncation)
    path = source.path
    format = source.info.format
    sampleRate = source.sampleRate
    frames = judged.frameCount
    seconds = judged.duration
    channels = zip(source.info.channels, running).map { Channel(name: $0.name, statistics: $1.statistics) }
    metadata = MetadataEntry.entries(source.metadata)
    quality = judged.findings.map(Finding.init)
    // A cut file is a finding already.
    let told = source.stream.warnings.filter { if case .truncated = $0 { false } else { true } }
    warnings = source.warnings.map { "\($0)" } + told.map { "\($0)" }
  }
}

// MARK: - Text

extension Inspection {
  /// Channels shown to people; JSON has all.
  private static let channelLimit = 16

  func text(_ style: TextStyle) -> String {
    var page = TextPage(style: style)
    page.line(style.paint(TextStyle.shortened(Format.harmless(path), style.width), .bold))
    page.section("Format", [Format.harmless(format)])
    page.section("Rate", ["\(Format.number(sampleRate, digits: 3)) Hz"])
    page.section("Length", ["\(Format.number(seconds, digits: 3)) s, \(frames) samples a channel"])
    page.section("Metadata", metadata.map { Format.harmless("\($0.name) \($0.value) (\($0.source))") })
    statistics(&page)
    findings(&page)
    for (index, warning) in warnings.enumerated() {
      page.section(index == 0 ? "Warnings" : "", [Format.harmless(warning)], paint: .yellow)
    }
    return page.text
  }

  private func statistics(_ page: inout TextPage) {
    let shown = channels.prefix(Self.channelLimit)
    let names = shown.map { TextStyle.shortened(Format.harmless($0.name), 18) }
    let width = max(names.map(\.count).max() ?? 0, 7)
    let titles = ["mean", "RMS", "peak", "crest", "kurtosis", "skewness"]
    page.blank()
    page.line(
      page.style.paint(
        TextStyle.padded("channel", width) + titles.map { TextStyle.padded($0, 10, right: true) }.joined(),
        .dim),
      indent: 2)
    for (name, channel) in zip(names, shown) {
      let of = channel.statistics
      let figures = [of.mean, of.rms, of.peak, of.crestFactor, of.kurtosis, of.skewness]
      page.line(
        TextStyle.padded(name, width)
          + figures.map { TextStyle.padded(Self.figure($0), 10, right: true) }.joined(),
        indent: 2)
    }
    if channels.count > shown.count {
      page.line("and \(channels.count - shown.count) more (--json has all)", indent: 2)
    }
    page.blank()
  }

  private func findings(_ page: inout TextPage) {
    if quality.isEmpty { page.section("Quality", ["nothing found"]) }
    for (index, finding) in quality.enumerated() {
      let word = finding.severity == .note ? "" : "\(finding.severity.rawValue): "
      page.section(
        index == 0 ? "Quality" : "", [Format.harmless(word + finding.message)],
        paint: finding.severity == .unusable ? .red : finding.severity == .warning ? .yellow : nil)
      page.section("", [Format.harmless(finding.advice)])
    }
  }

  /// Four significant figures in at most eight columns.
  static func figure(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    var exponent = 0
    var mantissa = value.magnitude
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    if (-3..<6).contains(exponent) { return Format.fixed(value, digits: max(0, 3 - exponent)) }
    return Format.fixed(value < 0 ? -mantissa : mantissa, digits: 1) + "e\(exponent)"
  }
}
