import Foundation

/// The quality gate: sees every native sample once, as it passes, and judges at the end.
///
/// Thresholds, and why normal machine data stays below them:
/// - clipping: see ``ExtremeValues``;
/// - flat line: equal samples for 20 ms, 64 samples and 100 typical runs of the signal, whichever is longest. A machine
///   that runs moves the least bit of any converter; a slow or coarsely quantised signal has long typical runs and so
///   a higher threshold;
/// - drop-out: zeros for 1 ms, 16 samples and 20 typical runs, with signal before and after;
/// - offset: a mean beyond one standard deviation.
package final class SignalQualityScan {
  private static let flatSeconds = 0.020
  private static let flatSamples = 64
  private static let flatTypicalRuns = 100.0
  private static let dropSeconds = 0.001
  private static let dropTypicalRuns = 20.0
  private static let worstShare = 0.5
  /// Windows beside NaN or infinities survive while these are rare.
  private static let worstNonFiniteShare = 0.01
  private static let worstClippedShare = 0.2
  /// Channels compared with each other; more would cost quadratic time.
  private static let comparedChannels = 16

  private let names: [String]
  private let sampleRate: Double
  private var channels: [ChannelScan]
  /// For each channel the earlier ones it has equalled so far.
  private var twins: [[Int]]

  /// - Parameters:
  ///   - channelNames: one a channel of the blocks to come.
  ///   - sampleRate: native, in hertz.
  package init(channelNames: [String], sampleRate: Double) {
    names = channelNames
    self.sampleRate = sampleRate
    channels = channelNames.map { _ in ChannelScan() }
    twins = channelNames.indices.map { $0 < Self.comparedChannels ? Array(0..<$0) : [] }
  }

  /// Takes the next block, `[channel][frame]`.
  package func add(_ block: [[Float]]) {
    precondition(block.count == channels.count, "a block of \(block.count) channels for \(channels.count)")
    for index in block.indices {
      channels[index].add(block[index])
      twins[index].removeAll { !Self.areSame(block[$0], block[index]) }
    }
  }

  private static func areSame(_ a: [Float], _ b: [Float]) -> Bool {
    a.withUnsafeBytes { x in
      b.withUnsafeBytes { y in
        // Invariant: both buffers are exactly as long as the comparison.
        guard let left = x.baseAddress, let right = y.baseAddress, x.count == y.count else {
          return x.count == y.count
        }
        return memcmp(left, right, x.count) == 0
      }
    }
  }

  /// Judges what has passed.
  ///
  /// - Parameters:
  ///   - plan: windows that are to be cut; a recording shorter than one is found too short.
  ///   - truncation: what the reader said of a file that ends before its header says.
  package func finish(plan: WindowPlan? = nil, truncation: String? = nil) -> SignalQuality {
    for index in channels.indices { channels[index].finish() }
    let frames = channels.first?.frameCount ?? 0
    let duration = Double(frames) / sampleRate
    var findings = whole(frames: frames, duration: duration, plan: plan, truncation: truncation)
    for index in channels.indices {
      findings += Judge(scan: channels[index], name: names[index], rate: sampleRate).findings
      if let twin = twins[index].first, frames > 0, channels[index].minimum < channels[index].maximum {
        findings.append(
          QualityFinding(
            kind: .sameAsOther, severity: .warning, channel: names[index], start: 0, end: duration, count: 1,
            share: 1, detail: names[twin]))
      }
    }
    return SignalQuality(
      frameCount: frames, duration: duration, channels: zip(names, channels).map { statistics($0, $1) },
      findings: findings)
  }

  private func statistics(_ name: String, _ scan: ChannelScan) -> SignalQuality.ChannelStatistics {
    let isEmpty = scan.finiteCount == 0
    return SignalQuality.ChannelStatistics(
      name: name, minimum: isEmpty ? 0 : scan.minimum, maximum: isEmpty ? 0 : scan.maximum, mean: scan.mean,
      standardDeviation: scan.standardDeviation)
  }

  private func whole(
    frames: Int, duration: Double, plan: WindowPlan?, truncation: String?
  ) -> [QualityFinding] {
    var findings: [QualityFinding] = []
    let needed = plan.map { Double($0.length) / ($0.sampleRate ?? sampleRate) } ?? 0
    if frames == 0 || duration < needed {
      findings.append(
        QualityFinding(
          kind: .tooShort, severity: frames > 0 && plan?.short == .pad ? .warning : .unusable, channel: nil,
          start: 0, end: duration, count: 1, share: 1,
          detail: "\(frames) samples, \(Self.seconds(duration)) of \(Self.seconds(needed)) needed"))
    }
    if let truncation {
      findings.append(
        QualityFinding(
          kind: .truncated, severity: .warning, channel: nil, start: duration, end: duration, count: 1,
          share: 0,
          detail: truncation))
    }
    return findings
  }

  private static func seconds(_ value: Double) -> String {
    ConfigurationValue.spelling(of: (value * 1e6).rounded() / 1e6) + " s"
  }
}

extension SignalQualityScan {
  /// Turns what was gathered of one channel into findings.
  private struct Judge {
    let scan: ChannelScan
    let name: String
    let rate: Double

    private var frames: Int { scan.frameCount }

    var findings: [QualityFinding] {
      guard frames > 0 else { return [] }
      var result = [nonFinite(.notANumber, scan.notANumber), nonFinite(.infinite, scan.infinite)].compactMap {
        $0
      }
      guard scan.finiteCount > 0 else { return result }
      if scan.minimum == scan.maximum {
        if frames > 1 {
          result.append(
            finding(
              .constant, .unusable, 0, frames, count: 1, affected: frames,
              detail: SignalQualityScan.short(Double(scan.minimum))))
        }
        return result
      }
      let limits = [scan.highest.limit, scan.lowest.limit]
      return result + clipping(limits) + stretches(limits) + offset
    }

    private func nonFinite(
      _ kind: QualityFinding.Kind, _ found: ChannelScan.Occurrences
    ) -> QualityFinding? {
      guard found.count > 0 else { return nil }
      let isHopeless = Double(found.count) > SignalQualityScan.worstNonFiniteShare * Double(frames)
      return finding(
        kind, isHopeless ? .unusable : .warning, found.first, found.last + 1, count: found.count,
        affected: found.count)
    }

    private func clipping(_ limits: [ExtremeValues.Entry?]) -> [QualityFinding] {
      let found = limits.compactMap { $0 }
      guard let start = found.map({ $0.first }).min(), let end = found.map({ $0.last }).max() else {
        return []
      }
      let count = found.reduce(0) { $0 + $1.count }
      // The lower limit was tracked with its sign turned.
      let values = [limits[1].map { -$0.value }, limits[0].map { $0.value }].compactMap { $0 }
      let isHopeless = Double(count) > SignalQualityScan.worstClippedShare * Double(frames)
      return [
        finding(
          .clipping, isHopeless ? .unusable : .warning, start, end + 1, count: count, affected: count,
          detail: values.map { SignalQualityScan.short(Double($0)) }.joined(separator: " and "))
      ]
    }

    private func stretches(_ limits: [ExtremeValues.Entry?]) -> [QualityFinding] {
      // A signal of a few levels, for instance pulses, stands still and at zero by nature.
      guard scan.highest.isFull || scan.lowest.isFull else { return [] }
      let typical = scan.runs.typicalLength(frameCount: frames)
      let flat = max(
        Double(SignalQualityScan.flatSamples), SignalQualityScan.flatSeconds * rate,
        SignalQualityScan.flatTypicalRuns * typical)
      let drop = max(
        Double(EqualRuns.leastLength), SignalQualityScan.dropSeconds * rate,
        SignalQualityScan.dropTypicalRuns * typical)
      let free = scan.runs.runs.filter { run in
        run.value != limits[0]?.value && run.value != limits[1].map { -$0.value }
      }
      let drops = free.filter { run in
        run.value == 0 && run.start > 0 && run.start + run.length < frames && Double(run.length) >= drop
      }
      let still = free.filter { run in Double(run.length) >= flat && !drops.contains(run) }
      return [stretch(.flatLine, still), stretch(.dropOut, drops)].compactMap { $0 }
    }

    private func stretch(_ kind: QualityFinding.Kind, _ runs: [EqualRuns.Run]) -> QualityFinding? {
      guard let first = runs.first, let last = runs.last else { return nil }
      let affected = runs.reduce(0) { $0 + $1.length }
      let isHopeless = Double(affected) > SignalQualityScan.worstShare * Double(frames)
      return finding(
        kind, isHopeless ? .unusable : .warning, first.start, last.start + last.length, count: runs.count,
        affected: affected)
    }

    private var offset: [QualityFinding] {
      guard abs(scan.mean) > scan.standardDeviation else { return [] }
      return [
        finding(
          .offset, .note, 0, frames, count: 1, affected: frames, detail: SignalQualityScan.short(scan.mean))
      ]
    }

    private func finding(
      _ kind: QualityFinding.Kind, _ severity: QualityFinding.Severity, _ start: Int, _ end: Int, count: Int,
      affected: Int, detail: String = ""
    ) -> QualityFinding {
      QualityFinding(
        kind: kind, severity: severity, channel: name, start: Double(start) / rate, end: Double(end) / rate,
        count: count, share: Double(affected) / Double(frames), detail: detail)
    }
  }

  /// Four significant figures.
  private static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return ConfigurationValue.spelling(of: value) }
    let scale = pow(10, 3 - floor(log10(abs(value))))
    return ConfigurationValue.spelling(of: (value * scale).rounded() / scale)
  }
}
