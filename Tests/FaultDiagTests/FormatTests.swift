import Testing

@testable import FaultDiag

@Suite struct FormatTests {
  @Test func numbersAreRoundedAndPadded() {
    #expect(Format.fixed(3.14159, digits: 2) == "3.14")
    #expect(Format.fixed(-0.004, digits: 2) == "0.00")
    #expect(Format.fixed(-2.5, digits: 0) == "-3")
    #expect(Format.fixed(1.05, digits: 3) == "1.050")
    #expect(Format.fixed(.infinity, digits: 1) == "inf")
    #expect(Format.number(48_000, digits: 2) == "48000")
    #expect(Format.number(48.50, digits: 2) == "48.5")
  }

  @Test func percentagesNeverClaimCertainty() {
    #expect(Format.percent(0.999) == ">99 %")
    #expect(Format.percent(0.001) == "<1 %")
    #expect(Format.percent(0.924) == "92 %")
    #expect(Format.percent(1) == "100 %")
    #expect(Format.percent(0) == "0 %")
  }

  @Test func controlCharactersAreShown() {
    #expect(Format.harmless("a\u{1B}[31mb\nc\u{202E}") == "a\\u{1b}[31mb\\u{a}c\\u{202e}")
    #expect(Format.harmless("Wälzlager 6205.wav") == "Wälzlager 6205.wav")
  }
}
