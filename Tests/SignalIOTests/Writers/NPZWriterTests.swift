import Foundation
import TestSupport
import Testing

@testable import SignalIO

@Suite struct NPZWriterTests {
  private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func headerSaysTypeOrderAndShape() {
    let bytes = NPYArray([1, 2, 3, 4, 5, 6], shape: [2, 3]).bytes
    #expect(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(bytes[8]) | Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0)
    #expect(
      text(bytes[10..<10 + length]).hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"))
    #expect(bytes[10 + length - 1] == UInt8(ascii: "\n"))
    #expect(Array(bytes.suffix(8)) == [0, 0, 0xA0, 0x40, 0, 0, 0xC0, 0x40])
  }

  @Test func textsAreUTF32OfEqualLength() {
    let array = NPYArray(["a", "", "Wälzlager"])
    #expect(array.type == "<U9")
    #expect(array.shape == [3])
    #expect(array.bytes.suffix(3 * 9 * 4).prefix(8) == [0x61, 0, 0, 0, 0, 0, 0, 0])
    #expect(NPYArray([String]()).type == "<U1")
  }

  @Test func integersAndDoublesKeepTheirBits() {
    #expect(Array(NPYArray([-2]).bytes.suffix(8)) == [0xFE, 255, 255, 255, 255, 255, 255, 255])
    #expect(Array(NPYArray([0.5] as [Double]).bytes.suffix(8)) == [0, 0, 0, 0, 0, 0, 0xE0, 0x3F])
  }

  /// The directory at the end leads to every entry, and entries are stored as they are.
  @Test func archiveLeadsToItsEntries() throws {
    let first = NPYArray([1, 2], shape: [2])
    let archive = NPZWriter.archive([("a", first), ("b", NPYArray([7]))])
    #expect(archive.prefix(4) == [0x50, 0x4B, 3, 4])
    let end = Array(archive.suffix(22))
    #expect(end.prefix(4) == [0x50, 0x4B, 5, 6])
    #expect(end[10] == 2)
    let start = Int(end[16]) | Int(end[17]) << 8 | Int(end[18]) << 16
    #expect(archive[start..<start + 4] == [0x50, 0x4B, 1, 2])
    #expect(text(archive[30..<35]) == "a.npy")
    #expect(Array(archive[35..<35 + first.bytes.count]) == first.bytes)
  }

  @Test func equalArraysGiveEqualFilesAndFailuresLeaveNothing() throws {
    let folder = try TemporaryFolder()
    for name in ["a.npz", "b.npz"] {
      try NPZWriter.write([("x", NPYArray([1.5] as [Double]))], to: folder.path + "/" + name)
    }
    let files = try ["a.npz", "b.npz"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + $0))
    }
    #expect(files[0] == files[1])
    #expect(throws: SignalIOError.self) {
      try NPZWriter.write([("x", NPYArray([1]))], to: folder.path + "/gone/a.npz")
    }
  }
}

@Suite struct CSVTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
    ("two\nlines", "\"two\nlines\""),
    ("=1+1", "'=1+1"), ("+49", "'+49"), ("-x", "'-x"), ("@sum", "'@sum"), ("\tx", "'\tx"),
    ("=a,b", "\"'=a,b\""),
    ("", ""),
  ])
  func fieldsAreQuotedAndHarmless(text: String, field: String) {
    #expect(CSVText.field(text) == field)
  }

  @Test func rowsEndWithALineFeed() {
    #expect(CSVText.row(["a", "b"]) == "a,b\n")
  }
}
