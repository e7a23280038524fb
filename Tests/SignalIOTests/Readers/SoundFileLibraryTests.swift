import Dispatch
import Foundation
import Support
import TestSupport
import Testing

@testable import SignalIO

@Suite struct SoundFileLibraryTests {
  /// A reason is that of the file, whatever other threads open meanwhile.
  @Test func reasonsDoNotMixBetweenThreads() throws {
    let folder = try TemporaryFolder()
    let sound = folder.path + "/sound.wav"
    let writer = try SoundFileWriter(path: sound, sampleRate: 8000, channelCount: 1, encoding: .wavFloat)
    try writer.append([[Float](repeating: 0.5, count: 800)])
    try writer.commit()
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: sound)))
    let cut = try folder.write(Array(whole.prefix(30)), to: "cut.wav")
    @Sendable func reason(_ path: String) -> String {
      do throws(SignalIOError) {
        _ = try SoundFileReader().open(path: path, options: ReadOptions())
        return "opened"
      } catch {
        return "\(error)"
      }
    }
    let alone = reason(cut)
    #expect(alone.contains("libsndfile") && !alone.contains("No Error"))
    let others = Lock<Set<String>>([])
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      for _ in 0..<400 {
        let found = reason(worker % 2 == 0 ? cut : sound)
        others.withLock { _ = $0.insert(found) }
      }
    }
    #expect(others.withLock { $0 } == [alone, "opened"])
  }
}
