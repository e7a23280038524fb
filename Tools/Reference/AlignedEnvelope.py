"""Golden values and the plain NumPy program of AlignedEnvelope, LineScores and LineRule.

Usage: AlignedEnvelope.py OUTPUT.json

Everything is in double precision and at the full sample rate: one forward FFT, one inverse FFT and one zero-padded FFT a
band, a running median from scipy.ndimage. The Swift code computes the envelope at a reduced rate in single precision;
the tests say how far apart the two may be. The golden holds a decimated set of values; the signal is made of closed forms
so that both sides can make it.
"""
import json
import sys

import numpy as np
from scipy.ndimage import median_filter

BANDS = [(300, 1000), (750, 1500), (1250, 2250), (1750, 2750), (2250, 3250), (2750, 3750), (3250, 4250),
         (3750, 4750), (4250, 5250), (4750, 5800), (500, 5900), (500, 5900)]
WHITENED = [False] * 11 + [True]
LEVELLED, REACH = [(500, 3000), (2500, 5900)], 30.0
MAXIMUM_ORDER, STEP, MEDIAN, FLOOR = 24.0, 0.02, 101, 1e-7
POSITIONS = 0.4 + 0.02 * np.arange(201)


def order_spectra(x, rate, shaft, notch=0.03, bands=BANDS, whitened=WHITENED):
    """[band, 1201]: log envelope spectrum on orders 0...24 less its running median, notched at whole orders.

    The last band's is the mean of its own and those of the levelled bands.
    """
    x = np.asarray(x, np.float64)
    n = len(x)
    x = x - x.mean()
    deviation = x.std()
    x = x / deviation if deviation > 1e-12 else np.zeros(n)
    spectrum = np.fft.rfft(x)
    hertz = np.fft.rfftfreq(n, 1 / rate)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    axis = STEP * np.arange(int(round(MAXIMUM_ORDER / STEP)) + 1)
    near = np.abs(axis - np.round(axis)) <= notch + 1e-9
    level = level_spectrum(spectrum, int(round(REACH * n / rate)))
    rows = []
    for index, (low, high) in enumerate(bands + LEVELLED):
        z = np.where((hertz >= low) & (hertz <= high), spectrum if index < len(bands) else level, 0)
        if index < len(bands) and whitened[index]:
            size = np.abs(z)
            z = np.divide(z, size, out=np.zeros_like(z), where=size > 0)
        full = np.zeros(n, complex)
        full[: len(z)] = 2 * z
        envelope = np.abs(np.fft.ifft(full))
        if index >= len(bands):
            envelope = n / 2 * envelope**2
        envelope = (envelope - envelope.mean()) * hann
        amplitude = np.abs(np.fft.rfft(envelope, 2 * n)) * 2 / hann.sum()
        at = np.interp(axis * shaft, np.fft.rfftfreq(2 * n, 1 / rate), amplitude)
        line = np.log(np.maximum(at, FLOOR))
        line = line - median_filter(line, MEDIAN, mode="reflect")
        rows.append(np.where(near, np.minimum(line, 0), line))
    rows[len(bands) - 1 :] = [np.mean(rows[len(bands) - 1 :], axis=0)]
    return np.array(rows)


def level_spectrum(spectrum, reach):
    """Each bin over the root mean square magnitude of the bins up to `reach` away."""
    sums = np.concatenate([[0.0], np.cumsum(np.abs(spectrum) ** 2)])
    at = np.arange(len(spectrum))
    first, end = np.maximum(at - reach, 0), np.minimum(at + reach + 1, len(spectrum))
    size = np.sqrt((sums[end] - sums[first]) / (end - first))
    return np.divide(spectrum, size, out=np.zeros_like(spectrum), where=size > 0)


def aligned(spectra, orders):
    """[family, band, 201], clipped to [-1.5, 4]; 0 beyond the axis."""
    axis = STEP * np.arange(spectra.shape[1])
    return np.array([[np.clip(np.interp(POSITIONS * order, axis, row, right=0), -1.5, 4) for row in spectra] for order in orders])


def whole(strengths):
    """The ten narrow bands' mean plus the whitened band."""
    return strengths[:10].mean() + strengths[11]


def line_strengths(spectra, orders, harmonics=4, reach=0.03, slips=np.arange(-10, 7) * 0.002):
    """[family, band]: mean over harmonics of the peak within +-reach orders, at the slip that is best for all bands."""
    axis = STEP * np.arange(spectra.shape[1])
    offsets = np.linspace(-reach, reach, 7)
    result = []
    for order in orders:
        rows = []
        for slip in slips:
            total = np.zeros(len(spectra))
            for h in range(1, harmonics + 1):
                at = h * order * (1 + slip) + offsets
                total += np.array([np.interp(at, axis, row).max() for row in spectra])
            rows.append(total / harmonics)
        result.append(max(rows, key=whole))
    return np.array(result)


def line_scores(strengths):
    """[family]: own less the best other."""
    own = [whole(row) for row in strengths]
    return [own[f] - max(own[g] for g in range(len(own)) if g != f) for f in range(len(own))]


def comb(row, order, modulation=None, harmonics=4, reach=0.03, weight=1.0):
    """Mean over harmonics of the peak within +-reach orders, with a pair of sidebands where something modulates."""
    axis = STEP * np.arange(len(row))
    peak = lambda at: np.interp(at + np.linspace(-reach, reach, 7), axis, row).max()
    values = []
    for h in range(1, harmonics + 1):
        value = peak(h * order)
        if modulation is not None:
            side = (peak(h * order - modulation) + peak(h * order + modulation)) / 2
            value = (value + weight * side) / (1 + weight)
        values.append(value)
    return np.mean(values)


RACE_SLIPS, ROLLING_SLIPS = np.arange(-4, 4) * 0.004, np.arange(-10, 11) * 0.004


def line_rule(spectra, orders, cage, sharpness=0.2):
    """Scores of the families, and (order, strength) of every rival; for lines that lie on the axis."""
    row = spectra[:10].mean(0) + spectra[11]
    searched = zip(orders, (None, 1.0, cage), (RACE_SLIPS, RACE_SLIPS, ROLLING_SLIPS))
    own = [max(comb(row, order * (1 + s), m) for s in slips) for order, m, slips in searched]
    axis = STEP * np.arange(len(row))
    own[2] += 0.5 * np.mean([row[np.abs(axis - h * orders[2]) <= 0.13 * orders[2]].mean() for h in (1, 2)])
    rivals, order = [], min(orders) * 0.75
    while order <= max(orders) * 1.35:
        if all(abs(order / (r * family) - 1) >= 0.03 for family in orders for r in (0.5, 1, 2)):
            inside = [o for o in (order, order * 0.996, order * 1.004)]
            rivals.append(max(((o, comb_on_axis(row, o)) for o in inside), key=lambda pair: pair[1]))
        order *= 1.012
    strengths = np.array([s for _, s in rivals])
    scores = []
    for f in range(len(own)):
        against = np.concatenate([strengths, [own[g] for g in range(len(own)) if g != f]])
        scores.append(own[f] - sharpness * np.log(np.exp(against / sharpness).sum()))
    return scores, rivals


def comb_on_axis(row, order):
    """The comb of the harmonics whose whole search lies on the axis; those that end beyond it are read as far as it goes."""
    last = STEP * (len(row) - 1)
    values = []
    for h in range(1, 5):
        at = h * order + np.linspace(-0.03, 0.03, 7)
        at = at[at <= last + 1e-9]
        if len(at) == 0:
            break
        values.append(np.interp(at, STEP * np.arange(len(row)), row).max())
    return np.mean(values)


def simulated(n=12000, rate=12000.0, shaft=29.5, order=3.5848, seed=7):
    """A resonance at 3 kHz struck at the given order, and noise from a linear congruential generator."""
    t = np.arange(n) / rate
    x = np.zeros(n)
    for k in range(int(n / rate * shaft * order) + 1):
        d = t - (k + 0.3) / (shaft * order)
        x += np.where(d >= 0, np.exp(-600 * np.maximum(d, 0)) * np.sin(2 * np.pi * 3000 * d), 0)
    state, noise = seed, np.empty(n)
    for i in range(n):
        total = 0.0
        for _ in range(4):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            total += (state >> 40) / 2**24 - 0.5
        noise[i] = total
    x = x + 0.2 * np.sin(2 * np.pi * shaft * t) + 0.4 * noise
    return x.astype(np.float32)


def main(path):
    shaft, orders = 29.5, [3.5848, 5.4152, 4.7135]
    x = simulated(shaft=shaft)
    spectra = order_spectra(x, 12000.0, shaft)
    features = aligned(spectra, orders)
    strengths = line_strengths(spectra, orders)
    rule, rivals = line_rule(spectra, orders, 0.39828)
    strongest = max(rivals, key=lambda pair: pair[1])
    silence = order_spectra(np.zeros(12000), 12000.0, shaft)
    assert np.all(silence == 0)
    json.dump({
        "shaft": shaft, "orders": orders, "firstSamples": [float(v) for v in x[:8]],
        "spectra": [[round(float(v), 5) for v in row[::7]] for row in spectra], "spectraStride": 7,
        "features": [[[round(float(v), 5) for v in row[::5]] for row in family] for family in features], "featuresStride": 5,
        "strengths": [[round(float(v), 5) for v in row] for row in strengths],
        "scores": [round(float(v), 5) for v in line_scores(strengths)],
        "rule": [round(float(v), 5) for v in rule], "rivalCount": len(rivals),
        "strongestRival": [round(float(v), 5) for v in strongest],
    }, open(path, "w"))


if __name__ == "__main__":
    main(sys.argv[1])
