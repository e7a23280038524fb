"""Seconds that AlignedEnvelope.py takes for all features of a second at 12 kHz: the peer of the bench of speed.

Prints {"seconds": median over windows}. The same definition in plain NumPy and SciPy, one thread.
"""
import json
import statistics
import time

import numpy as np

import AlignedEnvelope as reference

SHAFT, ORDERS, CAGE = 29.5, [3.5848, 5.4152, 4.7135], 0.39828


def features(x):
    spectra = reference.order_spectra(x, 12000.0, SHAFT)
    scores, rivals = reference.line_rule(spectra, ORDERS, CAGE)
    strongest = [order for order, _ in sorted(rivals, key=lambda pair: -pair[1])[:3]]
    return reference.aligned(spectra, ORDERS + strongest), scores


if __name__ == "__main__":
    x = np.random.default_rng(1).standard_normal(12000)
    features(x)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        features(x)
        times.append(time.perf_counter() - began)
    print(json.dumps({"seconds": statistics.median(times)}))
