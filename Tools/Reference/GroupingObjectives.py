"""Golden arrays for the objectives that group windows: loss and all gradients in double precision, then ten steps.

    python3 Tools/Reference/GroupingObjectives.py Tests/Golden/GroupingObjectives.safetensors

Latents and contexts are the leaves; what a method holds fixed (codes, keys of the teacher, clusters, labels, graphs) is either
computed here without a gradient or drawn once and stored. Ten steps are of plain gradient descent on parameters and leaves
together. Weights are stored under the names of the Swift objectives.
"""
import math
import sys

import numpy
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)
WINDOWS, STEPS, LATENT, CONTEXT, HIDDEN, SIZE, CLUSTERS = 6, 5, 4, 3, 7, 5, 4
EMBEDDING = 2 * LATENT + CONTEXT
RATE = 0.05


def pooled(z, c):
    mean = z.mean(1)
    deviation = torch.sqrt(((z - mean[:, None]) ** 2).mean(1) + 1e-6)
    return torch.cat([mean, deviation, c.mean(1)], 1)


def linear(inputs, outputs, generator):
    scale = 1 / math.sqrt(inputs)
    return (torch.randn(outputs, inputs, generator=generator) * scale, torch.randn(outputs, generator=generator) * scale)


def projector(prefix, inputs, outputs, generator):
    hidden, output = linear(inputs, HIDDEN, generator), linear(HIDDEN, outputs, generator)
    return {f"{prefix}.hidden.weight": hidden[0], f"{prefix}.hidden.bias": hidden[1],
            f"{prefix}.output.weight": output[0], f"{prefix}.output.bias": output[1]}


def project(p, prefix, x, unit):
    h = F.relu(F.linear(x, p[f"{prefix}.hidden.weight"], p[f"{prefix}.hidden.bias"]))
    y = F.linear(h, p[f"{prefix}.output.weight"], p[f"{prefix}.output.bias"])
    return F.normalize(y, dim=1) if unit else y


def sinkhorn(scores, epsilon=0.05, iterations=3):
    q = torch.exp(scores / epsilon).T
    q = q / q.sum()
    for _ in range(iterations):
        q = q / q.sum(1, keepdim=True) / q.shape[0]
        q = q / q.sum(0, keepdim=True) / q.shape[1]
    return (q * q.shape[1]).T


def nt_xent(z, temperature, left_out=None):
    """Rows i and i + n are a pair; left_out [2n, 2n] marks candidates that are neither positive nor negative."""
    n = len(z) // 2
    s = z @ z.T / temperature
    s = s.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    if left_out is not None:
        s = s.masked_fill(left_out, -torch.inf)
    return F.cross_entropy(s, (torch.arange(2 * n) + n) % (2 * n))


class Case:
    def __init__(self, name, seed, views):
        self.name, self.generator = name, torch.Generator().manual_seed(seed)
        self.z = torch.randn(views * WINDOWS, STEPS, LATENT, generator=self.generator)
        self.c = torch.randn(views * WINDOWS, STEPS, CONTEXT, generator=self.generator)
        self.parameters, self.fixed = {}, {}

    def after(self):
        """Called after each step."""

    def run(self, out):
        def store(name, tensor):
            out[f"{self.name}.{name}"] = numpy.array(tensor.detach().numpy(), dtype=numpy.float64, order="C")

        leaves = {"latents": self.z, "contexts": self.c, **self.parameters}
        leaves = {name: tensor.detach().clone().requires_grad_() for name, tensor in leaves.items()}
        for name, tensor in {**leaves, **self.fixed}.items():
            store("start." + name, tensor)
        losses = []
        for step in range(10):
            for tensor in leaves.values():
                tensor.grad = None
            self.z, self.c = leaves["latents"], leaves["contexts"]
            self.parameters = {name: leaves[name] for name in self.parameters}
            loss = self.loss()
            loss.backward()
            losses.append(loss.detach())
            if step == 0:
                for name, tensor in leaves.items():
                    store("gradient." + name, tensor.grad)
            with torch.no_grad():
                for tensor in leaves.values():
                    tensor -= RATE * tensor.grad
                self.after()
        store("losses", torch.stack(losses))
        for name, tensor in leaves.items():
            store("end." + name, tensor)


class SwAV(Case):
    CROPS = [(0, 0, 5), (1, 0, 5), (0, 1, 4), (1, 2, 5)]           # view, first step, end

    def __init__(self):
        super().__init__("swav", 1, 2)
        self.parameters = projector("projector", EMBEDDING, SIZE, self.generator)
        self.parameters["prototypes.weight"] = F.normalize(
            torch.randn(CLUSTERS, SIZE, generator=self.generator), dim=1)

    def loss(self):
        rows = lambda x, crop: x[crop[0] * WINDOWS:(crop[0] + 1) * WINDOWS, crop[1]:crop[2]]
        scores = [project(self.parameters, "projector", pooled(rows(self.z, crop), rows(self.c, crop)), True)
                  @ self.parameters["prototypes.weight"].T for crop in self.CROPS]
        total = 0
        for i in range(2):
            with torch.no_grad():
                q = sinkhorn(scores[i])
            others = [-(q * F.log_softmax(s / 0.1, 1)).sum(1).mean() for j, s in enumerate(scores) if j != i]
            total = total + sum(others) / len(others) / 2
        return total

    def after(self):
        weight = self.parameters["prototypes.weight"]
        weight.copy_(F.normalize(weight, dim=1))


class PCL(Case):
    def __init__(self):
        super().__init__("pcl", 2, 2)
        g = self.generator
        self.parameters = projector("projector", EMBEDDING, SIZE, g)
        self.fixed = {name.replace("projector", "teacher"): tensor
                      for name, tensor in projector("projector", EMBEDDING, SIZE, g).items()}
        self.fixed["teacherLatents"] = torch.randn(2 * WINDOWS, STEPS, LATENT, generator=g)
        self.fixed["teacherContexts"] = torch.randn(2 * WINDOWS, STEPS, CONTEXT, generator=g)
        self.fixed["queue"] = F.normalize(torch.randn(3, SIZE, generator=g), dim=1)
        for level, count in enumerate((3, 4)):
            self.fixed[f"centers{level}"] = F.normalize(torch.randn(count, SIZE, generator=g), dim=1)
            self.fixed[f"concentrations{level}"] = 0.05 + 0.2 * torch.rand(count, generator=g)
            self.fixed[f"assigned{level}"] = torch.randint(0, count, (WINDOWS,), generator=g)

    def loss(self):
        f = self.fixed
        v = project(self.parameters, "projector", pooled(self.z, self.c), True).split(WINDOWS)
        with torch.no_grad():
            keys = project(f, "teacher", pooled(f["teacherLatents"], f["teacherContexts"]), True).split(WINDOWS)
        total = 0
        for view in range(2):
            candidates = torch.cat([keys[1 - view], f["queue"]])
            total = total + F.cross_entropy(v[view] @ candidates.T / 0.1, torch.arange(WINDOWS)) / 2
            for level in range(2):
                logits = v[view] @ f[f"centers{level}"].T / f[f"concentrations{level}"]
                total = total + F.cross_entropy(logits, f[f"assigned{level}"]) / 4
        return total


class TCL(Case):
    def __init__(self, name, labels):
        super().__init__(name, 3, 2)
        self.parameters = {**projector("instanceHead", EMBEDDING, SIZE, self.generator),
                           **projector("clusterHead", EMBEDDING, CLUSTERS, self.generator)}
        self.fixed = {"labels": torch.tensor(labels)} if labels else {}
        self.labels = labels

    def loss(self):
        e = pooled(self.z, self.c)
        z = project(self.parameters, "instanceHead", e, True)
        logits = project(self.parameters, "clusterHead", e, False)
        left_out = None
        if self.labels:
            label = torch.tensor(self.labels).repeat(2)
            window = torch.arange(WINDOWS).repeat(2)
            left_out = (label[:, None] == label[None]) & (label >= 0)[:, None] & (window[:, None] != window[None])
        total = nt_xent(z, 0.5, left_out)
        p = F.softmax(logits, 1).split(WINDOWS)
        total = total + nt_xent(F.normalize(torch.cat([p[0].T, p[1].T]), dim=1), 1.0)
        for view in p:
            share = view.mean(0)
            total = total + math.log(CLUSTERS) + (share * share.log()).sum()
        if self.labels:
            label = torch.tensor(self.labels)
            known = label >= 0
            used, counts = label[known].unique(return_counts=True)
            weight = torch.ones(CLUSTERS)
            weight[used] = known.sum() / counts.double()
            total = total + F.cross_entropy(logits[WINDOWS:][known], label[known], weight=weight)
        return total


class Graph(Case):
    def __init__(self):
        super().__init__("graph", 4, 1)
        weight, bias = linear(EMBEDDING, 6, self.generator)
        self.parameters = {"convolution.weight": weight, "convolution.bias": bias,
                           **projector("projector", 6, SIZE, self.generator)}
        for view in range(2):
            upper = torch.triu(torch.rand(WINDOWS, WINDOWS, generator=self.generator) < 0.5, 1)
            self.fixed[f"edges{view}"] = upper.double()
            self.fixed[f"mask{view}"] = (torch.rand(EMBEDDING, generator=self.generator) < 0.8).double()

    def loss(self):
        e = pooled(self.z, self.c)
        x = e - e.mean(0)
        views = []
        for view in range(2):
            a = self.fixed[f"edges{view}"]
            a = a + a.T + torch.eye(WINDOWS)
            d = a.sum(1) ** -0.5
            h = F.relu(F.linear((d[:, None] * a * d[None]) @ (x * self.fixed[f"mask{view}"]),
                                self.parameters["convolution.weight"], self.parameters["convolution.bias"]))
            y = project(self.parameters, "projector", h, False)
            views.append(F.batch_norm(y, None, None, training=True, eps=1e-5))
        c = views[0].T @ views[1] / WINDOWS
        on = ((1 - c.diagonal()) ** 2).sum()
        return on + 0.0051 * (c ** 2).sum() - 0.0051 * (c.diagonal() ** 2).sum()


def main(path):
    out = {}
    for case in (SwAV(), PCL(), TCL("tcl", None), TCL("boosted", [2, -1, 2, 0, -1, 2]), Graph()):
        case.run(out)
    save_file(out, path, metadata={"torch": torch.__version__, "rate": str(RATE)})


if __name__ == "__main__":
    main(sys.argv[1])
