"""
The totals that torchinfo 1.8 prints for torchvision's models, derived anew by forward hooks:

    /usr/bin/python3 tools/golden/summary_totals.py

Writes tests/Graft.Models.Tests/Golden/summary/torchvision.json. The rules are torchinfo's. A layer is a module without
modules in it. A layer that runs costs its weight's and bias's numbers once a sample, a convolution's for each pixel of its
output; what it gives counts twice if it has parameters. The parameters' size is that of the layers that ran: what other
modules hold (layer scales, class tokens, tables) and layers that never run by themselves (those of an attention that is one
function) only count as parameters.
"""
import json
import math
import os

import torch
from torch import nn
from torchvision.models import get_model_builder, get_model_weights, segmentation

MODELS = ["resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_small", "convnext_tiny", "efficientnet_b0", "regnet_y_400mf",
          "squeezenet1_1", "vit_b_16", "swin_t", "swin_v2_t"]
SEGMENTATION = ["fcn_resnet50", "deeplabv3_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"]


def totals(model, images):
    seen, sums = set(), {"total_mult_adds": 0, "forward_backward_bytes": 0, "params_bytes": 0}

    def count(layer, inputs, output):
        given = list(output.shape)
        own = list(layer.named_parameters())
        for name, parameter in own:
            if name in ("weight", "bias"):
                pixels = math.prod(given[2:]) if "Conv" in type(layer).__name__ else 1
                sums["total_mult_adds"] += parameter.numel() * given[0] * pixels
            elif "weight" in name or "bias" in name:
                sums["total_mult_adds"] += parameter.numel() * math.prod(given[:2])
        if own:
            sums["forward_backward_bytes"] += 2 * output.numel() * output.element_size()
        if layer not in seen:
            sums["params_bytes"] += sum(p.numel() * p.element_size() for _, p in own)
            seen.add(layer)

    for module in model.modules():
        if not any(module.children()):
            module.register_forward_hook(count)
    model.eval()
    with torch.no_grad():
        model(images)
    all_ = sum(p.numel() for p in model.parameters())
    return {"total_params": all_, **sums, "input_bytes": images.numel() * images.element_size()}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = os.path.join(here, "../../tests/Graft.Models.Tests/Golden/summary/torchvision.json")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    lines = []
    for name in MODELS:
        side = next(iter(get_model_weights(name))).transforms().crop_size[0]
        found = totals(get_model_builder(name)(), torch.zeros(1, 3, side, side))
        lines.append(f'  "{name}": {json.dumps({"side": side, **found})}')
        print(name, found, flush=True)
    for name in SEGMENTATION:  # with their auxiliary heads, and as many classes as the others
        side, aux = 97, {} if name.startswith("lraspp") else {"aux_loss": True}
        net = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=1000, **aux)
        found = totals(net, torch.zeros(1, 3, side, side))
        lines.append(f'  "{name}": {json.dumps({"side": side, **found})}')
        print(name, found, flush=True)
    with open(out, "w") as f:
        f.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
