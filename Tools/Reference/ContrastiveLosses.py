"""Reference losses and gradients for Sources/CPC/Losses from PyTorch in double precision.

The formulas are written from the papers (Khosla et al. 2020, equation 2; Hadsell et al. 2006, equations 2 to 4);
the gradients are autograd's.

Usage: python Tools/Reference/ContrastiveLosses.py Tests/Golden/ContrastiveLosses.json
"""

import json
import sys

import torch

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def flat(tensor):
    return [float(v) for v in tensor.detach().reshape(-1)]


def supcon(features, weights, temperature, base, anchors):
    items, views, _ = features.shape
    # View-major order: the result does not depend on it.
    contrast = torch.cat(torch.unbind(features, dim=1), dim=0)
    anchor = contrast if anchors == "all" else features[:, 0]
    repeats = views if anchors == "all" else 1
    logits = anchor @ contrast.T / temperature
    other = torch.ones_like(logits)
    rows = torch.arange(items * repeats)
    other[rows, rows] = 0
    positives = weights.repeat(repeats, views) * other
    logits = logits - logits.max(dim=1, keepdim=True).values.detach()
    log_probability = logits - torch.log((torch.exp(logits) * other).sum(1, keepdim=True))
    count = positives.sum(1)
    mean = (positives * log_probability).sum(1) / torch.where(count > 0, count, torch.ones_like(count))
    return (-(temperature / base) * mean).mean()


def supcon_case(items, views, channels, temperature, base, anchors, kind):
    raw = torch.randn(items, views, channels)
    features = torch.nn.functional.normalize(raw, dim=2).requires_grad_(True)
    case = {"kind": kind, "anchors": anchors, "temperature": temperature, "base": base}
    if kind == "labels":
        # The last label occurs once: with one view its anchor has no positive.
        labels = torch.randint(0, 3, (items,))
        labels[-1] = 9
        case["labels"] = labels.tolist()
        weights = (labels[:, None] == labels[None, :]).double()
    elif kind == "mask":
        weights = (torch.rand(items, items) < 0.4).double()
        case["mask"] = flat(weights)
    else:
        weights = torch.eye(items)
    loss = supcon(features, weights, temperature, base, anchors)
    loss.backward()
    case.update(shape=[items, views, channels], features=flat(features), loss=float(loss.detach()), gradient=flat(features.grad))
    return case


def siamese_case(pairs, channels, margin):
    a = torch.randn(pairs, channels, requires_grad=True)
    b = (a.detach() + 0.5 * torch.randn(pairs, channels)).requires_grad_(True)
    different = torch.arange(pairs) % 2 == 1
    y = different.double()
    distance = (a - b).norm(dim=1)
    loss = ((1 - y) * distance**2 / 2 + y * torch.clamp(margin - distance, min=0) ** 2 / 2).mean()
    loss.backward()
    return {
        "shape": [pairs, channels],
        "margin": margin,
        "a": flat(a),
        "b": flat(b),
        "different": different.tolist(),
        "loss": float(loss.detach()),
        "da": flat(a.grad),
        "db": flat(b.grad),
    }


golden = {
    "supcon": [
        supcon_case(6, 2, 5, 0.07, 0.07, "all", "labels"),
        supcon_case(6, 3, 4, 0.1, 0.07, "one", "labels"),
        supcon_case(7, 1, 4, 0.2, 0.2, "all", "labels"),
        supcon_case(5, 2, 4, 0.07, 0.07, "all", "mask"),
        supcon_case(5, 2, 4, 0.5, 0.5, "all", "views"),
    ],
    "siamese": [siamese_case(8, 3, 1.0), siamese_case(5, 4, 2.5)],
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
    file.write("\n")
