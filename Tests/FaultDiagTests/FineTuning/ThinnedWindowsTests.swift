import CPC
import Testing

@testable import FaultDiag

@Suite struct ThinnedWindowsTests {
  @Test(arguments: [2, 3, 8, 9]) func keepsAnEvenSpread(limit: Int) {
    for count in 0..<200 {
      var windows = ThinnedWindows<Int>(limit: limit)
      for index in 0..<count { windows.offer { index } }
      let kept = windows.kept
      if count <= limit {
        #expect(kept == Array(0..<count))
      } else {
        #expect(kept.count <= limit && 2 * kept.count >= limit, "\(kept.count) of \(count)")
        let steps = Set(zip(kept, kept.dropFirst()).map { $1 - $0 })
        #expect(steps.count <= 1 && kept.first == 0, "\(kept)")
        #expect(count - kept[kept.count - 1] <= (steps.first ?? count), "the end is missing of \(kept)")
      }
    }
  }

  @Test func memoryBoundsTheNumber() {
    var settings = FineTuneSettings()
    settings.windowsPerRecording = 64
    let plan = TrainingPlan()
    #expect(TuningMaterial.windowLimit(settings, plan: plan, recordings: 10) == 64)
    #expect(TuningMaterial.windowLimit(settings, plan: plan, recordings: 1 << 10) == 25)
    #expect(TuningMaterial.windowLimit(settings, plan: plan, recordings: 1 << 30) == 2)
  }
}
