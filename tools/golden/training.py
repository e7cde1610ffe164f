#!/usr/bin/python3
"""Learning-rate suggestions, the smoothed loss and the running mean of weights, by their definitions, on small inputs.

    /usr/bin/python3 tools/golden/training.py [FOLDER]

Writes rate_finder.json (fastai's four rules and its smoothing, worked out with numpy) and ema.json (timm's running mean of
weights, worked out with torch). See README.md beside this file.
"""
import json
import os
import sys

import numpy as np
import torch


def smooth(losses, beta=0.98):
    """fastai's smoothed loss: a running mean that starts at 0, divided by what its weights come to so far."""
    value, smoothed = 0.0, []
    for count, loss in enumerate(losses, 1):
        value = beta * value + (1 - beta) * loss
        smoothed.append(value / (1 - beta ** count))
    return smoothed


def valley(rates, losses):
    ends = [1] * len(losses)
    for i in range(len(losses)):
        ends[i] = 1 + max([ends[j] for j in range(i) if losses[j] > losses[i]], default=0)
    end = int(np.argmax(ends))
    start = end - ends[end] if end > 0 else 0
    third = (end - start) / 3
    return rates[start + int(third) + int(third / 2)]


def slide(rates, losses, apart=15, threshold=0.005):
    if len(losses) <= apart:
        return None
    slopes = np.gradient(np.array(losses))
    right, rate = -1, rates[-1 - apart]
    while right - apart >= -len(losses) and abs(slopes[right] - slopes[right - apart]) > threshold:
        rate, right = rates[right - apart], right - 1
    return rate


def minimum(rates, losses):
    return rates[int(np.argmin(losses))] / 10


def steep(rates, losses):
    return rates[int(np.argmin(np.diff(losses) / np.diff(np.log(rates))))]


def curves():
    random = np.random.default_rng(5)
    rates = [1e-7 * (10 / 1e-7) ** (k / 100) for k in range(100)]
    logs = np.log10(rates)
    usual = 2.3 - 1.4 / (1 + np.exp(-2.5 * (logs + 3))) + np.exp(3 * (logs + 0.3)) * 0.4
    return {
        "usual": usual,
        "noisy": usual + random.normal(0, 0.05, 100),
        "very_noisy": usual + random.normal(0, 0.6, 100),
        "falling": np.linspace(2, 1, 100),
        "rising": np.linspace(1, 2, 100),
        "flat": np.full(100, 0.7),
        "two_valleys": usual + 0.4 * np.sin(4 * logs),
        "diverged_early": usual[:41] + np.exp(np.arange(41) - 36.0),
        "few": usual[:22],
    }, rates


def rate_finder():
    cases = []
    shapes, rates = curves()
    for name, raw in shapes.items():
        raw = [float(x) for x in raw]
        losses = smooth(raw)
        seen_rates, seen = rates[:len(raw)][10:-5], losses[10:-5]
        cases.append({"name": name, "rates": rates[:len(raw)], "raw": raw, "smoothed": losses,
                      "valley": valley(seen_rates, seen), "slide": slide(seen_rates, seen),
                      "minimum": minimum(seen_rates, seen), "steep": steep(seen_rates, seen)})
    return cases


def ema():
    torch.manual_seed(31)
    values = [torch.randn(5) for _ in range(12)]
    cases = []
    for name, decay, warm_up in [("timm", 0.9998, False), ("fast", 0.6, False), ("warm_up", 0.9998, True), ("capped", 0.3, True)]:
        mean, means = values[0].clone(), []
        for n, value in enumerate(values[1:]):
            now = min(decay, (1 + n) / (10 + n)) if warm_up else decay
            mean = now * mean + (1 - now) * value
            means.append(mean.tolist())
        cases.append({"name": name, "decay": decay, "warm_up": warm_up, "values": [v.tolist() for v in values], "means": means})
    return cases


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Training.Tests/Golden")
    os.makedirs(out, exist_ok=True)
    for part in (rate_finder, ema):
        with open(os.path.join(out, part.__name__ + ".json"), "w") as f:
            f.write("[\n" + ",\n".join(json.dumps(c) for c in part()) + "\n]\n")


if __name__ == "__main__":
    main()
