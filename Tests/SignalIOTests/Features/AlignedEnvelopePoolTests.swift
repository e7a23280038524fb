import Foundation
import Testing

@testable import SignalIO

@Suite struct AlignedEnvelopePoolTests {
  /// Settings that no other test asks the shared pool for.
  private func settings(_ frameCount: Int) -> AlignedEnvelopeSettings {
    var settings = AlignedEnvelopeSettings()
    settings.frameCount = frameCount
    return settings
  }

  @Test func oneThatWasGivenBackServesTheNextWithTheSameSettings() throws {
    let pool = AlignedEnvelopePool()
    let first = try pool.lend(settings(2400)) { ObjectIdentifier($0) }
    #expect(try pool.lend(settings(2400)) { ObjectIdentifier($0) } == first)
    let (outer, inner) = try pool.lend(settings(2400)) { outer in
      (ObjectIdentifier(outer), try? pool.lend(settings(2400)) { ObjectIdentifier($0) })
    }
    #expect(inner != nil && inner != outer)
  }

  @Test func settingsAreKeptApartAndIdleOnesAreFew() throws {
    let pool = AlignedEnvelopePool()
    for frameCount in stride(from: 1200, through: 1200 + 100 * 4 * pool.most, by: 100) {
      #expect(try pool.lend(settings(frameCount)) { $0.settings.frameCount } == frameCount)
      #expect(pool.idleCount <= pool.most)
    }
    #expect(pool.idleCount == pool.most)
  }

  @Test func wrongSettingsAreRefused() {
    #expect(throws: SignalIOError.self) { try AlignedEnvelopePool().lend(settings(0)) { _ in } }
  }
}
