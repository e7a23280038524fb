/// Which channel of a recording pulses with the shaft.
package enum TachometerChannel {
  /// Words by which people and recorders name such a channel.
  private static let words: Set<String> = [
    "tach", "tacho", "tachometer", "keyphasor", "keyphaser", "phasor", "pulse", "pulses",
  ]

  /// Index of the one channel whose name has such a word between `_`, `.`, `-`, digits and spaces; nil where none has,
  /// or several.
  package static func index(in channels: [RecordingInfo.Channel]) -> Int? {
    let found = channels.indices.filter { index in
      channels[index].name.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
    }
    return found.count == 1 ? found[0] : nil
  }
}
