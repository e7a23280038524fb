"""Golden arrays for the residual encoders of 18 and 34 layers: outputs and gradients from PyTorch in double precision.

    python3 Tools/Reference/ResNet.py Tests/Golden/ResNet.safetensors

The networks have some hundred thousand parameters, so these are not stored but made by a formula that the Swift test
uses too: entry i (flat, in the Swift layout [kernel, inputs, outputs]) of the n-th tensor of the walk is a sine of 0.7 i + n, scaled
by its role. Of each parameter's gradient the norm and the first entries are stored; input, output and the input's
gradient are stored whole. Latents are standardised over the batch, in training mode.
"""
import sys

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)
WIDTH, ENTRIES = 4, 6


class ChannelNorm(nn.Module):
    """Normalisation over channels at each step of [batch, channel, step]."""

    def __init__(self, size):
        super().__init__()
        self.norm = nn.LayerNorm(size)

    def forward(self, x):
        return self.norm(x.transpose(1, 2)).transpose(1, 2)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv1d(inputs, outputs, 3, stride, 1)
        self.firstNorm = ChannelNorm(outputs)
        self.second = nn.Conv1d(outputs, outputs, 3, 1, 1)
        self.secondNorm = ChannelNorm(outputs)
        self.projects = stride != 1 or inputs != outputs
        if self.projects:
            self.projection = nn.Conv1d(inputs, outputs, 1, stride)
            self.projectionNorm = ChannelNorm(outputs)

    def forward(self, x):
        h = self.secondNorm(self.second(F.relu(self.firstNorm(self.first(x)))))
        return F.relu(h + (self.projectionNorm(self.projection(x)) if self.projects else x))


class ResNet(nn.Module):
    def __init__(self, inputs, counts, strides):
        super().__init__()
        kernel = max(3, 2 * strides[0])
        self.stem = nn.Conv1d(inputs, WIDTH, kernel, strides[0], (kernel - strides[0]) // 2)
        self.stemNorm = ChannelNorm(WIDTH)
        blocks, size = [], WIDTH
        for stage, count in enumerate(counts):
            for index in range(count):
                blocks.append(Block(size, WIDTH << stage, strides[stage + 1] if index == 0 else 1))
                size = WIDTH << stage
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x):
        h = F.relu(self.stemNorm(self.stem(x.transpose(1, 2))))
        for block in self.blocks:
            h = block(h)
        h = h.transpose(1, 2)
        flat = h.reshape(-1, h.shape[2])
        return F.batch_norm(flat, None, None, training=True).reshape(h.shape)


def set_by_formula(module):
    for n, (name, p) in enumerate(module.named_parameters()):
        wave = numpy.sin(0.7 * numpy.arange(p.numel()) + n)
        if p.dim() == 3:
            outputs, inputs, kernel = p.shape
            value = (wave / numpy.sqrt(inputs * kernel)).reshape(kernel, inputs, outputs).transpose(2, 1, 0)
        elif name.endswith("norm.weight"):
            value = 1 + 0.3 * wave
        else:
            value = 0.1 * wave
        p.data.copy_(torch.from_numpy(value.copy()))


def case(prefix, counts, inputs, strides, shape, out):
    module = ResNet(inputs, counts, strides)
    set_by_formula(module)
    generator = torch.Generator().manual_seed(8)
    x = torch.randn(shape, generator=generator, requires_grad=True)
    y = module(x)
    d = torch.randn(y.shape, generator=generator)
    y.backward(d)
    swift = [p.grad.permute(2, 1, 0).reshape(-1) if p.dim() == 3 else p.grad for p in module.parameters()]
    for name, tensor in {
        "input": x, "output": y, "doutput": d, "dinput": x.grad,
        "gradient.norms": torch.stack([g.norm() for g in swift]),
        "gradient.entries": torch.stack([g[torch.arange(ENTRIES) % len(g)] for g in swift]),
    }.items():
        out[f"{prefix}.{name}"] = numpy.ascontiguousarray(tensor.detach().numpy())


def main(path):
    out = {}
    case("resnet18", [2, 2, 2, 2], 1, [3, 1, 2, 2, 1], (2, 60, 1), out)
    case("resnet34", [3, 4, 6, 3], 5, [1, 1, 1, 2, 1], (2, 8, 5), out)
    save_file(out, path, metadata={"torch": torch.__version__})


if __name__ == "__main__":
    main(sys.argv[1])
