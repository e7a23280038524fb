"""Golden values of the signal features from SciPy. Usage: Features.py OUTPUT.json

The signal is AlignedEnvelope.simulated, which the Swift tests make as well.
"""
import json
import os
import sys

import numpy as np
import scipy.fft
import scipy.signal
import scipy.stats

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from AlignedEnvelope import simulated  # noqa: E402

RATE = 12000.0


def digits(values):
    return [float(f"{v:.7g}") for v in np.ravel(values)]


def mel_bank(rate, frame, bands, low, high, slaney):
    """[band, bin] triangles; HTK's scale, or Slaney's with area normalisation."""
    if slaney:
        def to(f):
            return f * 3 / 200 if f < 1000 else 15 + np.log(f / 1000) * 27 / np.log(6.4)

        def back(m):
            return m * 200 / 3 if m < 15 else 1000 * np.exp((m - 15) * np.log(6.4) / 27)
    else:
        def to(f):
            return 2595 * np.log10(1 + f / 700)

        def back(m):
            return 700 * (10 ** (m / 2595) - 1)
    edges = np.array([back(m) for m in np.linspace(to(low), to(high), bands + 2)])
    f = np.fft.rfftfreq(frame, 1 / rate)
    up = (f - edges[:-2, None]) / np.diff(edges)[:-1, None]
    down = (edges[2:, None] - f) / np.diff(edges)[1:, None]
    bank = np.maximum(0, np.minimum(up, down))
    return bank * (2 / (edges[2:] - edges[:-2]))[:, None] if slaney else bank


def log_bands(x, frame, hop, bank, floor=1e-10):
    hann = scipy.signal.get_window("hann", frame)
    z = np.array([np.fft.rfft(x[s:s + frame] * hann) for s in range(0, len(x) - frame + 1, hop)]) / hann.sum()
    return np.log(np.maximum(np.abs(z) ** 2 @ bank.T, floor))


def envelope_spectrum(x, low, high, squared):
    """Amplitudes of the Hann-windowed envelope, mean removed, of the analytic signal kept between low and high."""
    n = len(x)
    z = scipy.fft.fft(x)
    f = np.fft.fftfreq(n, 1 / RATE)
    z = np.where((f >= low) & (f <= high), 2 * z, 0)
    e = np.abs(scipy.fft.ifft(z))
    e = e**2 if squared else e
    hann = scipy.signal.get_window("hann", n)
    return np.abs(np.fft.rfft((e - e.mean()) * hann)) * 2 / hann.sum()


def main(path):
    x = simulated(n=6000).astype(np.float64)
    golden = {"firstSamples": digits(x[:8])}
    for scaling in ("density", "spectrum"):
        for window in ("hann", "hamming", "blackman", "flattop", "boxcar"):
            _, p = scipy.signal.welch(x, RATE, window, 256, 100, detrend="constant", scaling=scaling)
            golden[f"welch-{scaling}-{window}"] = digits(p)
    _, p = scipy.signal.welch(x, RATE, "hann", 375, detrend="constant")
    golden["welch-odd"] = digits(p)
    _, _, s = scipy.signal.spectrogram(x, RATE, scipy.signal.get_window("hann", 512), 512, 256, detrend=False,
                                       scaling="spectrum", mode="psd")
    golden["spectrogram"] = digits(s.T[::3, ::4])
    golden["mel"] = digits(log_bands(x, 512, 256, mel_bank(RATE, 512, 24, 20, 6000, False)))
    golden["melSlaney"] = digits(log_bands(x, 512, 256, mel_bank(RATE, 512, 24, 20, 6000, True)))
    bank = np.zeros((8, 257))
    corners = np.linspace(500, 5000, 10)
    f = np.fft.rfftfreq(512, 1 / RATE)
    for b in range(8):
        bank[b] = np.maximum(0, np.minimum((f - corners[b]) / 500, (corners[b + 2] - f) / 500))
    golden["linear"] = digits(log_bands(x, 512, 256, bank))
    for squared in (False, True):
        golden["envelope-squared" if squared else "envelope"] = digits(envelope_spectrum(x, 2000, 4000, squared)[:400])
    golden["hilbert"] = digits(np.abs(scipy.signal.hilbert(x))[:200])
    golden["statistics"] = {
        "mean": x.mean(), "rms": float(np.sqrt(np.mean(x**2))), "standardDeviation": x.std(),
        "skewness": float(scipy.stats.skew(x)), "kurtosis": float(scipy.stats.kurtosis(x)),
        "peak": float(np.abs(x).max()), "shapeFactor": float(np.sqrt(np.mean(x**2)) / np.abs(x).mean()),
        "clearanceFactor": float(np.abs(x).max() / np.sqrt(np.abs(x)).mean() ** 2)}
    json.dump(golden, open(path, "w"))


if __name__ == "__main__":
    main(sys.argv[1])
