"""Writes torchvision nets with random weights (seed 0) as FOLDER/ARCH.pth, which both sides open: make_weights.py FOLDER ARCH...

One batch of smooth noise in training mode sets the batch-norm statistics, so that activations are of ordinary size in evaluation
mode too; with the initial statistics MobileNetV2's would vanish.
"""
import os
import sys

import torch
from torch import nn
from torchvision import models

folder, archs = sys.argv[1], sys.argv[2:]
torch.set_num_threads(os.cpu_count())
os.makedirs(folder, exist_ok=True)
for arch in archs:
    path = os.path.join(folder, arch + ".pth")
    if os.path.exists(path):
        continue
    torch.manual_seed(0)
    model = getattr(models, arch)()
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    if norms:
        for norm in norms:
            norm.momentum = 1.0
        noise = sum(nn.functional.interpolate(torch.randn(8, 3, n, n), 224, mode="bicubic") for n in (7, 28, 112))
        with torch.no_grad():
            model.train()(noise)
    torch.save(model.state_dict(), path + ".tmp")
    os.replace(path + ".tmp", path)
