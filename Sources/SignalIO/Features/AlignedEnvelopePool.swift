import Foundation

/// Extractors that wait for their next user: one that was planned for a recording serves the next with the same settings.
///
/// As many stay as there are processors, twice: for the windows that are judged and for the blocks that are examined.
/// Those that were not used for longest go first, so recordings at ever other speeds do not pile them up.
///
/// Invariant: the lock guards the list, and an extractor that is lent is not in it.
package final class AlignedEnvelopePool: @unchecked Sendable {
  package static let shared = AlignedEnvelopePool()

  private let lock = NSLock()
  /// Used longest ago first.
  private var idle: [AlignedEnvelope] = []
  let most = 2 * ProcessInfo.processInfo.activeProcessorCount

  /// Extractors that nobody uses at the moment.
  var idleCount: Int { lock.withLock { idle.count } }

  init() {}

  /// Calls `body` with an extractor of `settings`, which it must not keep.
  ///
  /// - Throws: ``SignalIOError/badSetting(name:found:expected:)`` for settings that cannot be used.
  package func lend<Result>(
    _ settings: AlignedEnvelopeSettings, _ body: (AlignedEnvelope) -> Result
  ) throws(SignalIOError) -> Result {
    let known = lock.withLock {
      idle.lastIndex { $0.settings == settings }.map { idle.remove(at: $0) }
    }
    let envelope: AlignedEnvelope
    if let known { envelope = known } else { envelope = try AlignedEnvelope(settings) }
    defer {
      lock.withLock {
        idle.append(envelope)
        if idle.count > most { idle.removeFirst() }
      }
    }
    return body(envelope)
  }
}
