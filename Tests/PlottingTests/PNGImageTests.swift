import Testing

@testable import Plotting

@Suite struct PNGImageTests {
  /// Check values of the definitions: "123456789" for the CRC, "Wikipedia" for Adler-32.
  @Test func checksumsAreTheDefinedOnes() {
    #expect(PNGImage.crc(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(PNGImage.adler(Array("Wikipedia".utf8)) == 0x11E6_0398)
  }

  /// Large enough for two stored blocks: lengths of chunks and blocks add up to the whole.
  @Test func anImageIsWellFormed() {
    let (width, height) = (300, 250)
    let pixels = (0..<width * height).map { UInt8($0 % 256) }
    let image = PNGImage.indexed(pixels, width: width, height: height, palette: ColourMap.viridis)
    #expect(image.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    var (place, types, data) = (8, [String](), [UInt8]())
    while place < image.count {
      let length = image[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let body = Array(image[place + 4..<place + 8 + length])
      let checksum = image[place + 8 + length..<place + 12 + length].reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      #expect(PNGImage.crc(body) == checksum)
      types.append(String(decoding: body.prefix(4), as: UTF8.self))
      if types.last == "IDAT" { data = Array(body.dropFirst(4)) }
      place += 12 + length
    }
    #expect(types == ["IHDR", "PLTE", "IDAT", "IEND"])
    var (rows, block) = ([UInt8](), 2)
    while block < data.count - 4 {
      let count = Int(data[block + 1]) | Int(data[block + 2]) << 8
      rows += data[block + 5..<block + 5 + count]
      block += 5 + count
    }
    #expect(rows.count == height * (width + 1) && rows[width + 1] == 0)
    #expect(Array(rows[width + 2..<width + 12]) == Array(pixels[width..<width + 10]))
  }

  @Test func coloursGrowBrighter() {
    let light = ColourMap.viridis.map {
      0.299 * Double($0.red) + 0.587 * Double($0.green) + 0.114 * Double($0.blue)
    }
    #expect(light.count == 256 && zip(light, light.dropFirst()).allSatisfy { $0 <= $1 + 0.5 })
  }
}
