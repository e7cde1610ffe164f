#!/usr/bin/python3
"""Runs torchvision's segmentation networks at their real widths, and writes some of their logits.

    /usr/bin/python3 tools/golden/torchvision_segmentation.py [FOLDER [MODEL...]]

The weights are not written: each is drawn from its own name, so that the reader of the logits can draw them too. See README.md.
"""
import json
import os
import sys

import numpy as np
import torch
from torch.nn import functional as F
from torchvision.models import segmentation

import safetensors_io

CLASSES, SIZE = 7, (65, 97)
MODELS = ["fcn_resnet50", "fcn_resnet101", "deeplabv3_resnet50", "deeplabv3_resnet101", "deeplabv3_mobilenet_v3_large",
          "lraspp_mobilenet_v3_large"]


def uniform(name, shape, low, high):
    """SplitMix64 from the FNV-1a hash of the name: the i-th value is of state hash + (i + 1) steps; its top 24 bits count."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    count = int(np.prod(shape, dtype=np.int64))
    with np.errstate(over="ignore"):
        z = np.uint64(state) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(40)).astype(np.float64) / 2.0 ** 24
    return torch.from_numpy((low + (high - low) * unit).astype(np.float32).reshape(shape))


def drawn(name, shape):
    """A weight of that name: convolutions by He's rule, statistics and affine parameters away from 0 and 1."""
    if len(shape) == 4:
        bound = (6.0 / (shape[1] * shape[2] * shape[3])) ** 0.5
        return uniform(name, shape, -bound, bound)
    if name.endswith("running_var"):
        return uniform(name, shape, 0.5, 1.5)
    return uniform(name, shape, 0.4, 0.9) if name.endswith("weight") else uniform(name, shape, -0.2, 0.2)


def build(model):
    aux = {} if model.startswith("lraspp") else {"aux_loss": True}
    net = getattr(segmentation, model)(weights=None, weights_backbone=None, num_classes=CLASSES, **aux)
    state = net.state_dict()
    for name, tensor in state.items():
        if tensor.dtype == torch.float32:
            state[name] = drawn(name, tuple(tensor.shape))
    net.load_state_dict(state)
    return net.eval()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        here, "..", "..", "tests", "Graft.Models.Tests", "Golden", "segmentation")
    for model in sys.argv[2:] or MODELS:
        net = build(model)
        image = uniform("image", (2, 3) + SIZE, -2, 2)
        labels = (uniform("labels", (2,) + SIZE, 0, CLASSES)).long()
        logits = net(image)
        loss = sum(F.cross_entropy(value, labels) * (1 if key == "out" else 0.5) for key, value in logits.items())
        loss.backward()
        with torch.no_grad():
            exact = net.double()(image.double())
        arrays, noise = {}, {}
        for key, value in logits.items():
            assert value.shape[-2:] == SIZE
            arrays[key] = value.detach()[:, :, ::8, ::8].contiguous()
            noise[key] = float((value.detach().double() - exact[key]).abs().max() / exact[key].std())
            arrays[key + ".std"] = value.detach().std()
        arrays["loss"] = loss.detach()
        folder = os.path.join(out, model)
        os.makedirs(folder, exist_ok=True)
        safetensors_io.write(os.path.join(folder, "expected.safetensors"), arrays)
        norms = {name: float(p.grad.double().norm()) for name, p in net.named_parameters()}
        with open(os.path.join(folder, "facts.json"), "w") as f:
            json.dump({"parameters": sum(p.numel() for p in net.parameters()), "float_noise": noise,
                       "gradients": {name: float("%.6g" % norm) for name, norm in norms.items()}}, f, indent=1)
            f.write("\n")
        print(model, {k: (float(v.std()), noise[k]) for k, v in logits.items()}, float(loss))


if __name__ == "__main__":
    main()
