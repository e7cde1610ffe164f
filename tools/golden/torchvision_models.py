#!/usr/bin/python3
"""Runs torchvision's own networks at tiny widths, and writes weights, logits, losses, gradients.

    /usr/bin/python3 tools/golden/torchvision_models.py [FOLDER [MODEL...]]

Each folder holds config.json (what was built), weights.safetensors (torchvision's names) and expected.safetensors.
See README.md beside this file for the keys.
"""
import copy
import json
import os
import sys

import torch
import torchvision
from torch import nn
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.mobilenetv2 import Conv2dNormActivation, MobileNetV2
from torchvision.models.regnet import BlockParams, RegNet
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from torchvision.models.squeezenet import Fire, SqueezeNet
from torchvision.models.swin_transformer import PatchMerging, PatchMergingV2, SwinTransformer, SwinTransformerBlock, \
    SwinTransformerBlockV2
from torchvision.models.vision_transformer import VisionTransformer, interpolate_embeddings

import safetensors_io

CLASSES = 5


class TinyResNet(ResNet):
    """torchvision's ResNet with the stem's 64 channels, which its constructor fixes, replaced by `stem`; else its own code."""

    def __init__(self, block, layers, stem, groups=1, width_per_group=64):
        nn.Module.__init__(self)
        self._norm_layer = nn.BatchNorm2d
        self.inplanes, self.dilation, self.groups, self.base_width = stem, 1, groups, width_per_group
        self.conv1 = nn.Conv2d(3, stem, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self._make_layer(block, stem, layers[0])
        self.layer2 = self._make_layer(block, stem * 2, layers[1], stride=2)
        self.layer3 = self._make_layer(block, stem * 4, layers[2], stride=2)
        self.layer4 = self._make_layer(block, stem * 8, layers[3], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(stem * 8 * block.expansion, CLASSES)


def resnet(block, layers, stem=4, groups=1, width_per_group=64):
    facts = {"family": "resnet", "block": block.__name__, "layers": layers, "stem_channels": stem,
             "planes": [stem, stem * 2, stem * 4, stem * 8], "expansion": block.expansion, "groups": groups,
             "width_per_group": width_per_group, "batch_norm_eps": 1e-5, "batch_norm_momentum": 0.1}
    return TinyResNet(block, layers, stem, groups, width_per_group), facts


def mobilenet_v2(width_mult, last_channels):
    """torchvision's MobileNetV2, its last convolution cut from 1280 to `last_channels` to keep the file small."""
    net = MobileNetV2(num_classes=CLASSES, width_mult=width_mult, dropout=0.0)
    before = net.features[-1][0].in_channels
    net.features[-1] = Conv2dNormActivation(before, last_channels, kernel_size=1, norm_layer=nn.BatchNorm2d,
                                            activation_layer=nn.ReLU6)
    net.classifier[1] = nn.Linear(last_channels, CLASSES)
    return net, {"family": "mobilenet_v2", "width_mult": width_mult, "round_nearest": 8, "last_channels": last_channels,
                 "batch_norm_eps": 1e-5, "batch_norm_momentum": 0.1, "dropout": 0.0}


def convnext(dims, depths):
    after = dims[1:] + [None]
    setting = [CNBlockConfig(d, n, k) for d, n, k in zip(dims, after, depths)]
    net = ConvNeXt(setting, stochastic_depth_prob=0.0, num_classes=CLASSES)
    return net, {"family": "convnext", "dims": dims, "depths": depths, "layer_norm_eps": 1e-6, "stochastic_depth": 0.0,
                 "gelu": "erf"}


class TinyViT(VisionTransformer):
    """torchvision's ViT, which takes images of one size; for others its own interpolate_embeddings makes another net of it."""

    def forward(self, x):
        if x.shape[-1] == self.image_size:
            return super().forward(x)
        other = VisionTransformer(x.shape[-1], self.patch_size, len(self.encoder.layers), 2, self.hidden_dim, self.mlp_dim,
                                  num_classes=CLASSES)
        state = {k: v.float() for k, v in self.state_dict().items()}
        state = interpolate_embeddings(x.shape[-1], self.patch_size, state, "bicubic")
        other.load_state_dict(state)
        return other.eval().to(x.dtype)(x)


def vit(image, patch, layers, width, mlp):
    net = TinyViT(image, patch, layers, 2, width, mlp, num_classes=CLASSES)
    with torch.no_grad():
        for tensor in (net.class_token, net.encoder.pos_embedding):
            uniform(tensor, -0.5, 0.5)
        for layer in net.encoder.layers:
            uniform(layer.self_attention.in_proj_weight, -0.4, 0.4)
            uniform(layer.self_attention.in_proj_bias, -0.2, 0.2)
    return net, {"family": "vit", "image_size": image, "patch_size": patch, "layers": layers, "heads": 2, "hidden_dim": width,
                 "mlp_dim": mlp, "layer_norm_eps": 1e-6, "gelu": "erf",
                 "wide": "another size, positions by interpolate_embeddings"}


def swin(v2, embed_dim, depths, heads, window):
    block, merging = (SwinTransformerBlockV2, PatchMergingV2) if v2 else (SwinTransformerBlock, PatchMerging)
    net = SwinTransformer([4, 4], embed_dim, depths, heads, [window, window], stochastic_depth_prob=0.0, num_classes=CLASSES,
                          block=block, downsample_layer=merging)
    return net, {"family": "swin", "v2": v2, "embed_dim": embed_dim, "depths": depths, "heads": heads, "window": window,
                 "mlp_ratio": 4, "layer_norm_eps": 1e-5, "gelu": "erf"}


def regnet(stem, depths, widths, group, se_ratio):
    net = RegNet(BlockParams(depths, widths, [group] * len(depths), [1.0] * len(depths), [2] * len(depths), se_ratio),
                 num_classes=CLASSES, stem_width=stem)
    return net, {"family": "regnet", "stem": stem, "depths": depths, "widths": widths, "group": group,
                 "se_ratio": se_ratio or 0, "batch_norm_eps": 1e-5}


class TinySqueezeNet(SqueezeNet):
    """torchvision's SqueezeNet with few channels in each layer, which its constructor fixes; else its own code."""

    def __init__(self, kernel, stem, fires):
        nn.Module.__init__(self)
        layers, inputs = [nn.Conv2d(3, stem, kernel_size=kernel, stride=2), nn.ReLU(inplace=True)], stem
        for fire in fires:
            if fire is None:
                layers.append(nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True))
            else:
                layers.append(Fire(inputs, fire[0], fire[1], fire[1]))
                inputs = 2 * fire[1]
        self.features = nn.Sequential(*layers)
        final = nn.Conv2d(inputs, CLASSES, kernel_size=1)
        self.classifier = nn.Sequential(nn.Dropout(p=0.0), final, nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))


def squeezenet(kernel, stem, fires):
    net = TinySqueezeNet(kernel, stem, fires)
    return net, {"family": "squeezenet", "kernel": kernel, "stem": stem, "squeezed": [f[0] if f else 0 for f in fires],
                 "expanded": [f[1] if f else 0 for f in fires], "dropout": 0.0}


MODELS = {
    "mobilenet_v2_w010": lambda: mobilenet_v2(0.1, 32),
    "resnet18_tiny": lambda: resnet(BasicBlock, [2, 2, 2, 2], stem=3),
    "resnet34_tiny": lambda: resnet(BasicBlock, [3, 4, 2, 1], stem=3),
    "resnet50_tiny": lambda: resnet(Bottleneck, [1, 2, 1, 1]),
    "resnext50_tiny": lambda: resnet(Bottleneck, [1, 1, 1, 1], groups=4, width_per_group=32),
    "wide_resnet50_tiny": lambda: resnet(Bottleneck, [1, 1, 1, 1], width_per_group=128, stem=3),
    "convnext_tiny": lambda: convnext([8, 16, 24, 32], [1, 1, 2, 1]),
    "convnext_deep": lambda: convnext([6, 10, 14, 20], [2, 1, 3, 2]),
    "vit_tiny": lambda: vit(64, 16, 2, 24, 40),
    "swin_tiny": lambda: swin(False, 8, [2, 3], [1, 2], window=3),
    "swin_v2_tiny": lambda: swin(True, 8, [2, 2], [1, 2], window=4),
    "regnet_x_tiny": lambda: regnet(8, [1, 2, 1], [8, 16, 24], 8, None),
    "regnet_y_tiny": lambda: regnet(8, [1, 2, 1, 1], [8, 16, 16, 24], 4, 0.25),
    "squeezenet1_0_tiny": lambda: squeezenet(7, 8, [None, (4, 8), (4, 8), None, (6, 8)]),
    "squeezenet1_1_tiny": lambda: squeezenet(3, 8, [None, (4, 8), None, (4, 8), None, (6, 8)]),
}
FULL = ["mobilenet_v2", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
        "wide_resnet50_2", "wide_resnet101_2", "convnext_tiny", "convnext_small", "convnext_base", "convnext_large",
        "vit_b_16", "vit_b_32", "vit_l_16", "vit_l_32", "vit_h_14",
        "swin_t", "swin_s", "swin_b", "swin_v2_t", "swin_v2_s", "swin_v2_b", "squeezenet1_0", "squeezenet1_1",
        *[f"regnet_{kind}_{size}" for kind in "xy" for size in ["400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf"]]]


def uniform(t, low, high):
    t.copy_(torch.rand(t.shape) * (high - low) + low)


def randomise(net):
    """Makes every weight, batch-norm statistic, affine parameter and layer scale non-trivial, so that mistakes show."""
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)
                if module.bias is not None:
                    uniform(module.bias, -0.2, 0.2)
            elif isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
                uniform(module.weight, 0.5, 1.5)
                uniform(module.bias, -0.3, 0.3)
            if isinstance(module, nn.BatchNorm2d):
                uniform(module.running_mean, -0.3, 0.3)
                uniform(module.running_var, 0.5, 1.5)
                module.num_batches_tracked.fill_(7)
            if hasattr(module, "layer_scale"):
                uniform(module.layer_scale, 0.2, 1.0)
            if isinstance(getattr(module, "relative_position_bias_table", None), nn.Parameter):
                nn.init.normal_(module.relative_position_bias_table, std=0.7)
            if hasattr(module, "logit_scale"):
                uniform(module.logit_scale, 1.0, 5.0)


def run(net, dtype, square, wide, labels):
    """Everything the tests compare, in the given precision."""
    net = copy.deepcopy(net).to(dtype)
    square, wide = (((x.to(dtype)) - 128) / 64 for x in (square, wide))
    result = {}
    net.eval()
    with torch.no_grad():
        result["eval.logits"] = net(square)
        result["wide.eval.logits"] = net(wide)
    net.train()
    logits = net(square)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    result["train.logits"], result["train.loss"] = logits, loss
    for name, parameter in net.named_parameters():
        result["grad." + name] = parameter.grad
    for name, buffer in net.named_buffers():
        result["after." + name] = buffer
    return result


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../tests/Graft.Models.Tests/Golden/torchvision")
    only = sys.argv[2:]
    torch.set_num_threads(1)
    for index, (name, build) in enumerate(MODELS.items()):
        if only and name not in only:
            continue
        torch.manual_seed(1000 + index)
        net, facts = build()
        randomise(net)
        square = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
        size = (96, 96) if facts["family"] == "vit" else (32, 64)
        wide = torch.randint(0, 256, (1, 3, *size), dtype=torch.uint8)
        labels = torch.randint(0, CLASSES, (2,))
        single, double = (run(net, t, square, wide, labels) for t in (torch.float32, torch.float64))
        noise = {}
        largest = max(v.abs().max().item() for k, v in double.items() if k.startswith("grad."))
        for key in single:
            size = double[key].double().abs().max().item()
            if key.startswith("grad."):
                size = max(size, largest * 1e-3)
            error = (single[key].double() - double[key].double()).abs().max().item()
            noise[key] = error / size if size > 0 else 0.0
        folder = os.path.join(out, name)
        os.makedirs(folder, exist_ok=True)
        safetensors_io.write(os.path.join(folder, "weights.safetensors"), net.state_dict(), {"format": "pt"})
        safetensors_io.write(os.path.join(folder, "expected.safetensors"),
                             {"input": square, "wide.input": wide, "labels": labels, **single})
        facts = {"name": name, **facts, "num_classes": CLASSES,
                 "input": "x = (input - 128) / 64, float32; likewise wide.input",
                 "torch": torch.__version__, "torchvision": torchvision.__version__,
                 "parameters": sum(p.numel() for p in net.parameters()),
                 "float_noise": {"logits": max(v for k, v in noise.items() if k.endswith("logits")),
                                 "loss": noise["train.loss"],
                                 "gradients": max(v for k, v in noise.items() if k.startswith("grad.")),
                                 "statistics": max([v for k, v in noise.items() if k.startswith("after.")], default=0.0)}}
        with open(os.path.join(folder, "config.json"), "w") as f:
            json.dump(facts, f, indent=2)
            f.write("\n")
        bytes_ = sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder))
        print(f"{name:20} {facts['parameters']:7} parameters {bytes_ // 1024:4} KB  loss {single['train.loss'].item():.3f} "
              f"logits {single['eval.logits'].std().item():.2f} noise {facts['float_noise']}")
    os.makedirs(os.path.join(out, "names"), exist_ok=True)
    for name in only or FULL:
        if name not in FULL:
            continue
        net = getattr(torchvision.models, name)()
        shapes = {k: list(v.shape) for k, v in net.state_dict().items()}
        with open(os.path.join(out, "names", name + ".json"), "w") as f:
            f.write("{\n" + ",\n".join(f'"{k}":{json.dumps(v, separators=(",", ":"))}' for k, v in shapes.items()) + "\n}\n")


if __name__ == "__main__":
    main()
