#!/usr/bin/python3
"""Runs transformers' own UPerNet on ConvNeXt and Swin backbones at tiny widths, and writes it as save_pretrained does.

    python3 tools/golden/transformers_upernet.py [FOLDER]

Needs transformers 4.46 or newer (the numbers here are of 5.12). Each folder holds config.json and model.safetensors of
save_pretrained, and expected.safetensors: images input.HxW (bytes; x = (input - 128) / 64), logits logits.HxW, and what the
auxiliary head gives of the same images, resized as transformers resizes it for the loss, auxiliary.HxW. See README.md beside
this file.
"""
import os
import shutil
import sys

import torch
import transformers as T

import safetensors_io

STAGES = ["stage1", "stage2", "stage3", "stage4"]
HEAD = {"hidden_size": 16, "auxiliary_channels": 8, "num_labels": 3}


def convnext(**more):
    return T.ConvNextConfig(depths=[1, 1, 2, 1], hidden_sizes=[6, 8, 10, 12], layer_scale_init_value=0.5, out_features=STAGES,
                            **more)


def swin(**more):
    return T.SwinConfig(embed_dim=6, depths=[2, 1, 2, 2], num_heads=[1, 2, 3, 4], window_size=3, image_size=32, mlp_ratio=2.0,
                        out_features=STAGES, **more)


MODELS = {
    "convnext": lambda: T.UperNetConfig(backbone_config=convnext(), **HEAD),
    "convnext_other": lambda: T.UperNetConfig(
        backbone_config=convnext(hidden_act="gelu_new"), **HEAD, pool_scales=[1, 3],
        auxiliary_num_convs=2, auxiliary_concat_input=True),
    "convnext_alone": lambda: T.UperNetConfig(backbone_config=convnext(), use_auxiliary_head=False, **HEAD),
    "swin": lambda: T.UperNetConfig(backbone_config=swin(), **HEAD),
}


def randomise(model):
    """Makes every weight and statistic non-trivial, so that mistakes show."""
    with torch.no_grad():
        for name, p in list(model.named_parameters()) + list(model.named_buffers()):
            if not p.is_floating_point():
                continue
            if name.endswith("running_var"):
                p.uniform_(0.5, 1.5)
            elif name.endswith("running_mean"):
                p.uniform_(-0.3, 0.3)
            elif p.dim() > 1:
                p.normal_(std=1.2 / p[0].numel() ** 0.5)
            elif "norm" in name and name.endswith("weight"):
                p.uniform_(0.5, 1.5)
            elif "layer_scale" in name:
                p.uniform_(0.2, 1.2)
            else:
                p.uniform_(-0.4, 0.4)


def main(folder):
    for number, (name, config) in enumerate(MODELS.items()):
        torch.manual_seed(4100 + number)
        model = T.UperNetForSemanticSegmentation(config())
        randomise(model)
        model.eval()
        out = os.path.join(folder, name)
        shutil.rmtree(out, ignore_errors=True)
        model.save_pretrained(out)
        arrays = {}
        for height, width in ((32, 32), (37, 50)):
            images = torch.randint(0, 256, (1, 3, height, width), dtype=torch.uint8)
            x = (images.float() - 128) / 64
            with torch.no_grad():
                logits = model(x).logits
                key = f"{height}x{width}"
                arrays[f"input.{key}"], arrays[f"logits.{key}"] = images, logits
                if model.auxiliary_head is not None:
                    small = model.auxiliary_head(model.backbone(x).feature_maps)
                    arrays[f"auxiliary.{key}"] = torch.nn.functional.interpolate(
                        small, size=(height, width), mode="bilinear", align_corners=False)
        safetensors_io.write(os.path.join(out, "expected.safetensors"), arrays)
        print(name, sum(p.numel() for p in model.parameters()), "parameters")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Models.Tests/Golden/upernet"))
