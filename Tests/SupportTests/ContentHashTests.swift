import CKernels
import Support
import TestSupport
import Testing

@Suite struct ContentHashTests {
  /// Examples of FIPS 180-4 as NIST publishes them, and lengths on either side of a block's padding.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func agreesWithTheStandardsExamples(text: String, digest: String) {
    #expect(ContentHash.sha256(Array(text.utf8)) == digest)
  }

  @Test func aMillionLettersAgree() {
    #expect(
      ContentHash.sha256([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesAndFilesHashAsTheWhole() throws {
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let digest = ContentHash.sha256(bytes)
    var stream = ContentHash.Stream()
    var start = 0
    for length in [0, 1, 63, 64, 65, 127, 1000, 599_680 - 1000] {
      stream.add(Array(bytes[start..<start + length]))
      start += length
    }
    #expect(start == bytes.count)
    #expect(stream.finish() == digest)
    let folder = try TemporaryFolder()
    #expect(ContentHash.sha256(ofFile: try folder.write(bytes, to: "file")) == digest)
    #expect(ContentHash.sha256(ofFile: folder.path + "/missing") == nil)
  }

  @Test func everyLengthAroundABlockDiffers() {
    let digests = (0...130).map { ContentHash.sha256([UInt8](repeating: 0, count: $0)) }
    #expect(Set(digests).count == digests.count)
    #expect(digests.allSatisfy { $0.count == 64 })
  }

  /// Whatever instructions the processor has: from one block to more than are needed to use them.
  @Test func instructionsAgreeWithPlainC() {
    let bytes = (0..<64 * 40).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 5) }
    for blocks in [1, 15, 16, 17, 40] {
      var (fast, plain) = (ContentHash.initial, ContentHash.initial)
      hk_sha256(&fast, ContentHash.constants, bytes, blocks)
      hk_sha256_plain(&plain, ContentHash.constants, bytes, blocks)
      #expect(fast == plain)
    }
  }
}
