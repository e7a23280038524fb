/// An alarm for a machine that is listened to again and again: strange, clearly louder, and several times in a row.
///
/// Machines run in, and drift, and settle: a healthy state learnt in their first hours calls most of their later life
/// strange, though nothing is wrong. A growth that is clear is another matter. 8 dB (2.5 times) is what vibration
/// severity standards have long called a significant change, 20 dB (10 times) a serious one (ISO 2372; kept in ISO
/// 10816 as the ratio between zones). It is not fitted to any recording here.
package struct AlarmPersistence: Sendable, Equatable {
  /// Times in a row.
  package var times = 3
  /// Growth of the root mean square over the healthy recordings.
  package var decibels = 8.0
  private var run = 0

  package init() {}

  /// Takes up what was found at the next moment, on one or more channels; whether it is an alarm.
  package mutating func take(_ findings: [NoveltyFinding]) -> Bool {
    let isStrange = findings.contains { $0.isAlarm && $0.loudnessDecibels >= decibels }
    run = isStrange ? run + 1 : 0
    return run >= times
  }
}
