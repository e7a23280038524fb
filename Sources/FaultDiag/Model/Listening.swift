import SignalIO

/// The state of one pass over a recording.
struct Listening {
  let diagnoser: Diagnoser
  var examination: Examination
  var judgement: any Judgement
  private(set) var trace = WindowScoreTrace()
  private var waiting: [Window] = []
  private(set) var windowCount = 0
  private(set) var skipped = 0

  init(diagnoser: Diagnoser, metadata: RecordingMetadata) {
    self.diagnoser = diagnoser
    examination = Examination(
      metadata, plan: diagnoser.model.windowPlan, lines: diagnoser.model.lineSettings)
    judgement = diagnoser.model.begin(metadata, alarm: diagnoser.alarm)
  }

  mutating func hear(_ window: Window) {
    windowCount += 1
    examine(window)
    guard window.isFinite else {
      skipped += 1
      return
    }
    waiting.append(window)
    if waiting.count == Diagnoser.batch { flush() }
  }

  mutating func flush() {
    guard !waiting.isEmpty else { return }
    let judged = judgement.add(waiting.map { $0.samples[0] }, threads: diagnoser.threads)
    for (window, judged) in zip(waiting, judged) {
      trace.add(judged.probabilities, window: window.index)
      // Padding is nothing that the machine did.
      if let lines = judged.lines, window.paddedFrames == 0 { examination.add(lines) }
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Hands on the samples that no window before this one had, so that physics hears each once and in order.
  private mutating func examine(_ window: Window) {
    guard examination.wantsSamples else { return }
    let plan = diagnoser.model.windowPlan
    let fresh = window.index == 0 ? 0 : max(0, plan.length - plan.hop)
    if plan.hop > plan.length { examination.gap() }
    let end = window.length - window.paddedFrames
    if fresh < end { examination.add(window.samples[0][fresh..<end]) }
  }
}
