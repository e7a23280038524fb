import SignalIO

/// Which channel of a recording a model listens to.
package struct ChannelChoice: Sendable, Equatable {
  /// Index into the recording's channels.
  package var index: Int
  package var name: String
  package var count: Int
  /// Whether the channel is the only one beside a tachometer's, or bears the name the model was trained on.
  package var isCertain: Bool

  /// The only channel, else the one that is called as in training, else the first; never a tachometer's.
  ///
  /// - `trained`: the channel's name in training.
  /// - `tacho`: index of the channel that pulses with the shaft; nil to recognise it by its name.
  package init(_ channels: [RecordingInfo.Channel], trained: String?, tacho: Int? = nil) {
    count = channels.count
    let tacho = tacho ?? TachometerChannel.index(in: channels)
    // A tachometer's pulses are listened to only where there is nothing else.
    let heard = channels.indices.filter { $0 != tacho || channels.count == 1 }
    let wanted = trained.map(Self.plain)
    let match = heard.first { wanted != nil && Self.plain(channels[$0].name) == wanted }
    index = match ?? heard.first ?? 0
    isCertain = match != nil || heard.count == 1
    name = channels.isEmpty ? "" : channels[index].name
  }

  /// The name without a leading recording number, in lower case: `X105_DE_time` and `X118_DE_time` are one channel.
  static func plain(_ name: String) -> String {
    let lower = name.lowercased()
    guard lower.first == "x", let line = lower.firstIndex(of: "_") else { return lower }
    let number = lower[lower.index(after: lower.startIndex)..<line]
    let isNumbered = !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
    return isNumbered ? String(lower[lower.index(after: line)...]) : lower
  }
}
