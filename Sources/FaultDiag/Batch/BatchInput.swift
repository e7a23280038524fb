import SignalIO

/// One input of a batch, before anybody listened to it.
package struct BatchInput: Sendable {
  package enum Kind: Sendable {
    /// To be opened with `flags` and `options`: 2 KB, of which inputs made of one value share one copy.
    indirect case recording(flags: RecordingMetadata, options: ReadOptions)
    /// No recording, or met already, for this reason.
    case skipped(String)
    /// Known to be lost, for this reason.
    case failed(String)
  }

  package let path: String
  package let kind: Kind

  package init(path: String, kind: Kind) {
    self.path = path
    self.kind = kind
  }
}

extension BatchInput {
  /// Every file below `roots`, in an order that depends on nothing but their paths; none is lost: what is no recording
  /// is skipped with the reason, what should be one and cannot be read fails with it.
  ///
  /// - `passedOver`: a folder that is not looked into, as the report itself is written there.
  package static func discover(
    roots: [String], passedOver: String?, flags: RecordingMetadata, options: ReadOptions
  ) throws(SignalIOError) -> [BatchInput] {
    var there: [String] = []
    var missing: [String] = []
    for root in roots {
      if FileStatus(following: root) != nil {
        there.append(root)
      } else if !missing.contains(root) {
        missing.append(root)
      }
    }
    var discovery = RecordingCollection.Options()
    discovery.passedOver = passedOver.map { [$0] } ?? []
    discovery.needsMetadata = false
    let found = try RecordingCollection.discover(roots: there, options: discovery)
    let recordingKind = Kind.recording(flags: flags, options: options)
    func recording(_ path: String) -> BatchInput { BatchInput(path: path, kind: recordingKind) }
    return missing.map { BatchInput(path: $0, kind: .failed("no such file or folder")) }
      + found.recordings.map { recording($0.path) }
      + found.skipped.map { skipped in
        if isLost(skipped, roots: there) { return recording(skipped.path) }
        switch skipped.reason {
        case .unreadable, .tooDeep: return BatchInput(path: skipped.path, kind: .failed(skipped.words))
        default: return BatchInput(path: skipped.path, kind: .skipped(skipped.words))
        }
      }
  }

  /// Whether somebody expects a verdict on a file that no reader recognises: it was named, it is empty, or its name
  /// ends like a recording's. Opening it tells what is wrong. A letter that ends in `.txt` is nobody's loss.
  private static func isLost(_ skipped: SkippedFile, roots: [String]) -> Bool {
    switch skipped.reason {
    case .empty: true
    case .notARecording:
      roots.contains(skipped.path)
        || RecordingReaders.all.contains {
          $0.format.extensions.contains(FilePath.pathExtension(of: skipped.path))
        }
    case .textWithoutNumbers: roots.contains(skipped.path)
    default: false
    }
  }
}
