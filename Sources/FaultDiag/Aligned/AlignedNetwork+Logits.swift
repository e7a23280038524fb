import CKernels
import NeuralNet

extension AlignedNetwork<Float> {
  /// ``forward(_:_:)`` without dropout and without what backward needs, by the kernels of training: `[batch, family]`.
  func logits(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.rank == 4 && Array(x.shape[1...]) == [rows, bands, positions],
      "aligned network wants [batch, \(rows), \(bands), \(positions)], found \(x.shape)")
    let (windows, width, size) = (x.shape[0], Self.width, Self.rowWidth)
    // The kernels want [window, band, row, position]. A row by itself has its bands one after the other, so it is their window.
    let count = windows * rows
    let slots = (0..<Int32(count * bands)).map { $0 }
    let h = Self.block(lines1, lines2, x.reshaped([count * bands, positions]))
    let agreed = Tensor(written: [count, 2 * positions]) {
      ak_agree(count, 1, bands, positions, slots, Int32(count * bands), x.storage, $0)
    }
    let a = Self.block(agreement1, agreement2, agreed)
    // Training wants to know which band and which row held a maximum.
    var strongestBand = [UInt8](repeating: 0, count: count * width)
    var strongestRow = [UInt8](repeating: 0, count: windows * families * 2 * size)
    let e = Tensor(written: [count, size]) { e in
      ak_pool_bands(count, 1, bands, width, slots, h.storage, size, e, &strongestBand)
      a.storage.withUnsafeBufferPointer {
        // Invariant: a holds `width` values for each of e's rows, whose last third they are.
        Float.copyBlock(count, width, $0.baseAddress!, stride: width, to: e + 2 * width, stride: size)
      }
    }
    let compared = Tensor(written: [windows * families, self.compared]) {
      ak_compare(windows, families, rivals, size, e.storage, $0, &strongestRow)
    }
    return head2(Self.rectified(head1, compared)).reshaped([windows, families])
  }

  private static func block(
    _ first: Linear<Float>, _ second: Linear<Float>, _ x: Tensor<Float>
  ) -> Tensor<Float> { rectified(second, rectified(first, x)) }

  private static func rectified(_ layer: Linear<Float>, _ x: Tensor<Float>) -> Tensor<Float> {
    var y = Tensor.product(x, layer.weight, transposeB: true)
    if let bias = layer.bias { y.addToRows(bias, rectify: true) }
    return y
  }
}
