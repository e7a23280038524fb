import Foundation
import SignalIO
import Support

#if canImport(Glibc)
  import Glibc
#endif

/// A kind of file that is not a sound recording, and what a report must say of it.
struct BadFile: Sendable {
  enum Maker: Sendable {
    /// Made from the bytes of a sound WAV file of 16-bit samples.
    case bytes(@Sendable (_ wave: [UInt8]) -> [UInt8])
    /// Made at a path.
    case at(@Sendable (_ path: String) throws -> Void)
  }

  let kind: String
  let ending: String
  let statuses: Set<String>
  /// Part of the reason.
  let reason: String
  let maker: Maker

  private init(
    _ kind: String, _ ending: String, _ statuses: Set<String>, _ reason: String, _ maker: Maker
  ) {
    self.kind = kind
    self.ending = ending
    self.statuses = statuses
    self.reason = reason
    self.maker = maker
  }

  func make(at path: String, wave: [UInt8]) throws {
    switch maker {
    case .bytes(let made): try Data(made(wave)).write(to: URL(fileURLWithPath: path))
    case .at(let make): try make(path)
    }
  }

  static let all = damagedSounds + texts + arrays + entries

  private static let entries: [BadFile] = [
    BadFile(
      "broken side-car", "wav", ["failed"], "rpm",
      .at { path in
        try Data(BadFile.spare).write(to: URL(fileURLWithPath: path))
        try "{\"rpm\": \"fast\"}".write(toFile: path + ".json", atomically: true, encoding: .utf8)
      }),
    BadFile("link to nothing", "wav", ["failed"], "link leads nowhere", .at { symlink("nowhere", $0) }),
    BadFile(
      "link to itself", "wav", ["failed"], "link leads nowhere",
      .at { symlink(($0 as NSString).lastPathComponent, $0) }),
    BadFile("pipe", "wav", ["skipped"], "a device, socket or pipe", .at { mkfifo($0, 0o600) }),
    BadFile("device", "wav", ["skipped"], "a device, socket or pipe", .at { symlink("/dev/zero", $0) }),
    BadFile("loop of folders", "folder", ["skipped"], "the same as", .at { symlink(".", $0) }),
  ]

  private static let damagedSounds: [BadFile] = [
    BadFile("empty", "wav", ["failed"], "is empty", .bytes { _ in [] }),
    BadFile(
      "letter as sound", "wav", ["failed"], "not a recording of a known format",
      .bytes { _ in text("Dear Jo,\n") }),
    BadFile(
      "zeros as sound", "wav", ["failed"], "not a recording of a known format",
      .bytes { _ in [UInt8](repeating: 0, count: 9000) }),
    BadFile("cut header", "wav", ["failed"], "damaged at header", .bytes { Array($0.prefix(30)) }),
    BadFile("cut samples", "wav", ["warning"], "", .bytes { Array($0.prefix($0.count - 999)) }),
    BadFile("too short", "wav", ["failed"], "too short", .bytes { Array($0.prefix(44 + 2000)) }),
    BadFile("no channels", "wav", ["failed"], "damaged at header", .bytes { patched($0, 22, [0, 0]) }),
    BadFile("absurd rate", "wav", ["failed"], "", .bytes { patched($0, 24, [0xFF, 0xFF, 0xFF, 0x7F]) }),
    BadFile(
      "constant", "wav", ["failed", "warning"], "",
      .bytes { $0.prefix(44) + [UInt8](repeating: 0, count: $0.count - 44) }),
    BadFile(
      "not a number", "wav", ["failed"], "finite",
      .at { path in
        try Data(floatWave([Float](repeating: .nan, count: 15_000))).write(to: URL(fileURLWithPath: path))
      }),
    BadFile("sound as table", "csv", ["ok", "warning"], "", .bytes { $0 }),
  ]

  private static let texts: [BadFile] = [
    BadFile(
      "letter", "txt", ["skipped"], "without rows of numbers",
      .bytes { _ in text("Fan 7, oiled on 3 May.\nAsk Jo.\n") }),
    BadFile(
      "words in a table", "csv", ["skipped"], "without rows of numbers",
      .bytes { _ in text("machine,place\nfan,hall\npump,yard\n") }),
    BadFile(
      "table that breaks", "csv", ["failed"], "damaged at line",
      .bytes { _ in
        text(
          "t,g\n" + (0..<15_000).map { "\(Double($0) / 12_000),\($0 == 9000 ? "oops" : "0.5")\n" }.joined())
      }),
    BadFile(
      "table without a rate", "csv", ["failed"], "sample rate",
      .bytes { _ in
        text((0..<2000).map { "\(sin(Double($0)))\n" }.joined())
      }),
    BadFile("paper", "pdf", ["skipped"], "no recording", .bytes { _ in text("%PDF-1.7\n") }),
    BadFile(
      "picture", "jpg", ["skipped"], "no recording", .bytes { _ in [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 1, 2, 3] }),
  ]

  private static let arrays: [BadFile] = [
    BadFile(
      "object in NPY", "npy", ["failed"], "",
      .bytes { _ in npy("'descr': '|O', 'fortran_order': False, 'shape': (3,)") }),
    BadFile(
      "claim of 2^40 in NPY", "npy", ["failed"], "",
      .bytes { _ in
        npy("'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,)")
      }),
    BadFile(
      "damaged NPZ", "npz", ["failed"], "",
      .bytes { _ in [0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 300) }),
    BadFile("words in MAT", "mat", ["failed"], "", .bytes { _ in matText("nothing to hear") }),
  ]

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func patched(_ bytes: [UInt8], _ offset: Int, _ patch: [UInt8]) -> [UInt8] {
    Array(bytes[..<offset]) + patch + bytes[(offset + patch.count)...]
  }

  /// Version 1.0 (numpy.lib.format): magic, length, the dictionary, padded to 64 bytes; and few bytes behind it.
  private static func npy(_ dictionary: String) -> [UInt8] {
    let content = text("{\(dictionary), }")
    let padding = [UInt8](repeating: 0x20, count: 63 - (content.count + 10) % 64) + [0x0A]
    let length = content.count + padding.count
    return [0x93] + text("NUMPY") + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + content + padding
      + [UInt8](repeating: 1, count: 24)
  }

  /// A MAT-file of level 5 with one variable of characters (MathWorks, "MAT-File Format", section 1).
  private static func matText(_ words: String) -> [UInt8] {
    func element(_ type: UInt32, _ data: [UInt8]) -> [UInt8] {
      let padding = [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
      return WaveBytes.little(type) + WaveBytes.little(UInt32(data.count)) + data + padding
    }
    // Flags of the class "characters", one row, a name, and the characters in UTF-16.
    var matrix = element(6, WaveBytes.little(4) + WaveBytes.little(0))
    matrix += element(5, WaveBytes.little(1) + WaveBytes.little(UInt32(words.utf16.count)))
    matrix += element(1, text("note"))
    matrix += element(4, words.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    var file = text("MATLAB 5.0 MAT-file")
    file += [UInt8](repeating: 0x20, count: 116 - file.count)
    file += [UInt8](repeating: 0, count: 8) + [0, 1]
    file += text("IM")
    return file + element(14, matrix)
  }

  /// A WAV file of 32-bit floats at 12 kHz, which libsndfile would not write with NaN in it.
  private static func floatWave(_ samples: [Float]) -> [UInt8] {
    let data = samples.flatMap { WaveBytes.little($0.bitPattern) }
    return WaveBytes.file(tag: 3, rate: 12_000, bytesPerSample: 4, data: data)
  }

  /// A sound file for what is wrong beside it.
  private static let spare = floatWave((0..<15_000).map { sin(Float($0) * 0.3) })
}
