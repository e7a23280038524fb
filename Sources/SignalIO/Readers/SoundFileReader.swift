import CSndFile

/// Reads every sound file that libsndfile opens: WAV and its relatives, AIFF, AU, CAF, FLAC, Ogg.
///
/// Integer samples are mapped to ±1 by their full scale, as libsndfile does; floating-point samples keep their value.
struct SoundFileReader: RecordingReader {
  let format = RecordingFormat(
    name: "sound",
    extensions: [
      "wav", "wave", "rf64", "bwf", "w64", "aif", "aiff", "aifc", "au", "snd", "caf", "flac", "ogg", "oga",
      "opus",
      "mp3",
    ],
    summary: "WAV (RF64, W64), AIFF, AU, CAF, FLAC, Ogg Vorbis and Opus, MP3.")

  func recognizes(header: [UInt8], pathExtension: String) -> Bool {
    let isRIFF = ["RIFF", "RIFX", "RF64"].contains { FirstBytes.begins(header, with: $0) }
    if isRIFF && FirstBytes.begins(header, with: "WAVE", at: 8) { return true }
    if FirstBytes.begins(header, with: "FORM") && FirstBytes.begins(header, with: "AIF", at: 8) {
      return true
    }
    // The W64 identifier begins with "riff" in lower case, followed by the rest of a GUID.
    if FirstBytes.begins(header, with: "riff") && header.dropFirst(4).prefix(2).elementsEqual([0x2E, 0x91]) {
      return true
    }
    let magic: [StaticString] = [".snd", "caff", "fLaC", "OggS", "ID3", "NIST_1A", "Creative Voice File"]
    if magic.contains(where: { FirstBytes.begins(header, with: $0) }) { return true }
    return format.extensions.contains(pathExtension)
  }

  func open(path: String, options: ReadOptions) throws(SignalIOError) -> any SampleStream {
    try SoundFileStream(path: path, options: options)
  }
}
