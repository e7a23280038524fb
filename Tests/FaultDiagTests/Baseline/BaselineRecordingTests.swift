import SignalIO
import Testing

@testable import FaultDiag

@Suite struct BaselineRecordingTests {
  @Test func piecesAreReadToTheirEnds() throws {
    let samples = (0..<1000).map { Float($0) }
    let whole = try BaselineRecording(name: "a.wav") { () throws(SignalIOError) in
      try RecordingSource(path: "a.wav", stream: MemoryStream([samples, samples], sampleRate: 1000))
    }
    var heard: [Float] = []
    for piece in whole.cut(into: 3) {
      let stream = try piece.open().stream
      // The last of these finds nothing more, as every reader has it.
      while case let block = try stream.read(frames: 200), !block[0].isEmpty { heard += block[1] }
      #expect(try stream.read(frames: 200).map(\.count) == [0, 0])
    }
    #expect(heard == samples)
  }
}
