import SignalIO

/// Measures how strongly a machine shakes and looks up the zone of ISO 20816-3; says why where that cannot be.
package struct SeverityJudge: Sendable {
  package var limits: SeverityLimits

  /// Below it the standard's band begins at 2 Hz.
  static let leastRPM = 600.0

  package init(limits: SeverityLimits = .standard) { self.limits = limits }

  /// What was measured, and why there is no more.
  package struct Verdict: Sendable, Equatable {
    package var severity: VibrationSeverity?
    package var note: String?
  }

  /// Listens to one channel of a recording; its stream is read to the end unless something is missing.
  ///
  /// - `channel`: the name of the channel that was diagnosed.
  /// - `rpm`: the shaft speed, where it is known.
  package func verdict(
    _ open: () throws(SignalIOError) -> RecordingSource, channel: String, rpm: Double?
  ) -> Verdict {
    do throws(SeverityObstacle) {
      let source: RecordingSource
      do throws(SignalIOError) { source = try open() } catch { throw .unreadable(error) }
      let velocity = try velocity(of: source, channel: channel, rpm: rpm)
      return classified(velocity, source.metadata)
    } catch {
      return Verdict(note: error.description)
    }
  }

  private func velocity(
    of source: RecordingSource, channel: String, rpm: Double?
  ) throws(SeverityObstacle) -> Double {
    let conversion = try conversion(source.metadata)
    guard source.sampleRate >= VelocityMeter.leastRate else { throw .lowRate(source.sampleRate) }
    if let rpm, rpm < Self.leastRPM { throw .slowShaft(rpm: rpm) }
    let index = source.info.channels.firstIndex { $0.name == channel } ?? 0
    var meter: VelocityMeter
    do throws(SignalIOError) {
      meter = try VelocityMeter(sampleRate: source.sampleRate, conversion: conversion)
      while true {
        let block = try source.stream.read(frames: 65_536)
        guard !block.isEmpty, !block[index].isEmpty else { break }
        meter.add(block[index])
      }
    } catch {
      throw .unreadable(error)
    }
    guard let velocity = meter.rootMeanSquare else { throw meter.skipped > 0 ? .notFinite : .tooShort }
    return velocity
  }

  private func conversion(_ metadata: RecordingMetadata) throws(SeverityObstacle) -> UnitConversion {
    guard let unit = metadata.unit?.value else { throw .noUnit }
    let conversion: UnitConversion
    do throws(SignalIOError) {
      conversion = try UnitConversion(unit: unit, sensitivity: metadata.sensitivity?.value)
    } catch {
      throw .unsuitableUnit(error.description)
    }
    guard conversion.quantity != .pressure else { throw .sound }
    return conversion
  }

  private func classified(_ velocity: Double, _ metadata: RecordingMetadata) -> Verdict {
    let (group, mounting) = (metadata.machineGroup?.value, metadata.mounting?.value)
    guard let group, let mounting else {
      return Verdict(
        severity: VibrationSeverity(velocity: velocity, machineGroup: group, mounting: mounting),
        note: SeverityObstacle.noClass(hasGroup: group != nil, hasMounting: mounting != nil).description)
    }
    guard let boundaries = limits.boundaries(group: group, mounting: mounting) else {
      return Verdict(
        severity: VibrationSeverity(velocity: velocity, machineGroup: group, mounting: mounting),
        note: SeverityObstacle.unknownClass(group: group, mounting: mounting, known: limits.words).description
      )
    }
    return Verdict(
      severity: VibrationSeverity(
        velocity: velocity, zone: SeverityLimits.zone(velocity, boundaries: boundaries), machineGroup: group,
        mounting: mounting, limits: boundaries))
  }
}
