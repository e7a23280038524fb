import SignalIO
import Testing

@testable import FaultDiag

@Suite struct ChannelChoiceTests {
  private func choose(_ names: [String], trained: String?) -> ChannelChoice {
    ChannelChoice(names.map { RecordingInfo.Channel(name: $0) }, trained: trained)
  }

  @Test func recordingNumbersDoNotMatter() {
    let choice = choose(["X118_FE_time", "X118_DE_time"], trained: "X105_DE_time")
    #expect(choice.index == 1 && choice.isCertain)
    #expect(ChannelChoice.plain("xy_1") == "xy_1")
  }

  @Test func theFirstIsAGuess() {
    #expect(choose(["a", "b"], trained: nil) == choose(["a", "b"], trained: "c"))
    #expect(!choose(["a", "b"], trained: nil).isCertain)
    #expect(choose(["a"], trained: "c").isCertain)
  }
}
