import Testing

@testable import FaultDiag

@Suite struct ShardTests {
  @Test func partsAreDisjointAndWhole() throws {
    let inputs = Array(0..<23)
    let parts = try (1...5).map { try #require(Shard($0, of: 5)).part(of: inputs) }
    #expect(parts.flatMap { $0 }.sorted() == inputs)
    #expect(parts.allSatisfy { (4...5).contains($0.count) })
    #expect(try #require(Shard(9, of: 40)).part(of: [1, 2, 3]).isEmpty)
  }

  @Test(arguments: ["", "2", "0/4", "5/4", "a/b", "1/2/3", "1/0", "-1/4", "1/1000000"])
  func textThatIsNoShardIsRefused(text: String) { #expect(Shard(text: text) == nil) }

  @Test func textAndFileName() throws {
    let shard = try #require(Shard(text: "2/8"))
    #expect(shard == Shard(2, of: 8) && shard.fileName == "rows-2-of-8.jsonl")
    #expect(Shard.whole.fileName == "rows.jsonl")
  }

  @Test func slurmNumbersTasksFromItsLowest() {
    func shard(_ id: String?, _ count: String?, _ first: String?) -> Shard? {
      var environment: [String: String] = [:]
      environment["SLURM_ARRAY_TASK_ID"] = id
      environment["SLURM_ARRAY_TASK_COUNT"] = count
      environment["SLURM_ARRAY_TASK_MIN"] = first
      return Shard(slurm: environment)
    }
    #expect(shard("3", "8", "1") == Shard(3, of: 8))
    #expect(shard("3", "8", nil) == Shard(3, of: 8))
    #expect(shard("0", "8", "0") == Shard(1, of: 8))
    #expect(shard("17", "8", "10") == Shard(8, of: 8))
    #expect(shard(nil, "8", "1") == nil && shard("3", nil, "1") == nil && shard("9", "8", "1") == nil)
  }
}
