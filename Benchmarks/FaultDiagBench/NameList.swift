import ArgumentParser

/// What a user chooses of known names, written `name,name`.
enum NameList {
  /// The names in lower case; nil where nothing is chosen.
  static func names(_ list: String?) -> [String]? {
    list?.split(separator: ",").map { $0.lowercased() }
  }

  /// Throws a `ValidationError` that names what is not known.
  ///
  /// - `kind`: what a name stands for, such as `race`.
  static func check(_ wanted: [String]?, among known: [String], kind: String) throws {
    let unknown = (wanted ?? []).filter { !known.contains($0) }
    guard unknown.isEmpty else {
      throw ValidationError(
        "no \(kind) is called \(unknown.joined(separator: ", ")); there are " + known.joined(separator: ", ")
          + ".")
    }
  }
}
