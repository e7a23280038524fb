"""Whether the peer's step of CPC training is ours: same weights, input and negatives, its loss and gradients.

Usage: CPCStepEquality.py FOLDER FILE raw|spectral

FILE is what `fault-diag-bench work trainingStepExample` writes. The model is `CPC` of FOLDER/cpc_torch.py as it is raced; only
its draw of negatives is replaced by ours. Prints one line of JSON: the relative difference of the losses, and the
largest difference of a gradient's elements relative to the largest element of that tensor, with its name.
"""
import json
import os
import sys

import numpy
import torch

folder, path, config = sys.argv[1:4]
sys.path.insert(0, folder)
import cpc_torch  # noqa: E402  the peer's


def read(path):
    """Arrays of a safetensors file."""
    kinds = {"F32": numpy.float32, "F64": numpy.float64}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: numpy.frombuffer(data[slice(*entry["data_offsets"])], kinds[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}


def pairs(model):
    """Each of our names with the peer's tensor and how ours is turned into its layout."""
    same = lambda array: array  # noqa: E731
    if config == "raw":
        for i, layer in enumerate(model.encoder.layers):
            block = f"model.encoder.block{i}."
            yield block + "convolution.weight", layer.conv.weight, lambda a: a.transpose(2, 1, 0)
            yield block + "convolution.bias", layer.conv.bias, same
            yield block + "norm.weight", layer.weight, same
            yield block + "norm.bias", layer.bias, same
    else:
        for i in range(2):
            block, linear, norm = f"model.encoder.block{i}.", model.encoder[3 * i], model.encoder[3 * i + 2]
            yield block + "linear.weight", linear.weight, same
            yield block + "linear.bias", linear.bias, same
            yield block + "norm.weight", norm.weight, same
            yield block + "norm.bias", norm.bias, same
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        yield "model.autoregressor." + name, getattr(model.gru, name + "_l0"), same
    for k, linear in enumerate(model.W):
        size = linear.weight.shape[0]
        yield "objective.scorer.weight", linear.weight, lambda a, k=k: a.reshape(-1, a.shape[-1])[k * size:(k + 1) * size]


def draws(negatives, steps):
    """What the peer's generator must answer, call by call, for our positions to come out."""
    windows, anchors, sets, count = negatives.shape
    base = (numpy.arange(windows)[:, None] * steps + numpy.arange(anchors)[None]).reshape(-1, 1)
    for k in range(sets):
        wanted = negatives[:, :, k].reshape(windows * anchors, count).astype(numpy.int64)
        yield torch.from_numpy(wanted - (wanted > base + k + 1))


ours = read(path)
shared = ours["negatives"].shape[2] == 1
model = cpc_torch.CPC(config, nce="batched" if shared else "gather", shared=shared)
with torch.no_grad():
    for name, tensor, turned in pairs(model):
        tensor.copy_(torch.from_numpy(turned(ours["start." + name]).copy()))
answers = draws(ours["negatives"], cpc_torch.RAW["T"] if config == "raw" else cpc_torch.SPECTRAL["T"])
torch.randint = lambda *_, **__: next(answers)
x = torch.from_numpy(ours["input"].copy())
loss = model(x.squeeze(2) if config == "raw" else x)
loss.backward()
worst = max((float(numpy.abs(turned(ours["gradient." + name]) - tensor.grad.numpy()).max() / tensor.grad.abs().max()), name)
            for name, tensor, turned in pairs(model))
theirs = loss.item()
print(json.dumps({"loss_difference": abs(float(ours["loss"][0]) - theirs) / abs(theirs),
                  "gradient_difference": worst[0], "tensor": worst[1]}))
