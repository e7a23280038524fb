import Dispatch
import Support

/// Makes the rows of a batch, one file on each thread, and keeps every row as soon as it is there.
///
/// Memory while it runs is that of a recording's diagnosis on each thread, and an entry for each row. Rows depend neither on the
/// number of threads nor on which came first.
package struct BatchRun: Sendable {
  package var maker: RowMaker
  package var threads: Int

  package init(maker: RowMaker, threads: Int) {
    self.maker = maker
    self.threads = threads
  }

  /// What came of a batch that was not stopped by a full disk.
  package struct Outcome: Sendable {
    /// In the report's order.
    package var entries: [ReportEntry]
    /// Rows that an earlier run had made.
    package var reused: Int
    /// Whether somebody stopped it before its end.
    package var isInterrupted: Bool
  }

  package struct Progress: Sendable {
    package var done: Int
    package var total: Int
    package var alarms: Int
    package var failed: Int
  }

  private struct State {
    var next = 0
    var entries: [ReportEntry] = []
    var alarms = 0
    var failed = 0
    var reused = 0
    var error: RecordLogError?
    var rows: RowsFile
  }

  /// Makes the row of every input.
  ///
  /// - `rows`: belongs to the run until it returns.
  /// - `isCancelled`: asked before every file; true stops the run when the files in work are done.
  /// - `report`: called after every row, by one thread at a time.
  /// - Throws: what keeps rows from being written; those before stay.
  package func run(
    _ inputs: [BatchInput], rows: RowsFile, isCancelled: @Sendable () -> Bool,
    report: @Sendable (Progress) -> Void
  ) throws(RecordLogError) -> Outcome {
    let state = Lock(State(rows: rows))
    let clock = ContinuousClock()
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, inputs.count))) { _ in
      while let index = Self.next(state, of: inputs.count, isCancelled) {
        let input = inputs[index]
        let identity = maker.identity(of: input)
        if Self.reuse(input, identity, state) {
          Self.tell(state, inputs.count, report)
          continue
        }
        let start = clock.now
        var row = maker.row(for: input, identity)
        row.workSeconds = Self.seconds(clock.now - start)
        Self.keep(row, identity.stamp, state)
        Self.tell(state, inputs.count, report)
      }
    }
    let end = state.withLock { (entries: $0.entries, reused: $0.reused, error: $0.error) }
    if let error = end.error { throw error }
    return Outcome(
      entries: end.entries.sorted(by: ReportEntry.isBefore), reused: end.reused,
      isInterrupted: end.entries.count < inputs.count)
  }

  private static func next(
    _ state: Lock<State>, of count: Int, _ isCancelled: @Sendable () -> Bool
  ) -> Int? {
    state.withLock { state in
      guard state.next < count, state.error == nil, !isCancelled() else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// Takes up the row of an earlier run, where it still holds.
  private static func reuse(
    _ input: BatchInput, _ identity: RowMaker.Identity, _ state: Lock<State>
  ) -> Bool {
    state.withLock { state in
      guard let place = state.rows.place(of: input.path, identity), let row = state.rows.row(at: place)
      else { return false }
      state.reused += 1
      add(ReportEntry(row, at: place, stamp: identity.stamp), to: &state)
      return true
    }
  }

  private static func keep(_ row: ReportRow, _ stamp: FileStamp?, _ state: Lock<State>) {
    state.withLock { state in
      do throws(RecordLogError) {
        add(ReportEntry(row, at: try state.rows.append(row), stamp: stamp), to: &state)
      } catch {
        state.error = state.error ?? error
      }
    }
  }

  private static func add(_ entry: ReportEntry, to state: inout State) {
    state.entries.append(entry)
    if entry.isAlarm { state.alarms += 1 }
    if entry.status == .failed { state.failed += 1 }
  }

  private static func tell(
    _ state: Lock<State>, _ total: Int, _ report: @Sendable (Progress) -> Void
  ) {
    state.withLock {
      report(Progress(done: $0.entries.count, total: total, alarms: $0.alarms, failed: $0.failed))
    }
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
