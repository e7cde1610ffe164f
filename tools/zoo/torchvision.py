#!/usr/bin/env python3
"""Writes what torchvision says about its published weights: python3 torchvision.py FOLDER

Makes FOLDER/torchvision.json (one line for each weight enum of the families that Graft knows) and FOLDER/imagenet-1k.txt (the
thousand labels, one a line, in the order of the logits). Made with torchvision 0.27.0; nothing is downloaded.
"""

import json
import os
import sys

import torchvision
from torchvision import models
from torchvision.transforms import InterpolationMode

FAMILIES = ("resnet", "resnext", "wide_resnet", "regnet", "convnext", "efficientnet", "mobilenet", "squeezenet", "vit_", "swin")
# torchvision's own code and weights; those of SWAG are named in the enum
LICENCE = "BSD-3-Clause"
LICENCES = {"https://github.com/facebookresearch/SWAG/blob/main/LICENSE": "CC-BY-NC-4.0"}
BASE = "https://download.pytorch.org/models/"
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def entry(name, weights, default):
    meta = weights.meta
    preset = weights.transforms()
    assert len(preset.crop_size) == 1 and len(preset.resize_size) == 1, weights
    assert weights.url.startswith(BASE), weights.url
    score = meta["_metrics"]["ImageNet-1K"]
    result = {
        "model": name,
        "tag": weights.name,
        "file": weights.url[len(BASE):],
        "parameters": meta["num_params"],
        "gigaops": meta["_ops"],
        "top1": score["acc@1"],
        "top5": score["acc@5"],
        "crop": preset.crop_size[0],
        "resize": preset.resize_size[0],
        "interpolation": InterpolationMode(preset.interpolation).value,
        "least": min(meta["min_size"]),
        "recipe": meta["recipe"],
    }
    if (preset.mean, preset.std) != (MEAN, STD):
        result["mean"], result["std"] = preset.mean, preset.std
    licence = LICENCES[meta["license"]] if "license" in meta else LICENCE
    if licence != LICENCE:
        result["licence"] = licence
    if default:
        result["default"] = True
    return result


def main():
    folder = sys.argv[1]
    entries, labels = [], None
    for name in models.list_models(module=models):
        if not name.startswith(FAMILIES):
            continue
        enum = models.get_model_weights(name)
        for weights in enum:
            labels = labels or weights.meta["categories"]
            assert weights.meta["categories"] == labels, weights
            entries.append(entry(name, weights, weights is enum.DEFAULT))
    head = {"source": f"torchvision {torchvision.__version__.split('+')[0]}", "licence": LICENCE}
    with open(os.path.join(folder, "torchvision.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "weights": [\n')
        file.write(",\n".join(json.dumps(one) for one in entries) + "\n]}\n")
    assert len(labels) == 1000
    with open(os.path.join(folder, "imagenet-1k.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(labels) + "\n")


main()
