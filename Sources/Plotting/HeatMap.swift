/// Values over two axes as colours: a spectrogram, for instance.
package struct HeatMap: Sendable, Equatable {
  /// `[column][row]`, columns along x and rows upwards; all columns of one length.
  package var columns: [[Double]]
  /// What the colours mean; values outside are drawn as its ends.
  package var scale: Axis

  package init(columns: [[Double]], scale: Axis) {
    precondition(
      !columns.isEmpty && !columns[0].isEmpty && columns.allSatisfy { $0.count == columns[0].count },
      "a heat map needs columns of one length")
    self.columns = columns
    self.scale = scale
  }

  /// As a PNG image, one pixel a value, the first row at the bottom.
  package var image: [UInt8] {
    let (width, height) = (columns.count, columns[0].count)
    var pixels = [UInt8](repeating: 0, count: width * height)
    for (x, column) in columns.enumerated() {
      for (y, value) in column.enumerated() {
        let share = value.isNaN ? 0 : max(0, min(1, scale.share(value)))
        pixels[(height - 1 - y) * width + x] = UInt8((share * 255).rounded())
      }
    }
    return PNGImage.indexed(pixels, width: width, height: height, palette: ColourMap.viridis)
  }
}

/// Colours for values from low to high.
package enum ColourMap {
  /// 256 colours from dark violet to yellow, each brighter than the one before, told apart by colour-blind eyes too: the map
  /// "viridis" of S. van der Walt and N. Smith (matplotlib, 2015), interpolated between nine of its colours.
  package static let viridis: [(red: UInt8, green: UInt8, blue: UInt8)] = {
    let anchors: [(Double, Double, Double)] = [
      (68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141), (39, 173, 129),
      (92, 200, 99), (170, 220, 50), (253, 231, 37),
    ]
    return (0..<256).map { index in
      let place = Double(index) / 255 * Double(anchors.count - 1)
      let left = min(Int(place), anchors.count - 2)
      let (a, b, t) = (anchors[left], anchors[left + 1], place - Double(left))
      func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + t * (b - a)).rounded()) }
      return (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
    }
  }()
}
