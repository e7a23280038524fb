/// The values used last, by their keys: at most `capacity` of them, and the one not used for longest gives way.
///
/// For few and expensive values; finding one looks at all of them.
package struct RecentlyUsed<Key: Equatable, Value> {
  package let capacity: Int
  /// Used longest ago first.
  private var entries: [(key: Key, value: Value)] = []

  package init(capacity: Int) {
    precondition(capacity > 0, "room for \(capacity) values")
    self.capacity = capacity
  }

  /// The value of `key`, which counts as used now; nil where there is none.
  package mutating func use(_ key: Key) -> Value? {
    guard let place = entries.lastIndex(where: { $0.key == key }) else { return nil }
    let entry = entries.remove(at: place)
    entries.append(entry)
    return entry.value
  }

  /// Keeps `value` for `key`; returns what gave way, be it another value of the same key, for the caller to let go of.
  package mutating func keep(_ value: Value, for key: Key) -> Value? {
    let known = entries.firstIndex { $0.key == key }
    let given = known ?? (entries.count == capacity ? 0 : nil)
    let old = given.map { entries.remove(at: $0).value }
    entries.append((key, value))
    return old
  }
}
