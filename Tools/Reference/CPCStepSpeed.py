"""Runs the peer's CPC training step where its own measure of the machine cannot run.

Usage: CPCStepSpeed.py FOLDER [options of FOLDER/cpc_torch.py]

`cpc_torch.py` ends with a matrix product of OpenBLAS under AVX-512 kernels, by which it judges its own figures. On a
processor without AVX-512 that program dies. Its result is not needed for a ratio, so it is taken away here; what is
timed is untouched.
"""
import os
import runpy
import sys

folder = sys.argv[1]
sys.path.insert(0, folder)
import common  # noqa: E402  the peer's

common.debian_sgemm = lambda threads, **_: (1.0, 1.0, 1.0)
sys.argv = [os.path.join(folder, "cpc_torch.py")] + sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
