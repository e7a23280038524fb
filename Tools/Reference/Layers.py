"""Outputs and all gradients of the layers, from PyTorch in double precision.

Usage: Layers.py OUTPUT.safetensors

Each case has `<case>.input`, `<case>.doutput` (the gradient that is sent back), `<case>.output`, `<case>.dinput`, and for every
parameter of the Swift layer `<case>.parameters.<name>` and `<case>.gradients.<name>`. A convolution's weight is stored in
the Swift layout [kernel, inputs, outputs] and its arrays channels last. Batch standardisation also has the running
statistics after one batch, under `<case>.after.<name>`.
"""
import sys

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(20)
torch.set_default_dtype(torch.float64)
arrays = {}


def record(case, function, x, parameters):
    """parameters: list of (Swift name, torch parameter, layout change)."""
    x = x.clone().requires_grad_(True)
    for _, parameter, _ in parameters:
        parameter.grad = None
    y = function(x)
    d = torch.randn(y.shape)
    y.backward(d)
    put = lambda name, tensor: arrays.__setitem__(f"{case}.{name}", tensor.detach().clone().contiguous())
    put("input", x)
    put("doutput", d)
    put("output", y)
    put("dinput", x.grad)
    for name, parameter, layout in parameters:
        put(f"parameters.{name}", layout(parameter.detach()))
        put(f"gradients.{name}", layout(parameter.grad))


same = lambda tensor: tensor


def named(module):
    return [(name, parameter, same) for name, parameter in module.named_parameters()]


linear = nn.Linear(5, 4)
record("linear", linear, torch.randn(2, 3, 5), named(linear))
bare = nn.Linear(5, 4, bias=False)
record("linear_without_bias", bare, torch.randn(6, 5), named(bare))
record("linear_rectified", lambda x: torch.relu(linear(x)), torch.randn(2, 3, 5), named(linear))

for case, (inputs, outputs, kernel, stride, padding, batch, steps) in {
    "conv_thin": (1, 33, 10, 5, 3, 2, 47),
    "conv": (4, 5, 8, 4, 2, 3, 33),
    "conv_broken_row": (6, 3, 5, 2, 1, 2, 18),
    "conv_dense": (6, 3, 3, 1, 1, 2, 11),
}.items():
    conv = nn.Conv1d(inputs, outputs, kernel, stride, padding)
    record(
        case,
        lambda x: conv(x.transpose(1, 2)).transpose(1, 2),
        torch.randn(batch, steps, inputs),
        [("weight", conv.weight, lambda w: w.permute(2, 1, 0)), ("bias", conv.bias, same)],
    )

gru = nn.GRU(4, 5, batch_first=True)
record("gru", lambda x: gru(x)[0], torch.randn(3, 6, 4), [(n[:-3], p, same) for n, p in gru.named_parameters()])
record("gru_one_step", lambda x: gru(x)[0], torch.randn(2, 1, 4), [(n[:-3], p, same) for n, p in gru.named_parameters()])

norm = nn.LayerNorm(7)
nn.init.normal_(norm.weight)
nn.init.normal_(norm.bias)
record("layer_norm", norm, 3 * torch.randn(2, 4, 7) + 1, named(norm))
record("layer_norm_rectified", lambda x: torch.relu(norm(x)), torch.randn(2, 4, 7), named(norm))

for case, affine in (("standardize", True), ("standardize_plain", False)):
    batch = nn.BatchNorm1d(6, affine=affine)
    if affine:
        nn.init.normal_(batch.weight)
        nn.init.normal_(batch.bias)
    record(case, batch, 2 * torch.randn(9, 6) + 3, named(batch))
    for name in ("running_mean", "running_var"):
        arrays[f"{case}.after.{name}"] = getattr(batch, name).clone()
    batch.eval()
    record(f"{case}_inference", batch, 2 * torch.randn(4, 6) + 3, named(batch))

record("relu", torch.relu, torch.randn(3, 7), [])
record("gelu", nn.GELU(), 3 * torch.randn(3, 7), [])
record("tanh", torch.tanh, 2 * torch.randn(3, 7), [])
record("mean_pool", lambda x: x.mean(1), torch.randn(2, 5, 3), [])
record("max_pool", lambda x: x.max(1).values, torch.randn(2, 5, 3), [])
record("max_pool_middle", lambda x: x.max(2).values, torch.randn(2, 3, 4, 5), [])
record("unit_length", lambda x: nn.functional.normalize(x, dim=-1), torch.randn(4, 6), [])
zero = torch.randn(3, 6)
zero[1] = 1e-14
record("unit_length_short", lambda x: nn.functional.normalize(x, dim=-1), zero, [])

mlp_layers = [nn.Linear(5, 6), nn.LayerNorm(6), nn.Linear(6, 4), nn.LayerNorm(4), nn.Linear(4, 3)]
a, an, b, bn, c = mlp_layers
record(
    "mlp",
    lambda x: c(bn(torch.relu(b(an(torch.relu(a(x))))))),
    torch.randn(7, 5),
    [
        (f"{prefix}.{name}", parameter, same)
        for prefix, module in (
            ("hidden.0.linear", a), ("hidden.0.norm", an), ("hidden.1.linear", b), ("hidden.1.norm", bn), ("output", c))
        for name, parameter in module.named_parameters()
    ],
)

save_file(arrays, sys.argv[1], metadata={"script": "Tools/Reference/Layers.py", "torch": torch.__version__})
