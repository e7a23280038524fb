import TestSupport
import Testing

@testable import SignalIO

@Suite struct ReadAheadStreamTests {
  /// Every frame comes once and in order, however much was read ahead and whatever the blocks.
  @Test(arguments: [0, 1, 700, 1000, 5000], [1, 64, 2000]) func nothingIsLost(ahead: Int, block: Int) throws {
    let channels = [0, 1].map { c in (0..<1000).map { Float($0 + 10_000 * c) } }
    let stream = try ReadAheadStream(
      MemoryStream(channels, sampleRate: 1000, largestBlock: 300), frames: ahead)
    #expect(stream.head == channels.map { Array($0.prefix(ahead)) })
    var read: [[Float]] = [[], []]
    while case let piece = try stream.read(frames: block), !piece[0].isEmpty {
      #expect(piece[0].count <= block)
      for c in read.indices { read[c] += piece[c] }
    }
    #expect(read == channels)
    #expect(stream.info.frameCount == 1000)
  }

  @Test func aRecordingReadAheadGivesTheSameWindows() throws {
    func source() throws -> RecordingSource {
      try RecordingSource(
        path: "-", stream: MemoryStream([(0..<5000).map { Float($0 % 97) }], sampleRate: 1000))
    }
    func windows(_ source: RecordingSource) throws -> [Window] {
      let reader = try source.windows(WindowPlan(length: 512, sampleRate: 800))
      var all: [Window] = []
      while let window = try reader.next() { all.append(window) }
      return all
    }
    var ahead = try source()
    #expect(try ahead.readAhead(frames: 1234)[0].count == 1234)
    #expect(try windows(ahead) == windows(source()))
  }
}
