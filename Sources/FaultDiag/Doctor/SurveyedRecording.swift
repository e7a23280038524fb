import SignalIO

/// What a survey keeps of one recording: facts and a few numbers, no samples.
package struct SurveyedRecording: Sendable, Equatable {
  package var path: String
  package var format: String
  package var metadata: RecordingMetadata
  /// Native rate in hertz.
  package var sampleRate: Double
  package var seconds: Double
  package var channelCount: Int
  /// Of the channel that a model would listen to, in the file's unit.
  package var statistics: TimeStatistics
  package var quality: [QualityFinding]
  /// 64-bit FNV-1a of that channel's samples: equal recordings have equal marks.
  package var mark: UInt64

  package var label: String? { metadata.label?.value }
  package var isHealthy: Bool { label.map(HealthyNames.contains) ?? false }
  package var isUsable: Bool { !quality.contains { $0.severity == .unusable } }
  /// The machine whose lines can be looked for; nil where speed or bearing is unknown.
  package var knownMachine: KnownMachine? { KnownMachine(metadata) }
  /// Turns of the shaft; nil where the speed is unknown.
  package var revolutions: Double? { metadata.speed.map { $0.value / 60 * seconds } }
  /// The physical bearing, else the machine; nil where neither is known.
  package var identity: String? { metadata.bearingID?.value ?? metadata.machine?.value }
  /// What a split must not separate: ``identity``, else the file.
  package var group: String { identity ?? path }

  package init(
    path: String, metadata: RecordingMetadata, sampleRate: Double, seconds: Double, format: String = "",
    channelCount: Int = 1, statistics: TimeStatistics = TimeStatistics(), quality: [QualityFinding] = [],
    mark: UInt64 = 0
  ) {
    self.path = path
    self.format = format
    self.metadata = metadata
    self.sampleRate = sampleRate
    self.seconds = seconds
    self.channelCount = channelCount
    self.statistics = statistics
    self.quality = quality
    self.mark = mark
  }

  /// Reads `source` to its end, in memory of one block.
  package init(_ source: RecordingSource) throws(FaultDiagError) {
    let channel = ChannelChoice(source.info.channels, trained: nil).index
    let scan = source.qualityScan()
    var running = RunningTimeStatistics()
    var mark: UInt64 = 0xCBF2_9CE4_8422_2325
    do throws(SignalIOError) {
      while case let block = try source.stream.read(frames: 65_536), block.first?.isEmpty == false {
        scan.add(block)
        running.add(block[channel])
        for sample in block[channel] {
          mark = (mark ^ UInt64(sample.bitPattern)) &* 0x0000_0100_0000_01B3
        }
      }
    } catch {
      throw .recording(error)
    }
    let judged = scan.finish(truncation: source.truncation)
    self.init(
      path: source.path, metadata: source.metadata, sampleRate: source.sampleRate, seconds: judged.duration,
      format: source.info.format, channelCount: source.info.channels.count, statistics: running.statistics,
      quality: judged.findings, mark: mark)
  }
}
