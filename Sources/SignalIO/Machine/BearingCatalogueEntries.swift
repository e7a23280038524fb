/// The catalogue's numbers. Each has its source; a bearing whose numbers nobody published is not here.
extension BearingCatalogue {
  private static let inch = 25.4

  private static func entry(
    _ name: String, _ count: Int, _ element: Double, _ pitch: Double, angle: Double = 0, _ source: String
  ) -> BearingEntry {
    let geometry = BearingGeometry(
      elementCount: count, elementDiameter: element, pitchDiameter: pitch, contactAngle: angle)
    return BearingEntry(name: name, published: .geometry(geometry), source: source)
  }

  /// Bearings of published test rigs, with dimensions.
  static let measured: [BearingEntry] = [
    entry(
      "6205", 9, 0.3126 * inch, 1.537 * inch,
      "SKF 6205-2RS JEM: Case Western Reserve University Bearing Data Center; multipliers as in Smith and Randall, MSSP 64-65, 2015"
    ),
    entry(
      "6203", 8, 0.2656 * inch, 1.122 * inch,
      "SKF 6203-2RS JEM: Case Western Reserve University Bearing Data Center; multipliers as in Smith and Randall, MSSP 64-65, 2015"
    ),
    entry(
      "PRONOSTIA", 13, 3.5, 25.6,
      "test bearing of the PRONOSTIA rig: Nectoux et al., IEEE PHM 2012 challenge, appendix A.1"),
    entry(
      "6804", 13, 3.5, 25.6,
      "NSK 6804DD, the test bearing of the PRONOSTIA rig: Nectoux et al., IEEE PHM 2012 challenge, appendix A.1"
    ),
    entry(
      "ER16K", 9, 7.9375, 38.5,
      "MB ER-16K: Forbes, bearing vibration measurements on a SpectraQuest simulator, Curtin University, 2012"
    ),
    entry(
      "NICE", 8, 0.235 * inch, 1.245 * inch,
      "NICE bearing of the MFPT fault data sets: Bechhoefer, Machinery Failure Prevention Technology Society, 2013"
    ),
    entry(
      "ZA2115", 16, 0.331 * inch, 2.815 * inch, angle: 15.17,
      "Rexnord ZA-2115, one row of two: Qiu et al., Journal of Sound and Vibration 289, 2006"),
    entry(
      "UER204", 8, 7.92, 34.55,
      "LDK UER204: Wang et al. (XJTU-SY), IEEE Transactions on Reliability 69, 2020"),
  ]

  /// Bearings of which only multiples of the shaft speed are published.
  static let publishedOrders: [BearingEntry] =
    timken.flatMap { row -> [BearingEntry] in
      let orders = FaultOrders(bpfo: row.bpfo, bpfi: row.bpfi, bsf: row.bsf)
      let table = "Timken Ball Bearing Housed Unit Catalog, table A-9, basic outer-ring size \(row.size)"
      let own = BearingEntry(name: row.size, published: .orders(orders), source: table)
      guard let metric = row.metric else { return [own] }
      let same =
        "\(table), the size of \(metric); another make's internal design may differ by some tenths of a percent"
      return [own, BearingEntry(name: metric, published: .orders(orders), source: same)]
    } + [
      BearingEntry(
        name: "2303", published: .orders(FaultOrders(bpfo: 3.4222, bpfi: 5.5778, bsf: 1.8561)),
        source:
          "FAG 2303-TVH: basic frequency factors of Schaeffler's catalogue calculation, in the public test data of its web front end"
      ),
      BearingEntry(
        name: "22228",
        published: .orders(FaultOrders(bpfo: 205.3 / 25, bpfi: 19 - 205.3 / 25, bsf: 89.1 / 25)),
        source:
          "SKF 22228: frequencies at 1500 rpm printed by vibroguard.cz (BPFO 205.3 Hz, BSF 89.1 Hz, FTF 10.8 Hz, hence 19 rollers)"
      ),
    ]

  private struct TimkenRow {
    var size: String
    /// The metric bearing of the same boundary dimensions, where the catalogue has no better numbers for it.
    var metric: String?
    var bpfo, bpfi, bsf: Double

    init(_ size: String, _ metric: String?, bsf: Double, bpfo: Double, bpfi: Double) {
      (self.size, self.metric) = (size, metric)
      (self.bsf, self.bpfo, self.bpfi) = (bsf, bpfo, bpfi)
    }
  }

  /// Frequency coefficients of Timken (Fafnir) ball bearings, series 200 and 300.
  ///
  /// Left out are the rows whose numbers contradict each other or repeat another row's, which are misprints:
  /// 9105, 305K (FTF x n is not BPFO) and 306K.
  private static let timken: [TimkenRow] = [
    TimkenRow("202K", "6202", bsf: 2.175, bpfo: 3.125, bpfi: 4.875),
    TimkenRow("203K", nil, bsf: 1.994, bpfo: 3.053, bpfi: 4.947),
    TimkenRow("204K", "6204", bsf: 1.992, bpfo: 3.052, bpfi: 4.948),
    TimkenRow("205K", nil, bsf: 2.328, bpfo: 3.574, bpfi: 5.426),
    TimkenRow("206K", "6206", bsf: 2.311, bpfo: 3.568, bpfi: 5.432),
    TimkenRow("207K", "6207", bsf: 2.303, bpfo: 3.565, bpfi: 5.435),
    TimkenRow("208K", "6208", bsf: 2.256, bpfo: 3.547, bpfi: 5.453),
    TimkenRow("209K", "6209", bsf: 2.461, bpfo: 3.621, bpfi: 5.379),
    TimkenRow("210K", "6210", bsf: 2.665, bpfo: 4.093, bpfi: 5.907),
    TimkenRow("211K", "6211", bsf: 2.620, bpfo: 4.078, bpfi: 5.922),
    TimkenRow("212K", "6212", bsf: 2.584, bpfo: 4.066, bpfi: 5.934),
    TimkenRow("213K", "6213", bsf: 2.685, bpfo: 4.099, bpfi: 5.901),
    TimkenRow("214K", "6214", bsf: 2.702, bpfo: 4.104, bpfi: 5.896),
    TimkenRow("303K", "6303", bsf: 1.696, bpfo: 2.545, bpfi: 4.455),
    TimkenRow("304K", "6304", bsf: 1.757, bpfo: 2.574, bpfi: 4.426),
    TimkenRow("307K", "6307", bsf: 1.888, bpfo: 3.006, bpfi: 4.994),
    TimkenRow("308K", "6308", bsf: 1.925, bpfo: 3.023, bpfi: 4.977),
    TimkenRow("309K", "6309", bsf: 1.955, bpfo: 3.037, bpfi: 4.963),
    TimkenRow("310K", "6310", bsf: 1.981, bpfo: 3.047, bpfi: 4.953),
    TimkenRow("311K", "6311", bsf: 2.002, bpfo: 3.057, bpfi: 4.943),
    TimkenRow("312K", "6312", bsf: 2.020, bpfo: 3.064, bpfi: 4.936),
    TimkenRow("314K", "6314", bsf: 2.050, bpfo: 3.076, bpfi: 4.924),
    TimkenRow("315K", "6315", bsf: 2.062, bpfo: 3.081, bpfi: 4.919),
    TimkenRow("316K", "6316", bsf: 2.073, bpfo: 3.086, bpfi: 4.914),
    TimkenRow("318K", "6318", bsf: 2.091, bpfo: 3.093, bpfi: 4.907),
    TimkenRow("318W", nil, bsf: 1.982, bpfo: 4.572, bpfi: 7.428),
  ]
}
