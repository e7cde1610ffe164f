#!/usr/bin/python3
"""Losses of masks: cross-entropy and focal by PyTorch, Dice, Tversky and Lovasz-softmax plainly by their papers' formulas.

    /usr/bin/python3 tools/golden/mask_losses.py [FOLDER]

Writes tests/Graft.Nn.Tests/Golden/mask_losses.json (the cases: a name, and the loss as Graft's list spells it with its options)
and mask_losses.safetensors (their arrays, each named CASE.KEY: logits [N, K, H, W], target [N, H, W], weight [K], loss,
grad.logits). Pixels of class -100 do not count. Everything is computed in float64 and stored as float32.
"""
import json
import os
import sys

import torch
from torch.nn import functional as F

import safetensors_io

IGNORED = -100


def counted(logits, target):
    """Probabilities [P, K] and classes [P] of the pixels that count."""
    kept = target.flatten() != IGNORED
    rows = logits.permute(0, 2, 3, 1).reshape(-1, logits.shape[1])
    return rows.softmax(1)[kept], target.flatten()[kept]


def over_present(target, one):
    """The mean of a class's loss over the classes that occur."""
    return torch.stack([one(int(k)) for k in target.unique()]).mean()


def dice(logits, target, smooth=1.0):
    p, y = counted(logits, target)

    def one(k):
        truth = (y == k).double()
        return 1 - (2 * (p[:, k] * truth).sum() + smooth) / (p[:, k].sum() + truth.sum() + smooth)
    return over_present(y, one)


def tversky(logits, target, alpha=0.3, beta=0.7, smooth=1.0):
    p, y = counted(logits, target)

    def one(k):
        truth = (y == k).double()
        right = (p[:, k] * truth).sum()
        false_positive, false_negative = (p[:, k] * (1 - truth)).sum(), ((1 - p[:, k]) * truth).sum()
        return 1 - (right + smooth) / (right + alpha * false_positive + beta * false_negative + smooth)
    return over_present(y, one)


def lovasz(logits, target):
    """By the definition of the Lovasz extension: errors in descending order, each times the set function's increment."""
    p, y = counted(logits, target)

    def one(k):
        truth = y == k
        errors = torch.where(truth, 1 - p[:, k], p[:, k])
        order = errors.argsort(descending=True)
        total, before = torch.zeros((), dtype=torch.float64), 0.0
        misses, intruders, size = 0, 0, int(truth.sum())
        for i in order.tolist():
            if truth[i]:
                misses += 1
            else:
                intruders += 1
            jaccard = 1 - (size - misses) / (size + intruders)
            total = total + errors[i] * (jaccard - before)
            before = jaccard
        return total
    return over_present(y, one)


def focal(logits, target, gamma=2.0, weight=None, smoothing=0.0):
    p, y = counted(logits, target)
    classes = p.shape[1]
    truth = F.one_hot(y, classes).double() * (1 - smoothing) + smoothing / classes
    if weight is not None:
        truth = truth * weight
    losses = -(truth * p.log() * (1 - p) ** gamma).sum(1)
    return losses.sum() / (len(y) if weight is None else truth.sum())


def cross_entropy(logits, target, weight=None, smoothing=0.0):
    return F.cross_entropy(logits, target, weight, ignore_index=IGNORED, label_smoothing=smoothing)


def main(folder):
    torch.manual_seed(5)
    cases, arrays = [], {}

    def add(name, loss, function, target, classes=4, weight=None, smoothing=0.0, scale=2.0):
        logits = (torch.randn(target.shape[0], classes, *target.shape[1:]) * scale).double().requires_grad_()
        value = function(logits, target)
        value.backward()
        cases.append({"name": name, "loss": loss, "label_smoothing": smoothing})
        found = {"logits": logits, "target": target, "weight": weight, "loss": value, "grad.logits": logits.grad}
        for key, array in found.items():
            if array is not None:
                array = array.detach()
                arrays[f"{name}.{key}"] = array if array.dtype == torch.int64 else array.float()

    whole = torch.randint(0, 4, (2, 7, 6))
    holes = whole.clone()
    holes[torch.rand(holes.shape) < 0.3] = IGNORED
    lacking = torch.where(holes == 2, 0, holes)  # class 2 does not occur
    binary = (torch.rand(3, 5, 5) < 0.3).long()
    weight = torch.tensor([0.3, 2.0, 1.0, 0.7])
    for name, target in (("whole", whole), ("holes", holes), ("lacking", lacking)):
        add("ce_" + name, "ce", cross_entropy, target)
        add("dice_" + name, "dice", dice, target)
        add("tversky_" + name, "tversky", tversky, target)
        add("lovasz_" + name, "lovasz", lovasz, target)
        add("focal_" + name, "focal", focal, target)
    for name, function in (("ce", cross_entropy), ("dice", dice), ("tversky", tversky), ("lovasz", lovasz), ("focal", focal)):
        add(name + "_binary", name, function, binary, classes=2)
        add(name + "_sure", name, function, holes, scale=8.0)
    add("ce_weights", "ce", lambda x, t: cross_entropy(x, t, weight.double()), holes, weight=weight)
    add("ce_weights_smoothing", "ce", lambda x, t: cross_entropy(x, t, weight.double(), 0.1), holes, weight=weight,
        smoothing=0.1)
    add("ce_smoothing", "crossentropy", lambda x, t: cross_entropy(x, t, None, 0.2), holes, smoothing=0.2)
    add("focal_weights", "focal", lambda x, t: focal(x, t, 2.0, weight), holes, weight=weight)
    add("focal_gamma", "focal:gamma=0.5", lambda x, t: focal(x, t, 0.5), holes)
    add("focal_smoothing", "focal", lambda x, t: focal(x, t, 2.0, None, 0.1), holes, smoothing=0.1)
    add("dice_smooth", "dice:smooth=0.01", lambda x, t: dice(x, t, 0.01), holes)
    add("tversky_both", "tversky:alpha=1,beta=1,smooth=0.5", lambda x, t: tversky(x, t, 1, 1, 0.5), holes)
    add("sum", "ce+0.5*dice + 0.25*lovasz",
        lambda x, t: cross_entropy(x, t) + 0.5 * dice(x, t) + 0.25 * lovasz(x, t), holes)
    add("weighted", "0.5*tversky:alpha=0.4,beta=0.6", lambda x, t: 0.5 * tversky(x, t, 0.4, 0.6), holes)
    safetensors_io.write(os.path.join(folder, "mask_losses.safetensors"), arrays)
    with open(os.path.join(folder, "mask_losses.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Nn.Tests/Golden"))
