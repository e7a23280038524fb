import Foundation
import TestSupport
import Testing

@testable import SignalIO

struct NumPyReaderTests {
  private func npy(_ dictionary: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array((dictionary + "\n").utf8)
    let length = version == 1 ? 2 : 4
    let lengthBytes = (0..<length).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + text + data
  }

  private func refusal(_ bytes: [UInt8], extension name: String = "npy") throws -> SignalIOError? {
    try withFile(bytes, extension: name) { path in
      do {
        _ = try readAll(RecordingReaders.open(path: path))
        return nil
      } catch let error as SignalIOError {
        return error
      }
    }
  }

  @Test func archivesStateFacts() throws {
    for file in ["stored.npz", "deflated.npz"] {
      let info = try RecordingReaders.open(path: Golden.path("Readers/" + file)).info
      #expect(info.channels.map { $0.name } == ["x", "y"])
      #expect(info.sampleRate == 12000)
      #expect(info.metadata.speed == Sourced(1797, from: .file(detail: "variable rpm")))
    }
  }

  @Test func aLoneArrayHasNumberedChannels() throws {
    let info = try RecordingReaders.open(path: Golden.path("Readers/channels_by_frames.npy")).info
    #expect(info.channels.map { $0.name } == ["1", "2"])
    #expect(info.format == "NumPy, <f4")
    #expect(info.sampleRate == nil)
  }

  @Test func whatIsNoRealNumberIsRefused() throws {
    for type in ["<c16", "|b1", "|O", "<U3", "<f16", "f8", "", "<M8[s]"] {
      let error = try refusal(
        npy("{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }", .init(repeating: 0, count: 64)))
      guard case .malformed = error else {
        Issue.record("\(type): \(String(describing: error))")
        continue
      }
    }
    let structured = npy(
      "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", .init(repeating: 0, count: 64))
    #expect(try refusal(structured) != nil)
  }

  @Test func hostileShapesAreRefused() throws {
    for shape in [
      "(-1,)", "(4, -8)", "(9223372036854775807,)", "(4294967296, 4294967296)", "(3000000000, 3000000000, 3)",
      "(99999999999999999999,)", "(1.5,)", "(", "()", "(0,)", "2000, 2", "(2, 2, 2)", "(1500, 1500)",
      "(96, 0)", "(0, 96)",
    ] {
      let file = npy(
        "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }", .init(repeating: 0, count: 64))
      #expect(try refusal(file) != nil, "\(shape)")
    }
  }

  @Test func aCutArrayGivesItsFramesWithAWarning() throws {
    let whole = try bytes(of: Golden.path("Readers/frames_by_channels.npy"))
    try withFile(Array(whole.dropLast(84)), extension: "npy") { path in
      let stream = try RecordingReaders.open(path: path)
      #expect(stream.info.frameCount == 85)
      let samples = try readAll(stream)
      #expect(
        samples == [ReaderFixture.goldenChannel(0, frames: 85), ReaderFixture.goldenChannel(1, frames: 85)])
      #expect(stream.warnings == [.truncated(claimed: "768 bytes of samples", found: "684")])
    }
    // Channel after channel: the last ones are missing, so there are no whole frames.
    let planar = try bytes(of: Golden.path("Readers/channels_by_frames.npy"))
    #expect(try refusal(Array(planar.dropLast(84))) != nil)
  }

  /// The file ends within its header, which claims frames of no channel.
  @Test func noChannelsAndNoDataAreRefused() throws {
    for shape in ["(96, 0)", "(0, 96)", "(96, 2)", "(96,)"] {
      let whole = npy(
        "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }" + .init(repeating: " ", count: 40), []
      )
      #expect(try refusal(Array(whole.dropLast(30))) != nil, "\(shape)")
    }
  }

  @Test func aZipBombIsRefused() throws {
    var bomb = try bytes(of: Golden.path("Readers/deflated.npz"))
    let entry = try #require((0..<bomb.count - 4).first { Array(bomb[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
    bomb.replaceSubrange(entry + 24..<entry + 28, with: [0, 0, 0, 0x7F])
    guard case .tooLarge = try refusal(bomb, extension: "npz") else {
      Issue.record("a claim of 2 GiB in a kilobyte was believed")
      return
    }
  }

  @Test func anArchiveWithoutArraysIsRefused() throws {
    let empty: [UInt8] = [0x50, 0x4B, 5, 6] + .init(repeating: 0, count: 18)
    #expect(try refusal(empty, extension: "npz") != nil)
    let noDirectory: [UInt8] = [0x50, 0x4B, 3, 4] + .init(repeating: 0, count: 100)
    #expect("\(try #require(try refusal(noDirectory, extension: "npz")))".contains("no directory"))
  }
}
