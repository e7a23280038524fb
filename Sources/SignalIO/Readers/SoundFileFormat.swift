import CSndFile

/// Names of libsndfile's formats as a user knows them.
enum SoundFileFormat {
  /// For instance `WAV (extensible), 16-bit PCM`.
  static func describe(_ code: Int32) -> String {
    let container = containers.first { $0.code == Int(code) & SF_FORMAT_TYPEMASK }?.name ?? "sound file"
    guard let encoding = encodings.first(where: { $0.code == Int(code) & SF_FORMAT_SUBMASK })?.name else {
      return container
    }
    return "\(container), \(encoding)"
  }

  private static let containers: [(code: Int, name: String)] = [
    (SF_FORMAT_WAV, "WAV"), (SF_FORMAT_WAVEX, "WAV (extensible)"), (SF_FORMAT_RF64, "RF64"),
    (SF_FORMAT_W64, "W64"),
    (SF_FORMAT_AIFF, "AIFF"), (SF_FORMAT_AU, "AU"), (SF_FORMAT_CAF, "CAF"), (SF_FORMAT_FLAC, "FLAC"),
    (SF_FORMAT_OGG, "Ogg"), (SF_FORMAT_MPEG, "MPEG audio"),
  ]

  private static let encodings: [(code: Int, name: String)] = [
    (SF_FORMAT_PCM_S8, "8-bit PCM"), (SF_FORMAT_PCM_U8, "unsigned 8-bit PCM"),
    (SF_FORMAT_PCM_16, "16-bit PCM"),
    (SF_FORMAT_PCM_24, "24-bit PCM"), (SF_FORMAT_PCM_32, "32-bit PCM"), (SF_FORMAT_FLOAT, "32-bit float"),
    (SF_FORMAT_DOUBLE, "64-bit float"), (SF_FORMAT_ULAW, "mu-law"), (SF_FORMAT_ALAW, "A-law"),
    (SF_FORMAT_IMA_ADPCM, "IMA ADPCM"), (SF_FORMAT_MS_ADPCM, "Microsoft ADPCM"), (SF_FORMAT_VORBIS, "Vorbis"),
    (SF_FORMAT_OPUS, "Opus"), (SF_FORMAT_ALAC_16, "16-bit ALAC"), (SF_FORMAT_ALAC_24, "24-bit ALAC"),
    (SF_FORMAT_MPEG_LAYER_III, "layer III"),
  ]
}
