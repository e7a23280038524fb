import SignalIO
import Support

/// Everything the doctor knows of a collection of recordings.
package struct Survey: Sendable, Equatable {
  package var recordings: [SurveyedRecording]
  /// Recordings that could not be read, with the reason.
  package var unreadable: [Unreadable]

  package struct Unreadable: Sendable, Equatable, Codable {
    package var path: String
    package var reason: String

    package init(path: String, reason: String) {
      self.path = path
      self.reason = reason
    }
  }

  package init(recordings: [SurveyedRecording], unreadable: [Unreadable] = []) {
    self.recordings = recordings
    self.unreadable = unreadable
  }

  package var labelled: [SurveyedRecording] { recordings.filter { $0.label != nil } }

  /// The labels that occur, ascending.
  package var labels: [String] { Set(recordings.compactMap(\.label)).sorted() }

  package var seconds: Double { recordings.reduce(0) { $0 + $1.seconds } }

  /// Physical bearings (else machines, else files) with each label.
  package func groups(labelled label: String) -> Set<String> {
    Set(recordings.filter { $0.label == label }.map(\.group))
  }

  /// Recordings by machine; those without a machine share the empty name.
  package var machines: [(name: String, recordings: [SurveyedRecording])] {
    Dictionary(grouping: recordings) { $0.metadata.machine?.value ?? "" }
      .map { (name: $0.key, recordings: $0.value) }.sorted { $0.name < $1.name }
  }

  /// The recordings that can serve as a machine's healthy state: those labelled so, or all where nothing is labelled.
  package func healthy(_ recordings: [SurveyedRecording]) -> [SurveyedRecording] {
    labels.isEmpty ? recordings : recordings.filter(\.isHealthy)
  }

  /// Reads `found`, a batch of files at a time on `threads` threads; the order stays that of `found`.
  ///
  /// - `progress`: is told how many of how many are done.
  package init(
    _ found: [FoundRecording], options: ReadOptions = ReadOptions(), threads: Int,
    progress: (Int, Int) -> Void = { _, _ in }
  ) {
    self.init(recordings: [])
    let batch = max(1, 4 * threads)
    for start in stride(from: 0, to: found.count, by: batch) {
      let part = Array(found[start..<min(start + batch, found.count)])
      let results = Parallel.map(part.count, threads: threads) { index in
        Self.read(part[index], options: options)
      }
      for (file, result) in zip(part, results) {
        switch result {
        case .success(let recording): recordings.append(recording)
        case .failure(let error): unreadable.append(Unreadable(path: file.path, reason: "\(error)"))
        }
      }
      progress(start + part.count, found.count)
    }
  }

  private static func read(
    _ found: FoundRecording, options: ReadOptions
  ) -> Result<SurveyedRecording, FaultDiagError> {
    do throws(FaultDiagError) {
      let source: RecordingSource
      do throws(SignalIOError) { source = try found.open(options: options) } catch { throw .recording(error) }
      return .success(try SurveyedRecording(source))
    } catch {
      return .failure(error)
    }
  }
}
