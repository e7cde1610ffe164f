#!/usr/bin/python3
"""Grad-CAM by hooks on torchvision's own networks, attention rollout by numpy on the attentions of torchvision's own ViT.

    /usr/bin/python3 tools/golden/explain.py

The networks, weights and images are those of torchvision_models.py. Writes tests/Graft.Models.Tests/Golden/explain/:
cam.safetensors: NET.cam [K, 2, h, w], the map of each class for both images, after the ReLU, not scaled;
vit.rollout [2, h, w], from the class token; rollout.attention [L, H, T, T] with rollout.product [T, T];
resize.from [h, w] with resize.to [H, W], scaled by its largest value and brought to that size.
"""
import os

import numpy as np
import torch
from torch import nn

import safetensors_io
import torchvision_mobile
import torchvision_models

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "../../tests/Graft.Models.Tests/Golden")
# where each network's last map is: the module whose output it is
NETS = {
    "resnet18_tiny": lambda net: net.layer4,
    "resnet50_tiny": lambda net: net.layer4,
    "mobilenet_v2_w010": lambda net: net.features,
    "mobilenet_v3_small_tiny": lambda net: net.features,
    "efficientnet_tiny": lambda net: net.features,
    "convnext_tiny": lambda net: net.features,
    "regnet_y_tiny": lambda net: net.trunk_output,
    "squeezenet1_1_tiny": lambda net: net.features,
    "swin_tiny": lambda net: net.norm,
}


def load(name):
    folder = os.path.join(GOLDEN, "torchvision", name)
    models = {**torchvision_mobile.MODELS, **torchvision_models.MODELS}
    net, _ = models[name]()
    weights = safetensors_io.read(os.path.join(folder, "weights.safetensors"))
    net.load_state_dict({k: torch.as_tensor(np.array(v)) for k, v in weights.items()}, strict=False)
    net.eval()
    images = torch.as_tensor(np.array(safetensors_io.read(os.path.join(folder, "expected.safetensors"))["input"]))
    return net, (images.float() - 128) / 64


def cam(net, module, images):
    kept = {}

    def keep(_, __, output):
        output.retain_grad()
        kept["map"] = output
    hook = module.register_forward_hook(keep)
    result = []
    for label in range(torchvision_models.CLASSES):
        net.zero_grad()
        logits = net(images)
        logits[:, label].sum().backward()
        a, g = kept["map"].detach(), kept["map"].grad
        if isinstance(module, nn.LayerNorm):  # Swin's map has its channels last
            a, g = a.permute(0, 3, 1, 2), g.permute(0, 3, 1, 2)
        result.append(torch.relu((a * g.mean(dim=(2, 3), keepdim=True)).sum(1)))
    hook.remove()
    return torch.stack(result)


def rollout(attention):
    """attention [L, T, T], means over the heads"""
    product = np.eye(attention.shape[-1])
    for layer in attention.astype(np.float64):
        mixed = 0.5 * layer + 0.5 * np.eye(len(layer))
        product = (mixed / mixed.sum(-1, keepdims=True)) @ product
    return product


def vit_rollout(net, images):
    kept = []
    for layer in net.encoder.layers:
        inner = layer.self_attention.forward

        def seen(query, key, value, need_weights, inner=inner):
            output, weights = inner(query, key, value, need_weights=True)
            kept.append(weights.detach().numpy())
            return output, None
        layer.self_attention.forward = seen
    with torch.no_grad():
        net(images)
    attention = np.stack(kept)  # [L, N, T, T]
    maps = [rollout(attention[:, i])[0, 1:] for i in range(len(images))]
    side = int(len(maps[0]) ** 0.5)
    return np.stack(maps).reshape(len(images), side, side).astype(np.float32)


def main():
    torch.set_num_threads(1)
    arrays = {}
    for name, where in NETS.items():
        net, images = load(name)
        arrays[name + ".cam"] = cam(net, where(net), images)
    arrays["vit.rollout"] = torch.as_tensor(vit_rollout(*load("vit_tiny")))
    random = np.random.default_rng(5)
    attention = random.gamma(0.5, size=(3, 2, 7, 7))
    attention = (attention / attention.sum(-1, keepdims=True)).astype(np.float32)
    arrays["rollout.attention"] = torch.as_tensor(attention)
    arrays["rollout.product"] = torch.as_tensor(rollout(attention.mean(1)).astype(np.float32))
    small = random.uniform(0, 3, size=(3, 4)).astype(np.float32)
    arrays["resize.from"] = torch.as_tensor(small)
    arrays["resize.to"] = nn.functional.interpolate(
        torch.as_tensor(small / small.max())[None, None], size=(10, 21), mode="bilinear", align_corners=False)[0, 0]
    out = os.path.join(GOLDEN, "explain")
    os.makedirs(out, exist_ok=True)
    safetensors_io.write(os.path.join(out, "cam.safetensors"), {k: v.detach().contiguous() for k, v in arrays.items()})
    for name, array in arrays.items():
        print(name, tuple(array.shape), float(array.max()))


main()
