import NeuralNet
import Testing

@testable import CPC

@Suite struct MemoryBankTests {
  private static func row(_ values: [Double]) -> Tensor<Double> { Tensor(values, shape: [values.count, 1]) }

  @Test func theOldestRowsAreForgotten() {
    var bank = MemoryBank<Double>(capacity: 3, size: 1)
    #expect(bank.count == 0 && !bank.isFull)
    bank.append(Self.row([1, 2]))
    #expect(bank.rows.storage == [1, 2])
    bank.append(Self.row([3, 4]))
    #expect(bank.isFull && Set(bank.rows.storage) == [2, 3, 4])
    for next in 5...40 {
      bank.append(Self.row([Double(next)]))
      #expect(bank.isFull && Set(bank.rows.storage) == [Double(next - 2), Double(next - 1), Double(next)])
    }
  }

  @Test func ofMoreRowsThanFitTheLastAreKept() {
    var bank = MemoryBank<Double>(capacity: 2, size: 1)
    bank.append(Self.row([1, 2, 3, 4, 5]))
    #expect(bank.isFull && Set(bank.rows.storage) == [4, 5])
  }

  @Test func withoutCapacityNothingIsKept() {
    var bank = MemoryBank<Float>(capacity: 0, size: 4)
    bank.append(Tensor(zeros: [3, 4]))
    #expect(bank.count == 0 && !bank.isFull && bank.rows.shape == [0, 4])
  }

  /// All of it is buffers, so that a training that goes on has the same rows.
  @Test func itIsWalkedAsBuffers() {
    var bank = MemoryBank<Double>(capacity: 2, size: 1)
    bank.append(Self.row([7]))
    var copy = MemoryBank<Double>(capacity: 2, size: 1)
    var values = bank.parameters.map { $0.tensor }
    copy.visit("") { _, role, tensor in
      #expect(role == .buffer)
      tensor = values.removeFirst()
    }
    #expect(copy == bank)
  }
}
