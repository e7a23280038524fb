import SignalIO
import Testing

@Suite struct TachometerChannelTests {
  private func index(_ names: String...) -> Int? {
    TachometerChannel.index(in: names.map { RecordingInfo.Channel(name: $0) })
  }

  @Test func isRecognisedByItsName() {
    #expect(index("DE", "Tacho") == 1)
    #expect(index("X105_DE_time", "X105_tachometer_1") == 1)
    #expect(index("keyphasor-2", "x", "y") == 0)
  }

  @Test func isNotGuessed() {
    #expect(index("1", "2") == nil)
    #expect(index("attachment", "impulse") == nil, "a word, not a part of one")
    #expect(index("tacho 1", "tacho 2") == nil, "which one?")
  }
}
