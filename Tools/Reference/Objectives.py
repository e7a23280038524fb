"""Golden arrays for the objectives that compare rows: losses and all gradients in double precision, then ten Adam steps.

    python3 Tools/Reference/Objectives.py Tests/Golden/Objectives

One file an objective. Latents and contexts are leaves and are optimised together with the objective's own parameters, so that
the ten steps show errors of any gradient. What is drawn at random (noise, pairs, negatives) is drawn here once and stored.
Formulas are written from the papers that Sources/CPC/Objectives name; gradients are autograd's. Parameters have the names and
layouts of the Swift objectives.
"""
import os
import sys

import numpy
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)
WINDOWS, STEPS, LATENT, HIDDEN, INNER, OUTER, RATE = 6, 4, 4, 3, 5, 3, 1e-2
AHEAD, NOISE = 2, 3
RECORDINGS = [0, 1, 0, 2, 1, 0]
LABELS = [0, 1, 0, 1, 2, None]          # one class of a single window, one window without a label


def pooled(z, c):
    deviation = torch.sqrt(z.var(1, correction=0) + 1e-6)
    return torch.cat((z.mean(1), deviation, c.mean(1)), 1)


def projected(p, z, c):
    inner = F.relu(F.linear(pooled(z, c), p["projector.hidden.weight"], p["projector.hidden.bias"]))
    return F.linear(inner, p["projector.output.weight"], p["projector.output.bias"])


def unit(p, z, c):
    return F.normalize(projected(p, z, c), dim=1)


def linear(inputs, outputs, name):
    layer = torch.nn.Linear(inputs, outputs)
    return {name + ".weight": layer.weight, name + ".bias": layer.bias}


def projector():
    return linear(2 * LATENT + HIDDEN, INNER, "projector.hidden") | linear(INNER, OUTER, "projector.output")


def labels_of_rows(views):
    return [label for _ in range(views) for label in LABELS]


def nce(p, z, c, drawn):
    """drawn: positions b * L + t, [window, anchor, step ahead, count]; noise from the whole batch but the positive."""
    anchors, flat = STEPS - AHEAD, z.reshape(-1, LATENT)
    shift = torch.log(torch.tensor(NOISE / (WINDOWS * STEPS - 1)))
    total = 0.0
    for k in range(1, AHEAD + 1):
        prediction = c[:, :anchors] @ p["scorer.weight"][(k - 1) * LATENT:k * LATENT].T
        true = (prediction * z[:, k:k + anchors]).sum(2)
        noise = torch.einsum("bld,blnd->bln", prediction, flat[drawn[:, :, k - 1]])
        total = total - (F.logsigmoid(true - shift) + F.logsigmoid(shift - noise).sum(2)).mean()
    return total / AHEAD


def draw_noise():
    anchors = STEPS - AHEAD
    drawn = torch.randint(0, WINDOWS * STEPS - 1, (WINDOWS, anchors, AHEAD, NOISE))
    true = (torch.arange(WINDOWS)[:, None, None] * STEPS + torch.arange(anchors)[None, :, None]
            + torch.arange(1, AHEAD + 1)[None, None])[..., None]
    return drawn + (drawn >= true)


def simclr(p, z, c, temperature=0.5):
    f = unit(p, z, c)
    logits = (f @ f.T / temperature).masked_fill(torch.eye(len(f), dtype=bool), -torch.inf)
    other = (torch.arange(len(f)) + WINDOWS) % len(f)
    return F.cross_entropy(logits, other)


def supcon(p, z, c, views, anchors, temperature, base):
    rows = [i for i, label in enumerate(labels_of_rows(views)) if label is not None]
    label = torch.tensor([labels_of_rows(views)[i] for i in rows])
    f = unit(p, z, c)[rows]
    self = torch.eye(len(f), dtype=bool)
    logits = (f @ f.T / temperature).masked_fill(self, -torch.inf)
    log_probability = (logits - torch.logsumexp(logits, 1, keepdim=True)).masked_fill(self, 0)
    positive = ((label[:, None] == label[None]) & ~self).double()
    count = positive.sum(1)
    each = -temperature / base * (positive * log_probability).sum(1) / count.clamp(min=1)
    return (each if anchors == "all" else each[[j for j, i in enumerate(rows) if i < WINDOWS]]).mean()


def supce(p, z, c, views):
    rows = [i for i, label in enumerate(labels_of_rows(views)) if label is not None]
    logits = F.linear(pooled(z, c), p["classifier.output.weight"], p["classifier.output.bias"])
    return F.cross_entropy(logits[rows], torch.tensor([labels_of_rows(views)[i] for i in rows]))


def siamese(p, z, c, pairs, margin):
    f = projected(p, z, c)
    a, b, y = pairs[:, 0], pairs[:, 1], pairs[:, 2]
    distance = (f[a] - f[b]).norm(dim=1)
    return ((1 - y) * distance**2 / 2 + y * torch.clamp(margin - distance, min=0) ** 2 / 2).mean()


def triplet(p, z, c, views, mining, margin, draws=None):
    rows = [i for i, label in enumerate(labels_of_rows(views)) if label is not None]
    label = [labels_of_rows(views)[i] for i in rows]
    f = unit(p, z, c)[rows]
    distance = ((f[:, None] - f[None]) ** 2).sum(2)
    terms, pair = [], 0
    for a in range(len(rows)):
        negatives = [n for n in range(len(rows)) if label[n] != label[a]]
        positives = [q for q in range(len(rows)) if q != a and label[q] == label[a]]
        if mining == "hard" and positives:
            terms.append((max(positives, key=lambda q: distance[a, q].item()),
                          min(negatives, key=lambda n: distance[a, n].item()), a))
            continue
        for q in positives:
            if mining == "random":
                n = negatives[draws[pair]]
                pair += 1
            else:
                beyond = [n for n in negatives if distance[a, n] > distance[a, q]]
                n = (min(beyond, key=lambda n: distance[a, n].item()) if beyond
                     else max(negatives, key=lambda n: distance[a, n].item()))
            terms.append((q, n, a))
    return torch.stack([F.relu(distance[a, q] - distance[a, n] + margin) for q, n, a in terms]).mean()


def barlow(p, z, c, weight=0.0051):
    f = projected(p, z, c)
    a, b = (F.batch_norm(v, None, None, training=True) for v in (f[:WINDOWS], f[WINDOWS:]))
    correlation = a.T @ b / WINDOWS
    diagonal = torch.eye(OUTER, dtype=bool)
    return ((1 - correlation[diagonal]) ** 2).sum() + weight * (correlation[~diagonal] ** 2).sum()


def case(out, prefix, parameters, views, loss, **extra):
    """Stores start, loss, gradients and the state after ten steps under `prefix`."""
    def store(name, tensor):
        out[prefix + name] = numpy.array(tensor.detach().numpy(), order="C")       # a copy: Adam moves in place

    leaves = {
        "latents": torch.randn(views * WINDOWS, STEPS, LATENT, requires_grad=True),
        "contexts": torch.randn(views * WINDOWS, STEPS, HIDDEN, requires_grad=True),
    }
    named = leaves | {"objective." + name: tensor for name, tensor in parameters.items()}
    for name, tensor in extra.items():
        store(name, tensor)
    for name, tensor in named.items():
        store("start." + name, tensor)
    optimizer, losses = torch.optim.Adam(list(named.values()), lr=RATE), []
    for step in range(10):
        optimizer.zero_grad()
        value = loss(parameters, leaves["latents"], leaves["contexts"])
        value.backward()
        if step == 0:
            for name, tensor in named.items():
                store("gradient." + name, tensor.grad)
        optimizer.step()
        losses.append(value.detach())
    store("losses", torch.stack(losses))
    for name, tensor in named.items():
        store("end." + name, tensor)


def main(folder):
    torch.manual_seed(17)
    os.makedirs(folder, exist_ok=True)

    def save(name, out):
        save_file(out, os.path.join(folder, name + ".safetensors"), metadata={"torch": torch.__version__})

    noise = draw_noise()
    scorer = {"scorer.weight": torch.empty(AHEAD * LATENT, HIDDEN).uniform_(-0.6, 0.6).requires_grad_()}
    out = {}
    case(out, "", scorer, 1, lambda p, z, c: nce(p, z, c, noise), negatives=noise)
    save("nce", out)

    out = {}
    case(out, "", projector(), 2, simclr)
    save("simclr", out)

    out = {}
    case(out, "all.", projector(), 2, lambda p, z, c: supcon(p, z, c, 2, "all", 0.1, 0.07))
    case(out, "one.", projector(), 3, lambda p, z, c: supcon(p, z, c, 3, "one", 0.2, 0.2))
    save("supcon", out)

    out = {}
    case(out, "", linear(2 * LATENT + HIDDEN, 3, "classifier.output"), 2, lambda p, z, c: supce(p, z, c, 2))
    save("supce", out)

    rows = 2 * WINDOWS
    pairs = torch.stack((torch.randint(0, rows, (10,)), torch.randint(0, rows, (10,)), torch.arange(10) % 2), 1)
    pairs[:, 1] = torch.where(pairs[:, 0] == pairs[:, 1], (pairs[:, 1] + 1) % rows, pairs[:, 1])
    out = {}
    case(out, "", projector(), 2, lambda p, z, c: siamese(p, z, c, pairs, 1.0), pairs=pairs)
    save("siamese", out)

    # Rows of classes 0 and 1: four of each, three positives an anchor among six negatives; of class 2 two, among eight.
    draws = torch.cat([torch.randint(0, 8 if label == 2 else 6, (1 if label == 2 else 3,))
                       for label in labels_of_rows(2) if label is not None])
    out = {}
    for mining in ("semiHard", "hard"):
        case(out, mining + ".", projector(), 2, lambda p, z, c: triplet(p, z, c, 2, mining, 0.2))
    case(out, "random.", projector(), 2, lambda p, z, c: triplet(p, z, c, 2, "random", 0.2, draws), draws=draws)
    save("triplet", out)

    out = {}
    case(out, "", projector(), 2, barlow)
    save("barlow", out)


if __name__ == "__main__":
    main(sys.argv[1])
