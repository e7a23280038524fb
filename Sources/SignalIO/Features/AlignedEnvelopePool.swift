import Foundation
import Support

/// Extractors that wait for their next user: one that was planned for a recording serves the next with the same settings.
///
/// As many stay as there are processors, twice: for the windows that are judged and for the blocks that are examined.
/// Those that were not used for longest go first, so recordings at ever other speeds do not pile them up.
///
/// Invariant: an extractor that is lent is not in the list, so it has one user at a time.
package final class AlignedEnvelopePool: Sendable {
  package static let shared = AlignedEnvelopePool()

  /// Used longest ago first.
  private let idle = Lock<[AlignedEnvelope]>([])
  let most = 2 * ProcessInfo.processInfo.activeProcessorCount

  /// Extractors that nobody uses at the moment.
  var idleCount: Int { idle.withLock { $0.count } }

  init() {}

  /// Calls `body` with an extractor of `settings`, which it must not keep.
  ///
  /// - Throws: ``SignalIOError/badSetting(name:found:expected:)`` for settings that cannot be used.
  package func lend<Result>(
    _ settings: AlignedEnvelopeSettings, _ body: (AlignedEnvelope) -> Result
  ) throws(SignalIOError) -> Result {
    let known = idle.withLock { idle in
      idle.lastIndex { $0.settings == settings }.map { idle.remove(at: $0) }
    }
    let envelope: AlignedEnvelope
    if let known { envelope = known } else { envelope = try AlignedEnvelope(settings) }
    defer {
      idle.withLock { idle in
        idle.append(envelope)
        if idle.count > most { idle.removeFirst() }
      }
    }
    return body(envelope)
  }
}
