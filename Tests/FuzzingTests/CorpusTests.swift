import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Every seed of fuzzing, and every input that once broke a reader, through its target.
struct CorpusTests {
  /// `Tests/Fuzzing/Corpus`: a folder for each target.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzzing/Corpus").path

  @Test(arguments: FuzzTarget.all.map { $0.name })
  func inputsEndInAValueOrAKnownError(_ name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder + "/" + name)
    #expect(!files.isEmpty)
    for file in files.sorted() {
      let bytes = try #require(FileManager.default.contents(atPath: "\(Self.folder)/\(name)/\(file)"))
      target.run(Array(bytes))
    }
  }

  @Test func namesAreUniqueAndEveryFolderHasATarget() throws {
    let names = FuzzTarget.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: Self.folder)) == Set(names))
  }
}
