import Foundation
import Support
import TestSupport
import Testing

@testable import SignalIO

/// What every reader must do, run over ``RecordingReaders/all`` and ``ReaderFixture/all``.
struct ReaderContractTests {
  @Test func everyReaderHasAFixture() {
    let covered = Set(ReaderFixture.all.map { $0.reader })
    for reader in RecordingReaders.all {
      #expect(covered.contains(reader.format.name), "\(reader.format.name) has no file in ReaderFixture.all")
    }
  }

  @Test func namesAreUnique() {
    let names = RecordingReaders.all.map { $0.format.name }
    #expect(Set(names).count == names.count, "\(names)")
  }

  @Test(arguments: ReaderFixture.all)
  func givesTheGoldenSignal(_ fixture: ReaderFixture) throws {
    let stream = try RecordingReaders.open(path: fixture.path, options: fixture.options)
    #expect(stream.info.channels.count == fixture.channels)
    if let count = stream.info.frameCount { #expect(count == fixture.frames) }
    let samples = try readAll(stream)
    #expect(samples.map { $0.count } == Array(repeating: fixture.frames, count: fixture.channels))
    let cut = stream.warnings.contains { if case .truncated = $0 { true } else { false } }
    #expect(!cut, "\(stream.warnings)")
    guard fixture.exact else { return }
    for (c, channel) in samples.enumerated() {
      let restored = channel.map { ($0 - fixture.offset) / fixture.scale }
      #expect(restored == ReaderFixture.goldenChannel(c, frames: fixture.frames), "channel \(c)")
    }
  }

  @Test(arguments: ReaderFixture.all)
  func blockSizeDoesNotChangeTheSamples(_ fixture: ReaderFixture) throws {
    let whole = try readAll(
      RecordingReaders.open(path: fixture.path, options: fixture.options), block: 1_000_000)
    for block in [1, 7, 64] {
      let stream = try RecordingReaders.open(path: fixture.path, options: fixture.options)
      let pieces = try readAll(stream, block: block)
      #expect(pieces == whole, "block \(block)")
      #expect(try stream.read(frames: block).allSatisfy { $0.isEmpty }, "after the end")
    }
  }

  @Test(arguments: ReaderFixture.all)
  func givesOneChannelAlone(_ fixture: ReaderFixture) throws {
    let all = try readAll(RecordingReaders.open(path: fixture.path, options: fixture.options))
    var options = fixture.options
    options.channels = ["\(fixture.channels)"]
    let one = try readAll(RecordingReaders.open(path: fixture.path, options: options))
    #expect(one == [all[fixture.channels - 1]])
    options.channels = ["no such channel"]
    #expect(throws: SignalIOError.self) {
      try RecordingReaders.open(path: fixture.path, options: options)
    }
  }

  /// A file cut anywhere gives a typed error or fewer frames, and never more than the whole.
  @Test(arguments: ReaderFixture.all)
  func survivesEveryCut(_ fixture: ReaderFixture) throws {
    let whole = try bytes(of: fixture.path)
    let cuts = Array(0..<min(whole.count, 220)) + Array(stride(from: 220, to: whole.count, by: 61))
    for cut in cuts {
      let outcome = try Self.attempt(Array(whole[..<cut]), fixture)
      if case .samples(let frames) = outcome {
        #expect(frames <= fixture.frames, "cut at \(cut)")
        #expect(cut > 0)
      }
    }
  }

  /// Bytes changed at random behind the right first bytes: a typed error or samples, never a crash.
  @Test(arguments: ReaderFixture.all)
  func survivesDamage(_ fixture: ReaderFixture) throws {
    let whole = try bytes(of: fixture.path)
    var random = RandomSource(seed: 20_240_131)
    for _ in 0..<60 {
      var damaged = whole
      for _ in 0..<1 + Int(random.next() % 4) {
        let position = 4 + Int(random.next() % UInt64(min(whole.count, 700) - 4))
        damaged[position] = [0, 0xFF, 0x7F, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 4)]
      }
      _ = try Self.attempt(damaged, fixture)
    }
    var noise = whole
    for position in 16..<noise.count { noise[position] = UInt8(truncatingIfNeeded: random.next()) }
    _ = try Self.attempt(noise, fixture)
  }

  @Test(arguments: ReaderFixture.sound + [ReaderFixture.raw])
  func textIsRefusedWithATypedError(_ fixture: ReaderFixture) throws {
    let text = Array("This is a note about a machine, not a recording.\nIt has two lines.\n".utf8)
    guard fixture.raw == nil else { return }
    let name = RecordingReaders.lowercasedExtension(of: fixture.file)
    try withFile(text, extension: name) { path in
      do {
        _ = try RecordingReaders.open(path: path)
        Issue.record("text was opened as \(name)")
      } catch let error as SignalIOError {
        #expect("\(error)".contains("This is a note"), "\(error)")
      }
    }
  }

  private enum Outcome {
    case refused(SignalIOError)
    case samples(Int)
  }

  /// At most 100,000 frames are read: damage may promise any number that the file can hold.
  private static func attempt(_ bytes: [UInt8], _ fixture: ReaderFixture) throws -> Outcome {
    try withFile(bytes, extension: RecordingReaders.lowercasedExtension(of: fixture.file)) { path in
      do {
        let stream = try RecordingReaders.open(path: path, options: fixture.options)
        var frames = 0
        while frames < 100_000 {
          let block = try stream.read(frames: 1000)
          let count = block.first?.count ?? 0
          #expect(block.allSatisfy { $0.count == count }, "channels of unequal length")
          if count == 0 { break }
          frames += count
        }
        return .samples(frames)
      } catch let error as SignalIOError {
        return .refused(error)
      }
    }
  }
}
