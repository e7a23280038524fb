import TestSupport
import Testing

@testable import FaultDiag

private struct ClusterGolden: Decodable {
  struct Agreement: Decodable {
    var groups, classes: [Int]
    var accuracy, information, rand: Double
  }
  struct Assignment: Decodable {
    var gains: [[Double]]
    var total: Double
  }
  var agreements: [Agreement]
  var assignments: [Assignment]
}

/// Against `Tools/Reference/ClusterAgreement.py`.
@Suite struct ClusterAgreementTests {
  private let reference: ClusterGolden

  init() throws { reference = try golden("ClusterAgreement.json") }

  @Test func figuresAgreeWithScikitLearn() {
    for item in reference.agreements {
      let found = ClusterAgreement(groups: item.groups, classes: item.classes)
      #expect(close(found.accuracy, item.accuracy))
      #expect(close(found.normalizedMutualInformation, item.information))
      #expect(close(found.adjustedRandIndex, item.rand))
      #expect(found.count == item.groups.count)
    }
  }

  @Test func assignmentsAgreeWithSciPy() {
    for item in reference.assignments {
      let columns = AssignmentProblem.bestColumns(item.gains)
      let chosen = columns.compactMap { $0 }
      #expect(Set(chosen).count == chosen.count)
      #expect(chosen.count == min(item.gains.count, item.gains[0].count))
      #expect(close(AssignmentProblem.bestTotal(item.gains), item.total))
    }
  }

  /// Every pairing of small problems, tried one by one.
  @Test func noPairingGainsMore() {
    func best(_ gains: [[Double]], _ row: Int, _ free: Set<Int>) -> Double {
      guard row < gains.count else { return 0 }
      return free.map { gains[row][$0] + best(gains, row + 1, free.subtracting([$0])) }.max() ?? 0
    }
    for item in reference.assignments where item.gains.count <= 6 && item.gains.count <= item.gains[0].count {
      #expect(close(AssignmentProblem.bestTotal(item.gains), best(item.gains, 0, Set(item.gains[0].indices))))
    }
  }

  @Test func namesOfGroupsDoNotMatter() {
    let found = ClusterAgreement(groups: [9, 9, -2, -2, 5], classes: [0, 0, 1, 1, 2])
    #expect(found.accuracy == 1 && found.adjustedRandIndex == 1)
    #expect(close(found.normalizedMutualInformation, 1))
  }

  @Test func nothingAndOneItemHaveAnswers() {
    #expect(AssignmentProblem.bestColumns([]).isEmpty)
    let one = ClusterAgreement(groups: [3], classes: [1])
    #expect(one.accuracy == 1 && one.normalizedMutualInformation == 1 && one.adjustedRandIndex == 1)
  }
}
