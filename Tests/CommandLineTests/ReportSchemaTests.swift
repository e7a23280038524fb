import Foundation
import TestSupport
import Testing

/// `Documentation/report.schema.json` says what a report holds, and a report holds no more and no less.
@Suite struct ReportSchemaTests {
  private static func schema() throws -> JSONSchema {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Documentation/report.schema.json")
    return JSONSchema(try object(String(contentsOf: file, encoding: .utf8)))
  }

  @Test func reportsFollowTheSchema() throws {
    let night = try ReportFolder()
    try night.addBadCompany()
    _ = try night.report("--unit", "g", "--machine-group", "1", "--mounting", "rigid")
    #expect(try Self.schema().problems(in: night.content()) == [])
    // The default model has tables that fitted heads lack; without a bearing it looks for what repeats.
    let known = try Program.run(
      ["report", "night", "--out", "default", "--rpm", "1797", "--bearing", "6205"], in: night.folder)
    #expect(try Self.schema().problems(in: night.content("default")) == [], "\(known.messages)")
    try FileManager.default.removeItem(atPath: night.folder.path + "/night/b")
    try night.folder.write(Workshop.folder.bytes("rec/outer1.wav"), to: "night/blind.wav")
    _ = try Program.run(["report", "night/blind.wav", "--out", "blind"], in: night.folder)
    let content = try night.content("blind")
    #expect(try Self.schema().problems(in: content) == [])
    let row = try #require((content["rows"] as? [[String: Any]])?.first)
    #expect((row["diagnosis"] as? [String: Any])?["blind"] != nil)
  }

  @Test func whatBreaksTheSchemaIsFound() throws {
    let night = try ReportFolder()
    try night.add("none1", as: "a")
    _ = try night.report()
    let schema = try Self.schema()
    func problems(_ change: (inout [String: Any]) -> Void) throws -> Int {
      var content = try night.content()
      var rows = try night.rows()
      change(&rows[0])
      content["rows"] = rows
      return schema.problems(in: content).count
    }
    #expect(try problems { _ in } == 0)
    #expect(try problems { $0["status"] = nil } == 1)
    #expect(try problems { $0["status"] = "perhaps" } == 1)
    #expect(try problems { $0["urgency"] = 7 } == 1)
    #expect(try problems { $0["urgency"] = "high" } == 1)
    #expect(try problems { $0["work_seconds"] = 1 } == 1)
    #expect(try problems { $0["model_hash"] = "abc" } == 1)
    #expect(try problems { $0["diagnosis"] = [1] } == 1)
  }
}
