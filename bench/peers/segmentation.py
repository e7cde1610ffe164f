"""The usual training loop of segmentation written plainly in PyTorch: segmentation.py ARCH DATA CROP BATCH EPOCHS WORKERS

DATA has train/ and trainannot/ with equal names. Random scale from half to twice a base of 520/480 of the crop, mirroring, a
random crop with padding, ImageNet's normalisation; loss out + 0.5 aux with 255 ignored; SGD with momentum, the auxiliary head at
ten times the rate, poly schedule by step; random weights. The last line is JSON: training images a second after the first batch,
and the last loss.
"""
import json
import os
import random
import sys
import time

import torch
from PIL import Image
from torch import nn
from torchvision.models import segmentation
from torchvision.transforms import functional as F, InterpolationMode

arch, root = sys.argv[1:3]
crop, batch, epochs, workers = map(int, sys.argv[3:7])
IGNORED, CLASSES = 255, 12
torch.set_num_threads(os.cpu_count())
torch.manual_seed(0)
random.seed(0)


class Pairs(torch.utils.data.Dataset):
    def __init__(self):
        self.names = sorted(os.listdir(os.path.join(root, "train")))

    def __len__(self):
        return len(self.names)

    def __getitem__(self, i):
        image = Image.open(os.path.join(root, "train", self.names[i])).convert("RGB")
        mask = Image.open(os.path.join(root, "trainannot", os.path.splitext(self.names[i])[0] + ".png"))
        base = int(crop * 520 / 480)
        side = random.randint(base // 2, base * 2)
        image = F.resize(image, [side])
        mask = F.resize(mask, [side], InterpolationMode.NEAREST)
        if random.random() < 0.5:
            image, mask = F.hflip(image), F.hflip(mask)
        width, height = image.size
        pad = [0, 0, max(0, crop - width), max(0, crop - height)]
        image, mask = F.pad(image, pad), F.pad(mask, pad, fill=IGNORED)
        width, height = image.size
        top, left = random.randint(0, height - crop), random.randint(0, width - crop)
        image, mask = F.crop(image, top, left, crop, crop), F.crop(mask, top, left, crop, crop)
        image = F.normalize(F.to_tensor(image), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        return image, F.pil_to_tensor(mask)[0].long()


def criterion(outputs, target):
    losses = {name: nn.functional.cross_entropy(x, target, ignore_index=IGNORED) for name, x in outputs.items()}
    return losses["out"] + 0.5 * losses["aux"]


loader = torch.utils.data.DataLoader(Pairs(), batch_size=batch, shuffle=True, num_workers=workers, drop_last=True)
model = getattr(segmentation, arch)(weights=None, weights_backbone=None, num_classes=CLASSES, aux_loss=True)
groups = [{"params": [*model.backbone.parameters(), *model.classifier.parameters()], "lr": 0.01},
          {"params": model.aux_classifier.parameters(), "lr": 0.1}]
optimizer = torch.optim.SGD(groups, lr=0.01, momentum=0.9, weight_decay=1e-4)
total = epochs * len(loader)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 - step / total) ** 0.9)

model.train()
seen, start, loss = 0, None, None
for epoch in range(epochs):
    for images, targets in loader:
        loss = criterion(model(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if start is None:
            start = time.perf_counter()  # the first batch waits for the workers and warms up
        else:
            seen += len(images)
            loss.item()
seconds = time.perf_counter() - start
print(json.dumps({"images_per_second": seen / seconds, "loss": loss.item()}))
