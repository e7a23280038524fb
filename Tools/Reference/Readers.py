"""Tiny recordings in every format that the readers know, written by public packages.

    python Tools/Reference/Readers.py Tests/Golden/Readers

Packages: soundfile (libsndfile), scipy.io, h5py, numpy. Every file holds the same signal, so that a test needs no
other expectation: sample n of channel c is ((37 n + 101 c) mod 256 - 128) / 256, for 96 frames (Vorbis and Opus: 4800
frames, compared loosely), 2 channels, 12000 Hz. 8-bit sound holds twice, integer arrays 256 times that.
"""

import struct
import sys
from pathlib import Path

import h5py
import numpy as np
import scipy.io
import soundfile

FRAMES, CHANNELS, RATE = 96, 2, 12000


def signal(frames=FRAMES, channels=CHANNELS):
    n = np.arange(frames)[:, None]
    c = np.arange(channels)[None, :]
    return ((37 * n + 101 * c) % 256 - 128) / 256.0


def sound_files(folder):
    x = signal()
    for name, container, encoding in [
        ("pcm16.wav", "WAV", "PCM_16"), ("float.wav", "WAV", "FLOAT"), ("extensible24.wav", "WAVEX", "PCM_24"),
        ("pcm16.rf64", "RF64", "PCM_16"), ("pcm16.w64", "W64", "PCM_16"), ("pcm16.aiff", "AIFF", "PCM_16"),
        ("pcm16.au", "AU", "PCM_16"), ("pcm16.caf", "CAF", "PCM_16"), ("pcm16.flac", "FLAC", "PCM_16"),
        ("double.wav", "WAV", "DOUBLE"),
    ]:
        soundfile.write(folder / name, x, RATE, format=container, subtype=encoding)
    soundfile.write(folder / "unsigned8.wav", 2 * x, RATE, format="WAV", subtype="PCM_U8")
    t = np.arange(4800)[:, None] / RATE
    tone = 0.5 * np.sin(2 * np.pi * t * np.array([[100, 200]]))
    soundfile.write(folder / "vorbis.ogg", tone, RATE, format="OGG", subtype="VORBIS")
    soundfile.write(folder / "opus.ogg", tone, RATE, format="OGG", subtype="OPUS")
    soundfile.write(folder / "layer3.mp3", tone, RATE, format="MP3")
    with soundfile.SoundFile(folder / "dated.wav", "w", RATE, 1, "PCM_16") as f:
        f.date = "2024-01-31T12:30:05"
        f.write(x[:, 0])


def matlab_version_5(folder):
    x = signal()
    cwru = {"X105_DE_time": x[:, :1], "X105_FE_time": x[:, 1:], "X105RPM": np.array([[1797]], np.uint16),
            "i": np.arange(80, dtype=np.int16)[None, :]}
    scipy.io.savemat(folder / "cwru.mat", cwru)
    scipy.io.savemat(folder / "cwru_compressed.mat", cwru, do_compression=True)
    bearing = {"bearing": {"gs": x[:, :1], "sr": 97656.0, "rate": 25.0, "load": 270.0}}
    scipy.io.savemat(folder / "mfpt.mat", bearing)
    scipy.io.savemat(folder / "mfpt_compressed.mat", bearing, do_compression=True)
    kinds = {f"v_{t.__name__}": (256 * x[:, :1] + (128 if t.__name__[0] == "u" else 0)).astype(t)
             for t in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
                       np.float32, np.float64)}
    scipy.io.savemat(folder / "kinds.mat", kinds)
    scipy.io.savemat(folder / "matrix.mat", {"data": x, "fs": float(RATE)}, do_compression=True)
    scipy.io.savemat(folder / "wide.mat", {"data": x.T})
    scipy.io.savemat(folder / "complex.mat", {"z": x[:, :1] * (1 + 1j)})
    scipy.io.savemat(folder / "text_only.mat", {"note": "no numbers here", "cell": np.array([["a"]], dtype=object)})
    segments = {"X098_DE_seg01": x[:64, :1], "X098_DE_seg02": x[:, :1], "X098_DE_seg03": x[:32, :1],
                "X098RPM": np.array([[1772.0]])}
    scipy.io.savemat(folder / "segments.mat", segments)


def matlab_version_73(folder):
    """MATLAB's own layout: a 512-byte user block, `MATLAB_class` as a fixed string, dimensions reversed."""
    x = signal()

    def mark(item, kind):
        """MATLAB writes a zero-terminated type without room for the zero; libmatio finds no class otherwise."""
        kind_type = h5py.h5t.C_S1.copy()
        kind_type.set_size(len(kind))
        kind_type.set_strpad(h5py.h5t.STR_NULLTERM)
        attribute = h5py.h5a.create(item.id, b"MATLAB_class", kind_type, h5py.h5s.create(h5py.h5s.SCALAR))
        attribute.write(np.array(kind.encode(), dtype=f"S{len(kind)}"), mtype=kind_type)

    def put(group, name, array, kind):
        mark(group.create_dataset(name, data=array), kind)

    path = folder / "version73.mat"
    with h5py.File(path, "w", userblock_size=512) as f:
        put(f, "X105_DE_time", x[None, :, 0], "double")
        put(f, "X105_FE_time", x[None, :, 1], "double")
        put(f, "X105RPM", np.array([[1797.0]]), "double")
    path73 = folder / "mfpt73.mat"
    with h5py.File(path73, "w", userblock_size=512) as f:
        g = f.create_group("bearing")
        mark(g, "struct")
        fields = np.empty(4, dtype=object)
        fields[:] = [np.array(list(name), dtype="S1") for name in ("gs", "sr", "rate", "load")]
        g.attrs.create("MATLAB_fields", fields, dtype=h5py.vlen_dtype(np.dtype("S1")))
        put(g, "gs", x[None, :, 0], "double")
        put(g, "sr", np.array([[97656.0]]), "double")
        put(g, "rate", np.array([[25.0]]), "double")
        put(g, "load", np.array([[270.0]]), "double")
    header = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Thu Jan  1 00:00:00 1970 HDF5 schema 1.00 ."
    block = header.ljust(116) + bytes(8) + struct.pack("<H", 0x0200) + b"IM"
    for p in (path, path73):
        with open(p, "r+b") as f:
            f.write(block.ljust(512, b"\0"))


def numpy_files(folder):
    x = signal()
    for code in ("<f4", ">f4", "<f8", ">f8", "|i1", "<i2", ">i2", "<i4", ">i8", "|u1", "<u2", "<f2"):
        values = x if "f" in code else 256 * x + (128 if "u" in code else 0)
        name = code.replace("<", "little_").replace(">", "big_").replace("|", "byte_")
        np.save(folder / f"{name}.npy", values[:, 0].astype(code))
    np.save(folder / "frames_by_channels.npy", x.astype("<f4"))
    np.save(folder / "channels_by_frames.npy", np.ascontiguousarray(x.T).astype("<f4"))
    np.save(folder / "fortran.npy", np.asfortranarray(x))
    with open(folder / "version2.npy", "wb") as f:
        np.lib.format.write_array(f, x[:, 0], version=(2, 0))
    with open(folder / "version3.npy", "wb") as f:
        np.lib.format.write_array(f, x[:, 0], version=(3, 0))
    members = {"x": x[:, 0], "y": x[:, 1], "fs": np.float64(RATE), "rpm": np.int32(1797)}
    np.savez(folder / "stored.npz", **members)
    np.savez_compressed(folder / "deflated.npz", **members)
    np.savez_compressed(folder / "planar.npz", data=np.ascontiguousarray(x.T))


def text_tables(folder):
    x = signal()
    rows = [(n / RATE, *x[n]) for n in range(FRAMES)]

    def write(name, lines, encoding="utf-8", end="\n"):
        (folder / name).write_bytes(end.join([*lines, ""]).encode(encoding))

    write("table.csv", ["# a comment", "time,a,\"b\"", *(f"{t:.7f},{float(a)!r},\"{float(b)!r}\"" for t, a, b in rows)])
    write("european.csv", ["Messung 1", "Zeit [ms];Sensor A;Sensor B",
                           *(f"{1000 * t:.4f};{a:.8f};{b:.8e}".replace(".", ",") for t, a, b in rows)],
          "utf-8-sig", "\r\n")
    write("table.tsv", [f"{float(a)!r}\t{float(b)!r}" for _, a, b in rows])
    write("spaces.txt", [f"  {t:.7f}   {a:.8f} {b:+.8E} " for t, a, b in rows])


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    sound_files(folder)
    matlab_version_5(folder)
    matlab_version_73(folder)
    numpy_files(folder)
    text_tables(folder)


if __name__ == "__main__":
    main()
