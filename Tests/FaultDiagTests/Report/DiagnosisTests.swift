import Testing

@testable import FaultDiag

@Suite struct DiagnosisTests {
  static let example = Diagnosis(
    recording: DiagnosedRecording(
      path: "plant/line 3/pump7.wav", format: "WAV, 16-bit PCM", channel: "1", channelCount: 2,
      sampleRate: 48_000, seconds: 10),
    probabilities: [
      StateProbability(state: "normal", probability: 0.021),
      StateProbability(state: "inner race", probability: 0.924),
      StateProbability(state: "outer race", probability: 0.055),
    ],
    windows: WindowAgreement(agreeing: 9, total: 10),
    references: [
      ReferenceMatch(recording: "train/ir007_2.mat", label: "inner race", distance: 0.12),
      ReferenceMatch(
        recording: "train/a folder with a name that is much too long to be shown in full/or014_1.mat",
        label: "outer race", distance: 0.87),
    ],
    evidence: [
      Evidence(
        family: .inner, expectedHz: 162.19, expectedOrder: 5.415, foundHz: 161.8, foundOrder: 5.402,
        decibels: 14.2, chanceDecibels: 4.1, harmonics: 4, harmonicDecibels: [17.2, 14.4, 12, 8.6],
        sidebandDecibels: 5.7, sidebandOrder: 1, band: EvidenceBand(lowestHz: 2250, highestHz: 3250)),
      Evidence(
        family: .ball, expectedHz: 141.2, expectedOrder: 4.714, foundHz: 140.9, foundOrder: 4.7,
        decibels: -0.3,
        chanceDecibels: 4.1, harmonics: 3),
    ],
    quality: [QualityNote(kind: "clipping", message: "clipping in 0.2 % of the samples at 4.1 s")],
    metadata: [
      MetadataEntry(name: "speed", value: "1797 rpm", source: "--rpm"),
      MetadataEntry(name: "bearing", value: "6205", source: "plant/line 3/pump7.json"),
    ],
    model: ModelIdentity(name: "line3.fdm", hash: "0123456789abcdef0123"),
    resampling: ResamplingNote(from: 48_000, to: 12_000),
    warnings: [
      DiagnosisWarning(
        kind: "channels",
        message: "the model was trained on one channel and this recording has 2: channel 1 was used",
        advice: "Choose another with --channel.")
    ])

  @Test func textIsASnapshot() {
    #expect(
      Self.example.text() == """
        plant/line 3/pump7.wav
          10 s at 48000 Hz, channel 1 of 2, WAV, 16-bit PCM

          inner race    92 %  ██████████████████████▏
          outer race     6 %  █▍
          normal         2 %  ▌

          Windows   9 of 10 windows agree
          Rate      resampled from 48000 Hz to the model's 12000 Hz
          Nearest    0.12  train/ir007_2.mat (inner race)
                     0.87  train/a folder w…to be shown in full/or014_1.mat (outer race)
          Evidence  inner   161.8 Hz  +14.2 dB  expected 162.2 Hz, 5.415 x shaft
                      +17 +14 +12 +9 dB in 2250-3250 Hz, sidebands +6 dB, slip 0.2 %
                    ball    140.9 Hz   -0.3 dB  expected 141.2 Hz, 4.714 x shaft
          Quality   clipping in 0.2 % of the samples at 4.1 s
          Metadata  speed 1797 rpm (--rpm)
                    bearing 6205 (plant/line 3/pump7.json)
          Warnings  the model was trained on one channel and this recording has 2:
                    channel 1 was used
                    Choose another with --channel.
          Model     line3.fdm 0123456789ab

        """)
  }

  @Test func noLineIsWiderThanAsked() {
    for width in [40, 60, 80, 200] {
      let style = TextStyle(width: width)
      for line in Self.example.text(style).split(separator: "\n") {
        #expect(line.count <= style.width, "\(width): \(line)")
      }
    }
  }

  @Test func colorOnlyAddsEscapes() throws {
    let colored = Self.example.text(TextStyle(color: true))
    #expect(colored != Self.example.text())
    #expect(colored.replacing(try Regex("\u{1B}\\[[0-9;]*m"), with: "") == Self.example.text())
  }

  @Test func hostileNamesAreHarmless() {
    var diagnosis = Self.example
    diagnosis.recording.path = "a\u{1B}]0;x\u{7}.wav"
    diagnosis.state = "in\nner"
    #expect(!diagnosis.text().contains("\u{1B}") && !diagnosis.text().contains("\u{7}"))
    #expect(diagnosis.text().contains("in\\u{a}ner"))
  }

  @Test func jsonGoesRoundTrip() throws {
    let text = ReportJSON.text(Self.example)
    #expect(try ReportJSON.value(Diagnosis.self, from: text) == Self.example)
    #expect(text == ReportJSON.text(Self.example))
  }

  @Test func jsonHasSortedSnakeCaseKeys() {
    let text = ReportJSON.text(Self.example, pretty: false)
    #expect(text.hasPrefix(#"{"alternatives":[{"probability":0.055,"state":"outer race"}"#))
    #expect(text.contains(#""schema_version":1"#))
    #expect(
      text.contains(
        #"{"band":{"highest_hz":3250,"lowest_hz":2250},"chance_decibels":4.1,"decibels":14.2,"expected_hz":162.19,"#
          + #""expected_order":5.415,"family":"inner","found_hz":161.8,"found_order":5.402,"#
          + #""harmonic_decibels":[17.2,14.4,12,8.6],"harmonics":4,"sideband_decibels":5.7,"sideband_order":1,"#
      ))
    #expect(text.contains(#""path":"plant/line 3/pump7.wav""#))
  }

  @Test func statesAreRankedAndTiesGoByName() {
    let diagnosis = Diagnosis(
      recording: Self.example.recording,
      probabilities: [
        StateProbability(state: "b", probability: 0.5), StateProbability(state: "a", probability: 0.5),
      ],
      windows: WindowAgreement(agreeing: 1, total: 1), model: Self.example.model)
    #expect(diagnosis.state == "a")
    #expect(diagnosis.alternatives.map(\.state) == ["b"])
    #expect(diagnosis.text().contains("1 of 1 window agrees"))
  }
}
