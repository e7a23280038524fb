"""Writes Tests/Golden/Safetensors.safetensors with the format's own Python package.

Usage: python Safetensors.py OUTPUT.safetensors        (needs numpy and safetensors)
"""

import sys

import numpy as np
from safetensors.numpy import save_file

arrays = {
    "single": np.array([[1.5, -2.25, 3.0], [np.inf, 1e-38, -0.0]], dtype=np.float32),
    "double": np.array([np.pi, -1e300], dtype=np.float64),
    "integers": np.array([[-1], [2**62]], dtype=np.int64),
    "bytes": np.array([0, 127, 255], dtype=np.uint8),
    "scalar": np.array(7.0, dtype=np.float32),
    "empty": np.zeros((0, 4), dtype=np.float32),
    'odd "name" \\ \u00b5\U0001d54f': np.array([1.0], dtype=np.float32),
}
save_file(arrays, sys.argv[1], metadata={"plan": '{"steps": 3}\n', "unit": "m/s\u00b2"})
