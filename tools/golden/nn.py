#!/usr/bin/python3
"""Runs PyTorch's own layers, losses, optimisers and schedules on small inputs, and writes what they gave.

    /usr/bin/python3 tools/golden/nn.py [FOLDER]

Writes layers, losses and optimisers as NAME.json (the cases and their options) with NAME.safetensors (their arrays, each named
CASE.KEY), and schedules.json (plain numbers). See README.md beside this file for the keys.
"""
import json
import math
import os
import sys

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

import safetensors_io


class Book:
    """Cases with their options, and their arrays named CASE.KEY."""

    def __init__(self):
        self.cases, self.arrays = [], {}

    def add(self, name, op, options, arrays):
        assert all(c["name"] != name for c in self.cases), name
        self.cases.append({"name": name, "op": op, **options})
        for key, value in arrays.items():
            if value is not None:
                self.arrays[f"{name}.{key}"] = value.detach().clone().contiguous()

    def layer(self, name, op, options, run, **inputs):
        """Runs `run(**inputs)`; the cotangent weighs the outputs' sum, of which the gradients are taken."""
        inputs = {k: v for k, v in inputs.items() if v is not None}
        stored = {k: v.clone() for k, v in inputs.items()}
        leaves = {k: v.clone().requires_grad_() for k, v in inputs.items() if not k.startswith("running")}
        buffers = {k: v.clone() for k, v in inputs.items() if k.startswith("running")}
        output = run(**leaves, **buffers)
        cotangent = torch.randint(-8, 9, output.shape).float() / 8
        (output * cotangent).sum().backward()
        after = {"after." + k: v for k, v in buffers.items() if not torch.equal(v, stored[k])}
        self.add(name, op, options, {**stored, "output": output, "cotangent": cotangent,
                                     **{"grad." + k: v.grad for k, v in leaves.items()}, **after})

    def write(self, folder, name):
        safetensors_io.write(os.path.join(folder, name + ".safetensors"), self.arrays)
        with open(os.path.join(folder, name + ".json"), "w") as f:
            f.write("[\n" + ",\n".join(json.dumps(c) for c in self.cases) + "\n]\n")


def layers():
    book = Book()

    def conv(name, size, cin, cout, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, same=False):
        kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
        x, w = torch.randn(2, cin, *size), torch.randn(cout, cin // groups, *kernel)
        options = {"kernel": list(kernel), "stride": stride, "padding": "same" if same else padding, "dilation": dilation,
                   "groups": groups}
        b = torch.randn(cout) if bias else None
        pads = []
        if same:
            # TensorFlow's SAME: the output has ceil(size / stride) pixels, the odd padding pixel stands at the bottom and right.
            for length, k in reversed(list(zip(size, kernel))):
                total = max((math.ceil(length / stride) - 1) * stride + (k - 1) * dilation + 1 - length, 0)
                pads += [total // 2, total - total // 2]

        def run(input, weight, bias=None):
            padded = F.pad(input, pads) if same else input
            return F.conv2d(padded, weight, bias, stride, 0 if same else padding, dilation, groups)
        book.layer(name, "conv2d", options, run, input=x, weight=w, bias=b)

    conv("conv2d_1x1", (5, 4), 4, 6, 1)
    conv("conv2d_3x3_stride2_padding1", (7, 8), 3, 4, 3, stride=2, padding=1, bias=False)
    conv("conv2d_rectangular", (6, 7), 2, 3, (3, 1), padding=[1, 0])
    conv("conv2d_dilation2", (8, 7), 2, 3, 3, padding=2, dilation=2)
    conv("conv2d_groups2", (5, 6), 4, 6, 3, padding=1, groups=2)
    conv("conv2d_depthwise", (6, 5), 4, 4, 3, stride=2, padding=1, groups=4, bias=False)
    conv("conv2d_depthwise_7x7", (8, 8), 3, 3, 7, padding=3, groups=3)
    conv("conv2d_patch_4x4", (8, 12), 3, 5, 4, stride=4)
    conv("conv2d_same_even", (8, 6), 3, 4, 3, stride=2, same=True, bias=False)
    conv("conv2d_same_odd", (7, 9), 3, 4, 3, stride=2, same=True)
    conv("conv2d_same_mixed", (7, 8), 2, 2, 5, stride=2, same=True, groups=2)
    conv("conv2d_same_stride3", (8, 10), 2, 3, 3, stride=3, same=True)
    conv("conv2d_same_dilation2", (7, 8), 2, 3, 3, stride=1, dilation=2, same=True)

    for name, training, eps, momentum, affine in [("train", True, 1e-5, 0.1, True), ("eval", False, 1e-5, 0.1, True),
                                                  ("train_eps1e-3_momentum0.01", True, 1e-3, 0.01, True),
                                                  ("eval_eps1e-3", False, 1e-3, 0.01, True)]:
        book.layer("batch_norm2d_" + name, "batch_norm2d", {"training": training, "eps": eps, "momentum": momentum},
                   lambda input, weight, bias, running_mean, running_var:
                   F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps),
                   input=torch.randn(3, 4, 5, 4) * 2 + 1, weight=torch.rand(4) + 0.5, bias=torch.randn(4),
                   running_mean=torch.randn(4), running_var=torch.rand(4) + 0.5)
    book.layer("batch_norm1d_train", "batch_norm1d", {"training": True, "eps": 1e-5, "momentum": 0.1},
               lambda input, weight, bias, running_mean, running_var:
               F.batch_norm(input, running_mean, running_var, weight, bias, True, 0.1, 1e-5),
               input=torch.randn(6, 5) * 2 + 1, weight=torch.rand(5) + 0.5, bias=torch.randn(5),
               running_mean=torch.randn(5), running_var=torch.rand(5) + 0.5)

    for eps in (1e-6, 1e-5, 1e-2):
        book.layer(f"layer_norm_eps{eps:.0e}", "layer_norm", {"eps": eps, "channels_first": False},
                   lambda input, weight, bias: F.layer_norm(input, (12,), weight, bias, eps),
                   input=torch.randn(2, 5, 12) * 0.05 + 1, weight=torch.rand(12) + 0.5, bias=torch.randn(12))
    book.layer("layer_norm_channels_first", "layer_norm", {"eps": 1e-6, "channels_first": True},
               lambda input, weight, bias:
               F.layer_norm(input.permute(0, 2, 3, 1), (12,), weight, bias, 1e-6).permute(0, 3, 1, 2),
               input=torch.randn(2, 12, 3, 4) * 2 + 1, weight=torch.rand(12) + 0.5, bias=torch.randn(12))

    for bias in (True, False):
        book.layer("linear" + ("" if bias else "_no_bias"), "linear", {},
                   lambda input, weight, bias=None: F.linear(input, weight, bias),
                   input=torch.randn(4, 6), weight=torch.randn(5, 6), bias=torch.randn(5) if bias else None)
    book.layer("linear_3d", "linear", {}, F.linear, input=torch.randn(2, 3, 6), weight=torch.randn(5, 6), bias=torch.randn(5))

    ramp = torch.cat([torch.linspace(-9, 9, 61), torch.tensor([-0.001, 0.001, 1e-6])]).reshape(4, 16)
    for name, function in [("relu", F.relu), ("relu6", F.relu6), ("hardswish", F.hardswish), ("hardsigmoid", F.hardsigmoid),
                           ("silu", F.silu), ("gelu", F.gelu), ("gelu_tanh", lambda input: F.gelu(input, approximate="tanh")),
                           ("sigmoid", torch.sigmoid), ("tanh", torch.tanh), ("elu", F.elu), ("leaky_relu", F.leaky_relu)]:
        book.layer(name, name, {}, lambda input: function(input), input=ramp)
    for name in ("softmax", "log_softmax"):
        book.layer(name, name, {"dim": -1}, lambda input: getattr(F, name)(input, dim=-1), input=torch.randn(3, 7) * 4)

    pool = torch.randn(2, 3, 7, 8)
    book.layer("max_pool2d_3_stride2_padding1", "max_pool2d", {"kernel": 3, "stride": 2, "padding": 1, "ceil_mode": False},
               lambda input: F.max_pool2d(input, 3, 2, 1), input=pool)
    book.layer("max_pool2d_ceil", "max_pool2d", {"kernel": 3, "stride": 2, "padding": 0, "ceil_mode": True},
               lambda input: F.max_pool2d(input, 3, 2, 0, ceil_mode=True), input=pool)
    book.layer("avg_pool2d_ceil_padding_not_counted", "avg_pool2d",
               {"kernel": 2, "stride": 2, "padding": 0, "ceil_mode": True, "count_include_pad": False},
               lambda input: F.avg_pool2d(input, 2, 2, 0, ceil_mode=True, count_include_pad=False), input=pool)
    book.layer("avg_pool2d_padding_counted", "avg_pool2d",
               {"kernel": 3, "stride": 2, "padding": 1, "ceil_mode": False, "count_include_pad": True},
               lambda input: F.avg_pool2d(input, 3, 2, 1), input=pool)
    book.layer("adaptive_avg_pool2d_1", "adaptive_avg_pool2d", {"output_size": 1},
               lambda input: F.adaptive_avg_pool2d(input, 1), input=pool)
    book.layer("adaptive_max_pool2d_1", "adaptive_max_pool2d", {"output_size": 1},
               lambda input: F.adaptive_max_pool2d(input, 1), input=pool)

    for groups, eps in ((3, 1e-5), (1, 1e-2)):
        book.layer(f"group_norm_{groups}", "group_norm", {"groups": groups, "eps": eps},
                   lambda input, weight, bias: F.group_norm(input, groups, weight, bias, eps),
                   input=torch.randn(2, 6, 3, 4) * 2 + 1, weight=torch.rand(6) + 0.5, bias=torch.randn(6))
    book.layer("conv_transpose2d_2x2", "conv_transpose2d", {},
               lambda input, weight, bias: F.conv_transpose2d(input, weight, bias, 2),
               input=torch.randn(2, 3, 3, 4), weight=torch.randn(3, 5, 2, 2), bias=torch.randn(5))
    return book


def losses():
    book = Book()

    def cross_entropy(name, classes=5, rows=6, smoothing=0.0, weighted=False, ignore=None, reduction="mean", soft=False):
        logits = (torch.randn(rows, classes) * 3).requires_grad_()
        target = torch.softmax(torch.randn(rows, classes), 1) if soft else torch.randint(0, classes, (rows,))
        if ignore is not None:
            target[1] = target[4] = ignore
        weight = torch.rand(classes) + 0.2 if weighted else None
        loss = F.cross_entropy(logits, target, weight, ignore_index=-100 if ignore is None else ignore, reduction=reduction,
                               label_smoothing=smoothing)
        loss.sum().backward()
        book.add("cross_entropy_" + name, "cross_entropy",
                 {"label_smoothing": smoothing, "reduction": reduction, "ignore_index": ignore, "weighted": weighted,
                  "soft": soft},
                 {"logits": logits, "target": target, "weight": weight, "loss": loss, "grad.logits": logits.grad})

    cross_entropy("plain")
    cross_entropy("two_classes", classes=2)
    cross_entropy("sum", reduction="sum")
    cross_entropy("none", reduction="none")
    cross_entropy("smoothing0.1", smoothing=0.1)
    cross_entropy("weights", weighted=True)
    cross_entropy("weights_smoothing0.1", smoothing=0.1, weighted=True)
    cross_entropy("weights_sum", weighted=True, reduction="sum")
    cross_entropy("ignore255", ignore=255)
    cross_entropy("ignore255_weights_smoothing0.2", ignore=255, weighted=True, smoothing=0.2)
    cross_entropy("soft", soft=True)
    cross_entropy("soft_smoothing0.1", soft=True, smoothing=0.1)
    for weighted in (False, True):
        logits = (torch.randn(4, 3) * 3).requires_grad_()
        target, weight = torch.rand(4, 3), torch.rand(3) * 3 if weighted else None
        loss = F.binary_cross_entropy_with_logits(logits, target, pos_weight=weight)
        loss.backward()
        book.add("binary_cross_entropy" + ("_pos_weight" if weighted else ""), "binary_cross_entropy_with_logits", {},
                 {"logits": logits, "target": target, "pos_weight": weight, "loss": loss, "grad.logits": logits.grad})

    # cases below came later: they stand at the end, so that the draws of those above stay the same
    cross_entropy("soft_weights_smoothing0.1", soft=True, weighted=True, smoothing=0.1)

    def loss(name, op, options, function, target, classes=4, rows=6, **arrays):
        logits = (torch.randn(rows, classes) * 3).requires_grad_()
        value = function(logits, target)
        value.sum().backward()
        book.add(name, op, options, {"logits": logits, "target": target, **arrays, "loss": value, "grad.logits": logits.grad})

    # timm's: the one-hot target of a single label is smoothed over all classes
    indices = torch.randint(0, 4, (6,))
    one_hot = F.one_hot(indices, 4).float()
    loss("binary_cross_entropy_index_smoothing0.1", "binary_cross_entropy_with_logits", {"label_smoothing": 0.1},
         lambda x, t: F.binary_cross_entropy_with_logits(x, one_hot * 0.9 + 0.1 / 4), indices)
    several = torch.randint(0, 2, (6, 4)).float()
    loss("binary_cross_entropy_smoothing0.2", "binary_cross_entropy_with_logits", {"label_smoothing": 0.2},
         lambda x, t: F.binary_cross_entropy_with_logits(x, t * 0.8 + 0.2 * 0.5), several)

    for name, alpha, gamma, reduction in [("default", 0.25, 2.0, "mean"), ("no_alpha_gamma1.5", -1, 1.5, "sum"),
                                          ("gamma0", 0.6, 0.0, "mean"), ("none", 0.25, 3.0, "none")]:
        loss("focal_sigmoid_" + name, "focal",
             {"several": True, "alpha": None if alpha < 0 else alpha, "gamma": gamma, "reduction": reduction},
             lambda x, t: torchvision.ops.sigmoid_focal_loss(x, t, alpha, gamma, reduction), several)

    def softmax_focal(x, t, gamma, weight=None):
        p = torch.softmax(x, 1)[torch.arange(len(t)), t]
        each = -(1 - p) ** gamma * torch.log(p)
        return each.mean() if weight is None else (each * weight[t]).sum() / weight[t].sum()

    for gamma in (0.0, 0.5, 2.0, 5.0):
        loss(f"focal_softmax_gamma{gamma:g}", "focal", {"several": False, "alpha": None, "gamma": gamma, "reduction": "mean"},
             lambda x, t: softmax_focal(x, t, gamma), indices)
    weight = torch.rand(4) + 0.2
    loss("focal_softmax_weights", "focal", {"several": False, "alpha": None, "gamma": 2.0, "reduction": "mean"},
         lambda x, t: softmax_focal(x, t, 2.0, weight), indices, weight=weight)

    numbers = torch.randn(6, 4) * 2
    for reduction in ("mean", "sum", "none"):
        loss("mse_" + reduction, "mse", {"reduction": reduction}, lambda x, t: F.mse_loss(x, t, reduction=reduction), numbers)
    loss("l1", "l1", {"reduction": "mean"}, F.l1_loss, numbers)
    for delta in (1.0, 0.3):
        loss(f"huber_{delta:g}", "huber", {"reduction": "mean", "delta": delta},
             lambda x, t: F.huber_loss(x, t, delta=delta), numbers)
    return book


class Lamb(torch.optim.Optimizer):
    """LAMB, algorithm 2 of arXiv:1904.00962 with phi the identity, and with what timm adds to it: gradients clipped by their norm
    together; what is not decayed is not adapted either; a ratio of 1 where a norm is 0."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01, max_grad_norm=1.0, trust_clip=False,
                 always_adapt=False):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, max_grad_norm=max_grad_norm,
                                      trust_clip=trust_clip, always_adapt=always_adapt))

    @torch.no_grad()
    def step(self):
        with_gradient = [p for group in self.param_groups for p in group["params"] if p.grad is not None]
        norm = torch.cat([p.grad.flatten() for p in with_gradient]).norm()
        shrink = max(1.0, float(norm) / self.defaults["max_grad_norm"])
        for group in self.param_groups:
            (beta1, beta2), decay = group["betas"], group["weight_decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                m = state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * p.grad / shrink
                v = state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * (p.grad / shrink) ** 2
                r = m / (1 - beta1 ** t) / ((v / (1 - beta2 ** t)).sqrt() + group["eps"]) + decay * p
                ratio = 1.0
                if (decay or group["always_adapt"]) and p.norm() > 0 and r.norm() > 0:
                    ratio = float(p.norm() / r.norm())
                    ratio = min(ratio, 1.0) if group["trust_clip"] else ratio
                p -= group["lr"] * ratio * r


class RMSpropTF(torch.optim.Optimizer):
    """RMSprop as TensorFlow has it, by timm's description: mean squares start at 1, eps stands under the root, and the rate is
    part of what the momentum remembers."""

    def __init__(self, params, lr=1e-2, alpha=0.9, eps=1e-10, momentum=0.0, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, alpha=alpha, eps=eps, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state, g = self.state[p], p.grad + group["weight_decay"] * p
                s = state["s"] = group["alpha"] * state.get("s", 1.0) + (1 - group["alpha"]) * g ** 2
                step = group["lr"] * g / (s + group["eps"]).sqrt()
                move = state["move"] = group["momentum"] * state.get("move", 0.0) + step
                p -= move


def optimisers():
    """Ten steps of a three-layer net. Arrays: values.NAME [11, ...] from before the first step on; gradients.NAME [10, ...]."""
    book = Book()

    def run(name, make, groups, per_step=None, clip=None, frozen=None, steps=10):
        torch.manual_seed(77)
        net = nn.Sequential(nn.Linear(6, 7), nn.GELU(), nn.Linear(7, 5), nn.Tanh(), nn.Linear(5, 3))
        x, y = torch.randn(16, 6), torch.randint(0, 3, (16,))
        named = dict(net.named_parameters())
        optimizer = make([{"params": [named[n] for n in g["names"]], **g["options"]} for g in groups])
        values, gradients = ({n: [] for n in named} for _ in range(2))
        norms, record = [], []
        for n, p in named.items():
            values[n].append(p.detach().clone())
        for step in range(1, steps + 1):
            settings = per_step(step) if per_step else {}
            for key, per_group in settings.items():
                for group, value in zip(optimizer.param_groups, per_group):
                    group[key] = value
            record.append(settings)
            optimizer.zero_grad(set_to_none=True)
            for n, p in named.items():
                p.requires_grad_(not (frozen and step < frozen["until_step"] and n in frozen["names"]))
            F.cross_entropy(net(x), y).backward()
            for n, p in named.items():
                gradients[n].append(torch.zeros_like(p) if p.grad is None else p.grad.clone())
            if clip:
                norms.append(nn.utils.clip_grad_norm_(net.parameters(), clip))
            optimizer.step()
            for n, p in named.items():
                values[n].append(p.detach().clone())
        arrays = {**{"values." + n: torch.stack(v) for n, v in values.items()},
                  **{"gradients." + n: torch.stack(v) for n, v in gradients.items()},
                  "norms": torch.stack(norms) if norms else None}
        book.add(name, type(optimizer).__name__,
                 {"steps": steps, "groups": [{"names": g["names"], **g["options"]} for g in groups], "per_step": record,
                  "clip_grad_norm": clip, "no_gradient": frozen,
                  "defaults": {k: v for k, v in optimizer.defaults.items() if isinstance(v, (int, float, tuple, bool))}}, arrays)

    one = [{"names": ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"], "options": {}}]
    layer = [{"names": ["0.weight", "0.bias"], "options": {"lr": 1e-3}},
             {"names": ["2.weight", "2.bias"], "options": {"lr": 5e-3}},
             {"names": ["4.weight"], "options": {"lr": 2e-2}},
             {"names": ["4.bias"], "options": {"lr": 2e-2, "weight_decay": 0.0}}]

    def cycle(step):
        rise = 0.5 - 0.5 * math.cos(math.pi * step / 10)
        return {"lr": [1e-3 * (1 + rise), 5e-3 * (1 + rise), 2e-2 * (1 + rise), 2e-2 * (1 + rise)],
                "betas": [(0.95 - 0.1 * rise, 0.99)] * 4}

    run("adamw_default", lambda p: torch.optim.AdamW(p), one)
    run("adamw_fastai", lambda p: torch.optim.AdamW(p, lr=2e-3, betas=(0.95, 0.99), eps=1e-5, weight_decay=0.01), layer, cycle)
    run("adamw_decay0.5", lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.5), layer)
    run("adamw_no_gradient_at_first", lambda p: torch.optim.AdamW(p, lr=1e-2, betas=(0.9, 0.99), eps=1e-5), layer,
        frozen={"names": ["0.weight", "0.bias", "2.weight"], "until_step": 5})
    run("adamw_clip", lambda p: torch.optim.AdamW(p, lr=1e-2, eps=1e-3), one, clip=0.1)
    run("adam_default", lambda p: torch.optim.Adam(p), one)
    run("adam_l2", lambda p: torch.optim.Adam(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), layer)
    run("sgd_plain", lambda p: torch.optim.SGD(p, lr=0.1), one)
    run("sgd_momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), one)
    run("sgd_momentum_decay", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-2), layer)
    run("sgd_nesterov", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-2, nesterov=True), layer)
    run("sgd_dampening", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3), one)
    run("sgd_no_gradient_at_first", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3), one,
        frozen={"names": ["0.weight", "2.bias"], "until_step": 4})
    run("rmsprop_default", lambda p: torch.optim.RMSprop(p), one)
    run("rmsprop_momentum", lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, momentum=0.9, eps=1e-6), layer)
    run("rmsprop_centered", lambda p: torch.optim.RMSprop(p, lr=1e-3, centered=True), one)
    run("rmsprop_centered_momentum_decay",
        lambda p: torch.optim.RMSprop(p, lr=1e-3, momentum=0.8, centered=True, weight_decay=0.1), layer)
    run("rmsprop_tf", lambda p: RMSpropTF(p, lr=1e-3, momentum=0.9, weight_decay=1e-2), layer)
    run("lamb_default", lambda p: Lamb(p), one)
    run("lamb_layers", lambda p: Lamb(p, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1, max_grad_norm=0.2), layer)
    run("lamb_trust_clip", lambda p: Lamb(p, lr=1e-2, weight_decay=0.02, trust_clip=True), layer)
    run("lamb_always_adapt", lambda p: Lamb(p, lr=1e-2, weight_decay=0.0, always_adapt=True), one)
    run("lamb_no_gradient_at_first", lambda p: Lamb(p, lr=1e-2), layer,
        frozen={"names": ["0.weight", "0.bias", "2.weight"], "until_step": 5})
    return book


def cosine(start, end, at):
    return start + (1 - math.cos(math.pi * at)) * (end - start) / 2


def one_cycle(step, steps, pct_start, start, middle, end):
    """fastai's: cosine from start to middle over the first pct_start of the steps, then to end. Step k of n stands at k / n."""
    at = step / steps
    if at < pct_start:
        return cosine(start, middle, at / pct_start)
    return cosine(middle, end, (at - pct_start) / (1 - pct_start))


def schedules():
    cases = []

    def fastai(name, steps, lr, pct_start=0.25, div=25.0, div_final=1e5):
        cases.append({"name": name, "schedule": "one_cycle_fastai", "steps": steps, "lr": lr, "pct_start": pct_start, "div": div,
                      "div_final": div_final, "momentum": [0.95, 0.85, 0.95],
                      "learning_rates": [one_cycle(k, steps, pct_start, lr / div, lr, lr / div_final) for k in range(steps)],
                      "momenta": [one_cycle(k, steps, pct_start, 0.95, 0.85, 0.95) for k in range(steps)]})

    fastai("fastai_default_40", 40, 1e-3)
    fastai("fastai_default_7", 7, 2e-3)
    fastai("fastai_fine_tune_frozen_16", 16, 2e-3, pct_start=0.99)
    fastai("fastai_fine_tune_unfrozen_32", 32, 1e-3, pct_start=0.3, div=5.0)
    for count in (1, 2, 3, 5):
        low, high = 1e-5, 1e-3
        rates = [high] if count == 1 else [low * (high / low) ** (k / (count - 1)) for k in range(count)]
        cases.append({"name": f"discriminative_{count}", "schedule": "discriminative", "low": low, "high": high,
                      "learning_rates": rates})

    def torch_schedule(name, steps, facts, make, momentum=False):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
        scheduler = make(optimizer)
        rates, momenta = [], []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            momenta.append(optimizer.param_groups[0]["momentum"])
            optimizer.step()
            scheduler.step()
        cases.append({"name": name, "steps": steps, "lr": 0.1, **facts, "learning_rates": rates,
                      **({"momenta": momenta} if momentum else {})})

    S = torch.optim.lr_scheduler
    torch_schedule("cosine_20", 21, {"schedule": "cosine", "t_max": 20, "eta_min": 0.0}, lambda o: S.CosineAnnealingLR(o, 20))
    torch_schedule("cosine_20_floor", 21, {"schedule": "cosine", "t_max": 20, "eta_min": 1e-3},
                   lambda o: S.CosineAnnealingLR(o, 20, 1e-3))
    torch_schedule("step_7", 22, {"schedule": "step", "step_size": 7, "gamma": 0.1}, lambda o: S.StepLR(o, 7, 0.1))
    torch_schedule("multi_step", 16, {"schedule": "multi_step", "milestones": [3, 9], "gamma": 0.5},
                   lambda o: S.MultiStepLR(o, [3, 9], 0.5))
    torch_schedule("exponential", 10, {"schedule": "exponential", "gamma": 0.9}, lambda o: S.ExponentialLR(o, 0.9))
    torch_schedule("linear_warmup", 9, {"schedule": "linear", "start_factor": 0.2, "total_iters": 5},
                   lambda o: S.LinearLR(o, 0.2, total_iters=5))
    torch_schedule("warmup_cosine", 20, {"schedule": "warmup_cosine", "start_factor": 0.1, "warmup": 5, "t_max": 15},
                   lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.1, total_iters=5), S.CosineAnnealingLR(o, 15)], [5]))
    torch_schedule("polynomial_0.9", 20, {"schedule": "polynomial", "power": 0.9},
                   lambda o: S.LambdaLR(o, lambda k: (1 - k / 20) ** 0.9))
    torch_schedule("linear_decay_warmup", 20, {"schedule": "linear_decay", "warmup": 4, "total": 20},
                   lambda o: S.LambdaLR(o, lambda k: k / 4 if k < 4 else max(0.0, (20 - k) / 16)))
    torch_schedule("one_cycle_torch", 20,
                   {"schedule": "one_cycle_torch", "max_lr": 0.1, "pct_start": 0.3, "div": 25.0, "div_final": 1e4},
                   lambda o: S.OneCycleLR(o, 0.1, total_steps=21), momentum=True)
    torch_schedule("polynomial_torch_2", 20, {"schedule": "polynomial", "power": 2.0},
                   lambda o: S.PolynomialLR(o, total_iters=20, power=2.0))
    for mult in (1, 2):
        torch_schedule(f"restarts_6_times{mult}", 42, {"schedule": "restarts", "t_0": 6, "t_mult": mult, "eta_min": 1e-3},
                       lambda o: S.CosineAnnealingWarmRestarts(o, 6, mult, 1e-3))
    # timm's cosine with a warm-up that counts as a prefix: the line starts at warmup_lr_init
    torch_schedule("timm_cosine_warmup_prefix", 20,
                   {"schedule": "warmup_cosine", "start_factor": 1e-4, "warmup": 5, "t_max": 15},
                   lambda o: S.LambdaLR(o, lambda k: 1e-4 + k * (1 - 1e-4) / 5 if k < 5
                                        else 0.5 * (1 + math.cos(math.pi * (k - 5) / 15))))
    measures = [1.0, 0.9, 0.91, 0.92, 0.90001, 0.89999, 0.9, 0.9, 0.9, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, float("nan"), 0.4,
                0.4, 0.4, 0.4, 0.4, 0.4, 0.4]
    for name, options in [("default", {}), ("patience2", {"patience": 2}), ("cooldown", {"patience": 1, "cooldown": 3}),
                          ("max", {"mode": "max", "patience": 2, "factor": 0.5}),
                          ("absolute", {"patience": 2, "threshold": 0.05, "threshold_mode": "abs", "min_lr": 5e-4}),
                          ("max_absolute", {"mode": "max", "patience": 0, "threshold": 0.02, "threshold_mode": "abs"})]:
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
        scheduler = S.ReduceLROnPlateau(optimizer, **options)
        rates = []
        for measure in measures:
            scheduler.step(measure)
            rates.append(optimizer.param_groups[0]["lr"])
        cases.append({"name": "plateau_" + name, "schedule": "plateau", "steps": len(rates), "lr": 0.1, **options,
                      "measures": [None if math.isnan(m) else m for m in measures], "learning_rates": rates})
    return cases


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Nn.Tests/Golden")
    os.makedirs(out, exist_ok=True)
    torch.set_num_threads(1)
    for number, part in enumerate((layers, losses, optimisers)):
        torch.manual_seed(2000 + number)
        part().write(out, part.__name__)
    with open(os.path.join(out, "schedules.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c) for c in schedules()) + "\n]\n")
    for name in sorted(os.listdir(out)):
        if os.path.isfile(os.path.join(out, name)):
            print(f"{name:28}{os.path.getsize(os.path.join(out, name)) // 1024:6} KB")


if __name__ == "__main__":
    main()
