import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first asks for a clean stop, the second ends the program at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Whether a stop has been asked for.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Installs the handlers; call once, before long work.
  static func listen() {
    // A parent may hand down a mask that blocks them: then nothing could stop the program politely.
    var handled = sigset_t()
    sigemptyset(&handled)
    for number in [SIGINT, SIGTERM] { sigaddset(&handled, number) }
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        // Only async-signal-safe work here: an atomic store, or the immediate end.
        if Interruption.requested.exchange(true, ordering: .relaxed) { _exit(130) }
      }
    }
  }
}
