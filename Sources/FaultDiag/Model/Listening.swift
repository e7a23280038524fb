import SignalIO

/// The state of one pass over a recording.
struct Listening {
  let diagnoser: Diagnoser
  var examination: Examination
  var judgement: any Judgement
  private(set) var trace = WindowScoreTrace()
  private var waiting: [[Float]] = []
  private var waitingNumbers: [Int] = []
  private(set) var windowCount = 0
  private(set) var skipped = 0

  init(diagnoser: Diagnoser, metadata: RecordingMetadata) {
    self.diagnoser = diagnoser
    examination = Examination(metadata, plan: diagnoser.model.windowPlan)
    judgement = diagnoser.model.begin(metadata, alarm: diagnoser.alarm)
  }

  mutating func hear(_ window: Window) {
    windowCount += 1
    examine(window)
    guard window.isFinite else {
      skipped += 1
      return
    }
    waiting.append(window.samples[0])
    waitingNumbers.append(window.index)
    if waiting.count == Diagnoser.batch { flush() }
  }

  mutating func flush() {
    guard !waiting.isEmpty else { return }
    let scores = judgement.add(waiting, threads: diagnoser.threads)
    for (number, probabilities) in zip(waitingNumbers, scores) { trace.add(probabilities, window: number) }
    waiting.removeAll(keepingCapacity: true)
    waitingNumbers.removeAll(keepingCapacity: true)
  }

  /// Hands on the samples that no window before this one had, so that physics hears each once and in order.
  private mutating func examine(_ window: Window) {
    guard !examination.isIdle else { return }
    let plan = diagnoser.model.windowPlan
    let fresh = window.index == 0 ? 0 : max(0, plan.length - plan.hop)
    if plan.hop > plan.length { examination.gap() }
    let end = window.length - window.paddedFrames
    if fresh < end { examination.add(window.samples[0][fresh..<end]) }
  }
}
