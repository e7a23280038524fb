import Testing

@testable import SignalIO

struct FilePathTests {
  @Test(arguments: [
    ("a/b.wav", "a", "b.wav"), ("b.wav", ".", "b.wav"), ("/b.wav", "/", "b.wav"), ("a/b/", "a/b", ""),
    // A combining mark joins the slash before it to one character, and yet the system sees a slash.
    ("a/\u{301}b.wav", "a", "\u{301}b.wav"), ("/\u{59B}", "/", "\u{59B}"),
  ])
  func foldersAndNamesAreToldApart(_ path: String, _ folder: String, _ name: String) {
    #expect(FilePath.folder(of: path) == folder && FilePath.name(of: path) == name)
  }

  @Test func dotsGoUpWhateverFollows() {
    #expect(FilePath.absolute("/a/../\u{301}b/./c/..") == "/\u{301}b")
    #expect(FilePath.absolute("/../../x") == "/x")
    #expect(FilePath.relative("/a/\u{301}b", to: "/a") == "\u{301}b")
    #expect(FilePath.relative("/ab", to: "/a") == nil && FilePath.relative("/a", to: "/") == "a")
  }

  @Test func patternsSeeTheSameSlashes() {
    #expect(Glob("**/*").matches("a/\u{301}b") && Glob("\u{301}b").matches("a/\u{301}b"))
    #expect(Glob("a/\u{301}*").matches("a/\u{301}b") && !Glob("a*/b").matches("a/\u{301}/b"))
  }
}
