#!/usr/bin/python3
"""Runs torchvision's own MobileNetV2, ResNet and ConvNeXt at tiny widths, and writes weights, logits, losses, gradients.

    /usr/bin/python3 tools/golden/torchvision_models.py [FOLDER]

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
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

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


MODELS = {
    "mobilenet_v2_w010": lambda: mobilenet_v2(0.1, 32),
    "resnet18_tiny": lambda: resnet(BasicBlock, [2, 2, 2, 2], stem=3),
    "resnet34_tiny": lambda: resnet(BasicBlock, [3, 4, 2, 1], stem=3),
    "resnet50_tiny": lambda: resnet(Bottleneck, [1, 2, 1, 1]),
    "resnext50_tiny": lambda: resnet(Bottleneck, [1, 1, 1, 1], groups=4, width_per_group=32),
    "wide_resnet50_tiny": lambda: resnet(Bottleneck, [1, 1, 1, 1], width_per_group=128, stem=3),
    "convnext_tiny": lambda: convnext([8, 16, 24, 32], [1, 1, 2, 1]),
    "convnext_deep": lambda: convnext([6, 10, 14, 20], [2, 1, 3, 2]),
}
FULL = ["mobilenet_v2", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
        "wide_resnet50_2", "wide_resnet101_2", "convnext_tiny", "convnext_small", "convnext_base", "convnext_large"]


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
    torch.set_num_threads(1)
    for index, (name, build) in enumerate(MODELS.items()):
        torch.manual_seed(1000 + index)
        net, facts = build()
        randomise(net)
        square = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
        wide = torch.randint(0, 256, (1, 3, 32, 64), dtype=torch.uint8)
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
    for name in FULL:
        net = getattr(torchvision.models, name)()
        shapes = {k: list(v.shape) for k, v in net.state_dict().items()}
        with open(os.path.join(out, "names", name + ".json"), "w") as f:
            f.write("{\n" + ",\n".join(f'"{k}":{json.dumps(v, separators=(",", ":"))}' for k, v in shapes.items()) + "\n}\n")


if __name__ == "__main__":
    main()
