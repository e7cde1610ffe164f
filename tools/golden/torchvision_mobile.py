#!/usr/bin/python3
"""Runs torchvision's own EfficientNet, EfficientNetV2 and MobileNetV3 at tiny widths, as torchvision_models.py does its nets.

    /usr/bin/python3 tools/golden/torchvision_mobile.py [FOLDER]

`settings` in config.json are Graft's own, block by block, read off torchvision's modules.
"""
from functools import partial

from torch import nn
from torchvision.models.efficientnet import EfficientNet, FusedMBConvConfig, MBConvConfig
from torchvision.models.mobilenetv3 import MobileNetV3, _mobilenet_v3_conf
from torchvision.ops.misc import SqueezeExcitation

import torchvision_models as runs

ACTIVATIONS = {nn.SiLU: "Silu", nn.ReLU: "Relu", nn.Hardswish: "Hardswish"}


def block(module, stage, residual):
    """A block's settings by its layers."""
    convolutions = [m for m in module.modules() if isinstance(m, nn.Conv2d)]
    squeeze = [m for m in module.modules() if isinstance(m, SqueezeExcitation)]
    for se in squeeze:
        convolutions = [c for c in convolutions if c is not se.fc1 and c is not se.fc2]
    activation = next(m for m in module.modules() if type(m) in ACTIVATIONS)
    depthwise = [c for c in convolutions if c.groups > 1]
    if depthwise:
        kind, window = ("Inverted" if len(convolutions) == 3 else "Separable"), depthwise[0]
    else:
        kind, window = ("Fused" if len(convolutions) == 2 else "Plain"), convolutions[0]
    return {"stage": stage, "count": 1, "kind": kind, "kernel": window.kernel_size[0], "stride": window.stride[0],
            "wide": 0 if kind == "Plain" else window.out_channels, "channels": convolutions[-1].out_channels,
            "squeezed": squeeze[0].fc1.out_channels if squeeze else 0, "activation": ACTIVATIONS[type(activation)],
            "residual": residual, "border": "Symmetric"}


def settings(net, blocks, features, norm):
    stem = net.features[0]
    return {"stem": stem[0].out_channels, "stem_kernel": 3, "features": features, "activation": ACTIVATIONS[type(stem[2])],
            "border": "Symmetric", "eps": norm.eps, "momentum": norm.momentum, "output_stride": 32, "blocks": blocks}


def efficientnet(setting, last, eps=1e-5, momentum=0.1):
    net = EfficientNet(setting, dropout=0.0, stochastic_depth_prob=0.0, num_classes=runs.CLASSES, last_channel=last,
                       norm_layer=partial(nn.BatchNorm2d, eps=eps, momentum=momentum))
    blocks = [block(unit, stage, unit.use_res_connect)
              for stage, units in enumerate(net.features[1:-1]) for unit in units]
    return net, {"family": "efficientnet", "settings": settings(net, blocks, last, net.features[0][1])}


def mobilenet_v3(arch, width, last):
    setting, _ = _mobilenet_v3_conf(arch, width_mult=width)
    net = MobileNetV3(setting, last, num_classes=runs.CLASSES, dropout=0.0)
    blocks = [block(unit, stage, unit.use_res_connect) for stage, unit in enumerate(net.features[1:-1])]
    blocks.append(block(net.features[-1], len(blocks), False))
    facts = settings(net, blocks, last, net.features[0][1])
    return net, {"family": "mobilenet_v3", "settings": {**facts, "squeeze_activation": "Relu", "gate": "Hardsigmoid"}}


MODELS = {
    "efficientnet_tiny": lambda: efficientnet(
        [MBConvConfig(1, 3, 1, 8, 8, 2), MBConvConfig(6, 3, 2, 8, 8, 2), MBConvConfig(4, 5, 2, 8, 16, 2),
         MBConvConfig(2, 3, 1, 16, 24, 1)], 32),
    "efficientnet_v2_tiny": lambda: efficientnet(
        [FusedMBConvConfig(1, 3, 1, 8, 8, 2), FusedMBConvConfig(4, 3, 2, 8, 16, 2), MBConvConfig(4, 3, 2, 16, 16, 2),
         MBConvConfig(3, 3, 1, 16, 24, 1)], 32, eps=1e-3, momentum=0.01),
    "mobilenet_v3_small_tiny": lambda: mobilenet_v3("mobilenet_v3_small", 0.1, 24),
    "mobilenet_v3_large_tiny": lambda: mobilenet_v3("mobilenet_v3_large", 0.1, 24),
}
FULL = ["efficientnet_b0", "efficientnet_b3", "efficientnet_v2_s", "mobilenet_v3_large", "mobilenet_v3_small"]

if __name__ == "__main__":
    runs.MODELS, runs.FULL = MODELS, FULL
    runs.main()
