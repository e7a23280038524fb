"""Golden arrays for CPC with InfoNCE: representations, loss and all gradients in double precision, then ten Adam steps.

    python3 Tools/Reference/CPC.py Tests/Golden/CPC.safetensors

Two small models, `raw` (five strided convolutions) and `spectral` (linear layers on frames), each with a GRU and one
matrix for each step ahead. Negatives are drawn here once and stored; dot products are not scaled. Parameters are stored
under the names and in the layouts of the Swift model (convolution weights as [kernel, inputs, outputs]).
"""
import sys

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)
BATCH, AHEAD, NEGATIVES, HIDDEN, LATENT, RATE = 3, 3, 4, 5, 6, 1e-2
KERNELS, STRIDES, PADDINGS = (10, 8, 4, 4, 4), (5, 4, 2, 2, 2), (3, 2, 1, 1, 1)


class Raw(nn.Module):
    """Convolution, normalisation over channels at each step, rectifier; five times. Input [batch, samples, 1]."""

    def __init__(self):
        super().__init__()
        sizes = [1] + [LATENT] * 5
        self.convolutions = nn.ModuleList(
            nn.Conv1d(sizes[i], sizes[i + 1], KERNELS[i], STRIDES[i], PADDINGS[i]) for i in range(5))
        self.norms = nn.ModuleList(nn.LayerNorm(LATENT) for _ in range(5))

    def forward(self, x):
        for convolution, norm in zip(self.convolutions, self.norms):
            x = F.relu(norm(convolution(x.transpose(1, 2)).transpose(1, 2)))
        return x

    def named(self, value):
        for i, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            yield f"block{i}.convolution.weight", value(convolution.weight).permute(2, 1, 0)
            yield f"block{i}.convolution.bias", value(convolution.bias)
            yield f"block{i}.norm.weight", value(norm.weight)
            yield f"block{i}.norm.bias", value(norm.bias)


class Spectral(nn.Module):
    """Linear, rectifier, normalisation; twice. Input [batch, step, bands]."""

    def __init__(self):
        super().__init__()
        sizes = [10, 8, LATENT]
        self.linears = nn.ModuleList(nn.Linear(sizes[i], sizes[i + 1]) for i in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(sizes[i + 1]) for i in range(2))

    def forward(self, x):
        for linear, norm in zip(self.linears, self.norms):
            x = norm(F.relu(linear(x)))
        return x

    def named(self, value):
        for i, (linear, norm) in enumerate(zip(self.linears, self.norms)):
            yield f"block{i}.linear.weight", value(linear.weight)
            yield f"block{i}.linear.bias", value(linear.bias)
            yield f"block{i}.norm.weight", value(norm.weight)
            yield f"block{i}.norm.bias", value(norm.bias)


class CPC(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.gru = nn.GRU(LATENT, HIDDEN, batch_first=True)
        self.scorer = nn.ModuleList(nn.Linear(HIDDEN, LATENT, bias=False) for _ in range(AHEAD))
        for norm in encoder.norms:                    # away from 1 and 0, so that both gradients mean something
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.uniform_(norm.bias, -0.2, 0.5)

    def forward(self, x):
        z = self.encoder(x)
        return z, self.gru(z)[0]

    def loss(self, z, c, negatives):
        """negatives: positions b * T + t, [window, anchor, step ahead, count]."""
        B, T, D = z.shape
        L, flat, total = T - AHEAD, z.reshape(B * T, D), 0.0
        for k in range(1, AHEAD + 1):
            p = self.scorer[k - 1](c[:, :L])
            positive = (p * z[:, k:k + L]).sum(2, keepdim=True)
            negative = torch.einsum("bld,blnd->bln", p, flat[negatives[:, :, k - 1]])
            total = total - F.log_softmax(torch.cat((positive, negative), 2), 2)[:, :, 0].mean()
        return total / AHEAD

    def named(self, value):
        for name, tensor in self.encoder.named(value):
            yield "model.encoder." + name, tensor
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            yield "model.autoregressor." + name, value(getattr(self.gru, name + "_l0"))
        yield "objective.scorer.weight", torch.cat([value(linear.weight) for linear in self.scorer])


def draw(batch, steps, generator):
    """Uniform over every position of the batch but the positive."""
    anchors = steps - AHEAD
    drawn = torch.randint(0, batch * steps - 1, (batch, anchors, AHEAD, NEGATIVES), generator=generator)
    positive = (torch.arange(batch)[:, None, None] * steps + torch.arange(anchors)[None, :, None]
                + torch.arange(1, AHEAD + 1)[None, None])[..., None]
    return drawn + (drawn >= positive)


def case(prefix, encoder, shape, out):
    generator = torch.Generator().manual_seed(11)
    model = CPC(encoder)
    x = torch.randn(shape, generator=generator, requires_grad=True)
    z, c = model(x)
    z.retain_grad(), c.retain_grad()
    negatives = draw(z.shape[0], z.shape[1], generator)

    def store(name, tensor):
        out[f"{prefix}.{name}"] = numpy.array(tensor.detach().numpy(), order="C")      # a copy: Adam moves in place

    # The objective's own gradients first, with the representations as leaves.
    zl, cl = z.detach().requires_grad_(), c.detach().requires_grad_()
    own = model.loss(zl, cl, negatives)
    own.backward()
    store("dlatents", zl.grad), store("dcontexts", cl.grad)
    model.zero_grad()
    loss = model.loss(z, c, negatives)
    loss.backward()
    for name, tensor in dict(input=x, latents=z, contexts=c, negatives=negatives, loss=loss).items():
        store(name, tensor)
    store("dinput", x.grad)
    for name, tensor in model.named(lambda p: p):
        store("start." + name, tensor)
    for name, tensor in model.named(lambda p: p.grad):
        store("gradient." + name, tensor)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = model.loss(*model(x.detach()), negatives)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    store("losses", torch.stack(losses))
    for name, tensor in model.named(lambda p: p):
        store("end." + name, tensor)


def main(path):
    out = {}
    torch.manual_seed(5)
    case("raw", Raw(), (BATCH, 1280, 1), out)
    case("spectral", Spectral(), (BATCH, 9, 10), out)
    save_file(out, path, metadata={"torch": torch.__version__, "rate": str(RATE), "steps ahead": str(AHEAD)})


if __name__ == "__main__":
    main(sys.argv[1])
