"""Writes Tests/Golden/Optimizers.safetensors: ten steps of each optimizer, schedules, clipping, averages.

Usage: python Optimizers.py OUTPUT.safetensors        (needs torch and safetensors)

Everything is in double precision. Gradients are fixed random arrays, so a wrong step cannot correct itself.
`<case>.weight` is [step, 3, 4], `<case>.bias` [step, 4]: the parameters after each step. LARS is not a part of
PyTorch; it is written out here from the paper's algorithm with the departures that LARS.swift names.
"""

import sys

import torch
from safetensors.torch import save_file

torch.manual_seed(20240607)
torch.set_default_dtype(torch.float64)
STEPS = 10
start_weight = torch.randn(3, 4)
start_bias = torch.randn(4)
weight_gradients = torch.randn(STEPS, 3, 4)
bias_gradients = torch.randn(STEPS, 4)
rates = torch.linspace(0.1, 0.01, STEPS)
arrays = {
    "start.weight": start_weight,
    "start.bias": start_bias,
    "gradients.weight": weight_gradients,
    "gradients.bias": bias_gradients,
    "rates": rates,
}


def run(name, make, before=lambda optimizer, step: None):
    weight = torch.nn.Parameter(start_weight.clone())
    bias = torch.nn.Parameter(start_bias.clone())
    optimizer = make(weight, bias)
    weights, biases = [], []
    for step in range(STEPS):
        weight.grad = weight_gradients[step].clone()
        bias.grad = bias_gradients[step].clone()
        for group in optimizer.param_groups:
            group["lr"] = rates[step].item()
        before(optimizer, step)
        optimizer.step()
        weights.append(weight.detach().clone())
        biases.append(bias.detach().clone())
    arrays[name + ".weight"] = torch.stack(weights)
    arrays[name + ".bias"] = torch.stack(biases)


optim = torch.optim
run("sgd", lambda w, b: optim.SGD([w, b], lr=1))
run("sgd_momentum_decay", lambda w, b: optim.SGD([w, b], lr=1, momentum=0.9, weight_decay=0.05))
run("sgd_nesterov", lambda w, b: optim.SGD([w, b], lr=1, momentum=0.9, weight_decay=0.05, nesterov=True))
run(
    "sgd_spared",
    lambda w, b: optim.SGD([{"params": [w], "weight_decay": 0.05}, {"params": [b]}], lr=1, momentum=0.9),
)
run("adam", lambda w, b: optim.Adam([w, b], lr=1))
run("adam_decay", lambda w, b: optim.Adam([w, b], lr=1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.05))
run("adamw", lambda w, b: optim.AdamW([w, b], lr=1, weight_decay=0.1))
run(
    "adamw_spared",
    lambda w, b: optim.AdamW([{"params": [w], "weight_decay": 0.1}, {"params": [b], "weight_decay": 0.0}], lr=1),
)


def cycle_beta(optimizer, step):
    for group in optimizer.param_groups:
        group["betas"] = (0.95 - 0.01 * step, 0.999)


run("adamw_changing_beta", lambda w, b: optim.AdamW([w, b], lr=1, weight_decay=0.1), cycle_beta)


def lars(momentum, decay, trust):
    weight, bias = start_weight.clone(), start_bias.clone()
    velocity = [torch.zeros_like(weight), torch.zeros_like(bias)]
    weights, biases = [], []
    for step in range(STEPS):
        gradient = weight_gradients[step]
        local = trust * weight.norm() / (gradient.norm() + decay * weight.norm())
        velocity[0] = momentum * velocity[0] + local * (gradient + decay * weight)
        velocity[1] = momentum * velocity[1] + bias_gradients[step]
        weight = weight - rates[step] * velocity[0]
        bias = bias - rates[step] * velocity[1]
        weights.append(weight)
        biases.append(bias)
    arrays["lars.weight"] = torch.stack(weights)
    arrays["lars.bias"] = torch.stack(biases)


lars(0.9, 0.05, 0.02)


def schedule(name, steps, make, momentum=False):
    optimizer = optim.AdamW([torch.nn.Parameter(start_bias.clone())], lr=0.02)
    scheduler = make(optimizer)
    found, betas = [], []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        betas.append(optimizer.param_groups[0]["betas"][0])
        optimizer.step()
        scheduler.step()
    arrays["schedule." + name] = torch.tensor(found)
    if momentum:
        arrays["schedule." + name + ".momentum"] = torch.tensor(betas)


S = optim.lr_scheduler


def warmed(optimizer, warm_up, after):
    rise = S.LinearLR(optimizer, start_factor=1 / warm_up, total_iters=warm_up - 1)
    return S.SequentialLR(optimizer, [rise, after], milestones=[warm_up])


schedule("cosine", 20, lambda o: S.CosineAnnealingLR(o, T_max=20, eta_min=0.002))
schedule("warm_cosine", 25, lambda o: warmed(o, 5, S.CosineAnnealingLR(o, T_max=20)))
schedule("step", 20, lambda o: S.StepLR(o, step_size=6, gamma=0.3))
schedule("one_cycle", 40, lambda o: S.OneCycleLR(o, max_lr=0.02, total_steps=41), momentum=True)
schedule(
    "one_cycle_other",
    16,
    lambda o: S.OneCycleLR(
        o, max_lr=0.02, total_steps=17, pct_start=0.43, div_factor=10, final_div_factor=100,
        base_momentum=0.7, max_momentum=0.9,
    ),
    momentum=True,
)

clipped = [torch.nn.Parameter(start_weight.clone()), torch.nn.Parameter(start_bias.clone())]
clipped[0].grad = weight_gradients[0].clone()
clipped[1].grad = bias_gradients[0].clone()
arrays["clip.norm"] = torch.nn.utils.clip_grad_norm_(clipped, 1.5).reshape(1)
arrays["clip.weight"] = clipped[0].grad
arrays["clip.bias"] = clipped[1].grad

module = torch.nn.Linear(3, 4)
with torch.no_grad():
    module.weight.copy_(start_weight.T)
    module.bias.copy_(start_bias)
average = optim.swa_utils.AveragedModel(module, multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(0.9))
average.update_parameters(module)
for step in range(STEPS):
    with torch.no_grad():
        module.weight.copy_(weight_gradients[step].T)
        module.bias.copy_(bias_gradients[step])
    average.update_parameters(module)
arrays["average.weight"] = average.module.weight.detach().T
arrays["average.bias"] = average.module.bias.detach()

save_file({name: array.detach().contiguous() for name, array in arrays.items()}, sys.argv[1])
