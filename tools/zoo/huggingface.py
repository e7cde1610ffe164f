#!/usr/bin/env python3
"""Writes what is published about well-known repositories of the Hugging Face Hub: python3 huggingface.py FOLDER

Makes FOLDER/huggingface.json. The figures are those of the authors' own pages, named as the source of each; repositories whose
weights were converted from elsewhere without a word on their accuracy have none. Columns: repository, top 1, top 5 (percent),
billions of multiply-adds, input size, source, licence where it is not Apache-2.0.
"""

import json
import os
import sys

CONVNEXT = "github.com/facebookresearch/ConvNeXt, README"
CONVNEXT2 = "github.com/facebookresearch/ConvNeXt-V2, README"
SWIN = "github.com/microsoft/Swin-Transformer, MODELHUB"
DEIT = "github.com/facebookresearch/deit, README_deit"
BEIT = "github.com/microsoft/unilm, beit/README"
DINO2 = "github.com/facebookresearch/dinov2, README (linear)"
PAPER_EFFICIENTNET = "arXiv:1905.11946, table 2"
SLIM = "github.com/tensorflow/models, slim/nets/mobilenet"
NC, OTHER = "CC-BY-NC-4.0", "other"


def rows():
    for name, top1, ops, size in (
            ("tiny-224", 82.1, 4.5, 224), ("small-224", 83.1, 8.7, 224), ("base-224", 83.8, 15.4, 224),
            ("base-384", 85.1, 45.0, 384), ("large-224", 84.3, 34.4, 224), ("large-384", 85.5, 101.0, 384),
            ("base-224-22k-1k", 85.8, 15.4, 224), ("base-384-22k-1k", 86.8, 47.0, 384),
            ("large-224-22k-1k", 86.6, 34.4, 224), ("large-384-22k-1k", 87.5, 101.0, 384),
            ("xlarge-224-22k-1k", 87.0, 60.9, 224), ("xlarge-384-22k-1k", 87.8, 179.0, 384)):
        yield f"facebook/convnext-{name}", top1, None, ops, size, CONVNEXT, None
    for name, top1, ops, size in (
            ("atto-1k-224", 76.7, 0.55, 224), ("femto-1k-224", 78.5, 0.78, 224), ("pico-1k-224", 80.3, 1.37, 224),
            ("nano-1k-224", 81.9, 2.45, 224), ("tiny-1k-224", 83.0, 4.47, 224), ("base-1k-224", 84.9, 15.4, 224),
            ("large-1k-224", 85.8, 34.4, 224), ("huge-1k-224", 86.3, 115.0, 224), ("nano-22k-224", 82.1, 2.45, 224),
            ("nano-22k-384", 83.4, 7.21, 384), ("tiny-22k-224", 83.9, 4.47, 224), ("tiny-22k-384", 85.1, 13.1, 384),
            ("base-22k-224", 86.8, 15.4, 224), ("base-22k-384", 87.7, 45.2, 384), ("large-22k-224", 87.3, 34.4, 224),
            ("large-22k-384", 88.2, 101.1, 384), ("huge-22k-384", 88.7, 337.9, 384), ("huge-22k-512", 88.9, 600.8, 512)):
        yield f"facebook/convnextv2-{name}", top1, None, ops, size, CONVNEXT2, NC
    for name, top1, top5, ops, size in (
            ("swin-tiny-patch4-window7-224", 81.2, 95.5, 4.5, 224), ("swin-small-patch4-window7-224", 83.2, 96.2, 8.7, 224),
            ("swin-base-patch4-window7-224", 83.5, 96.5, 15.4, 224), ("swin-base-patch4-window12-384", 84.5, 97.0, 47.1, 384),
            ("swin-large-patch4-window7-224", 86.3, 97.9, 34.5, 224),
            ("swin-large-patch4-window12-384", 87.3, 98.2, 103.9, 384),
            ("swinv2-tiny-patch4-window8-256", 81.8, 95.9, 5.9, 256), ("swinv2-small-patch4-window8-256", 83.7, 96.6, 11.5, 256),
            ("swinv2-base-patch4-window8-256", 84.2, 96.9, 20.3, 256), ("swinv2-tiny-patch4-window16-256", 82.8, 96.2, 6.6, 256),
            ("swinv2-small-patch4-window16-256", 84.1, 96.8, 12.6, 256),
            ("swinv2-base-patch4-window16-256", 84.6, 97.0, 21.8, 256),
            ("swinv2-base-patch4-window12to16-192to256-22kto1k-ft", 86.2, 97.9, 21.8, 256),
            ("swinv2-base-patch4-window12to24-192to384-22kto1k-ft", 87.1, 98.2, 54.7, 384),
            ("swinv2-large-patch4-window12to16-192to256-22kto1k-ft", 86.9, 98.0, 47.5, 256),
            ("swinv2-large-patch4-window12to24-192to384-22kto1k-ft", 87.6, 98.3, 115.4, 384)):
        yield f"microsoft/{name}", top1, top5, ops, size, SWIN, None
    for name, top1, top5, size in (
            ("tiny-patch16-224", 72.2, 91.1, 224), ("small-patch16-224", 79.9, 95.0, 224), ("base-patch16-224", 81.8, 95.6, 224),
            ("base-patch16-384", 82.9, 96.2, 384), ("tiny-distilled-patch16-224", 74.5, 91.9, 224),
            ("small-distilled-patch16-224", 81.2, 95.4, 224), ("base-distilled-patch16-224", 83.4, 96.5, 224),
            ("base-distilled-patch16-384", 85.2, 97.2, 384)):
        yield f"facebook/deit-{name}", top1, top5, None, size, DEIT, None
    for name, top1, top5, size in (
            ("base-patch16-224", 85.2, 97.6, 224), ("base-patch16-384", 86.8, 98.1, 384), ("large-patch16-224", 87.4, 98.3, 224),
            ("large-patch16-384", 88.4, 98.6, 384), ("large-patch16-512", 88.6, 98.66, 512)):
        yield f"microsoft/beit-{name}", top1, top5, None, size, BEIT, None
    for name in ("base", "large"):
        yield f"microsoft/beit-{name}-patch16-224-pt22k-ft22k", None, None, None, 224, None, None
    for name, plain, registers in (("small", 81.1, 80.9), ("base", 84.5, 84.6), ("large", 86.3, 86.7), ("giant", 86.5, 87.1)):
        yield f"facebook/dinov2-{name}-imagenet1k-1-layer", plain, None, None, 224, DINO2, None
        yield f"facebook/dinov2-with-registers-{name}-imagenet1k-1-layer", registers, None, None, 224, DINO2, None
        yield f"facebook/dinov2-{name}", None, None, None, 224, None, None
        yield f"facebook/dinov2-with-registers-{name}", None, None, None, 224, None, None
    for index, (top1, top5, size) in enumerate((
            (77.1, 93.3, 224), (79.1, 94.4, 240), (80.1, 94.9, 260), (81.6, 95.7, 300), (82.9, 96.4, 380), (83.6, 96.7, 456),
            (84.0, 96.8, 528), (84.3, 97.0, 600))):
        yield f"google/efficientnet-b{index}", top1, top5, None, size, PAPER_EFFICIENTNET, None
    for name, top1, top5, ops, size in (
            ("1.4_224", 75.0, 92.5, 0.582, 224), ("1.0_224", 71.8, 91.0, 0.3, 224), ("0.75_160", 66.4, 87.3, 0.107, 160),
            ("0.35_96", 45.5, 70.4, 0.011, 96)):
        yield f"google/mobilenet_v2_{name}", top1, top5, ops, size, SLIM, OTHER
    for depth in (18, 26, 34, 50, 101, 152):
        yield f"microsoft/resnet-{depth}", None, None, None, 224, None, None
    for name in ("base-patch16-224", "base-patch16-384", "base-patch32-384", "large-patch16-224", "large-patch16-384",
                 "large-patch32-384", "base-patch16-224-in21k", "base-patch32-224-in21k", "large-patch16-224-in21k",
                 "large-patch32-224-in21k", "huge-patch14-224-in21k"):
        yield f"google/vit-{name}", None, None, None, int(name.replace("-in21k", "").rsplit("-", 1)[1]), None, None
    for name, size in (
            ("swin-base-patch4-window7-224-in22k", 224), ("swin-base-patch4-window12-384-in22k", 384),
            ("swin-large-patch4-window7-224-in22k", 224), ("swin-large-patch4-window12-384-in22k", 384),
            ("swinv2-base-patch4-window12-192-22k", 192), ("swinv2-large-patch4-window12-192-22k", 192)):
        yield f"microsoft/{name}", None, None, None, size, None, None
    for name in ("vits16", "vits8", "vitb16", "vitb8"):
        yield f"facebook/dino-{name}", None, None, None, 224, None, None
    for name, size in (("base-patch32", 224), ("base-patch16", 224), ("large-patch14", 224), ("large-patch14-336", 336)):
        yield f"openai/clip-vit-{name}", None, None, None, size, None, "MIT"


def main():
    found = [row if row[6] else row[:6] for row in rows()]
    found.sort(key=lambda row: row[0])
    assert len({row[0] for row in found}) == len(found)
    with open(os.path.join(sys.argv[1], "huggingface.json"), "w", encoding="utf-8") as file:
        file.write('{"licence": "Apache-2.0", "weights": [\n')
        file.write(",\n".join(json.dumps(row) for row in found) + "\n]}\n")


main()
