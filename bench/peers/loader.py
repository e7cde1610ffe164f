"""Images a second through ImageFolder and DataLoader, decoded and preprocessed as for training:
loader.py DATA WORKERS EPOCHS [autoaugment]"""
import json
import os
import sys
import time

import torch
from torchvision import datasets, transforms

data, workers, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

transform = transforms.Compose([
    transforms.RandomResizedCrop(224),
    transforms.RandomHorizontalFlip(),
    *([transforms.AutoAugment()] if sys.argv[4:] == ["autoaugment"] else []),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
dataset = datasets.ImageFolder(os.path.join(data, "train"), transform)
loader = torch.utils.data.DataLoader(dataset, batch_size=32, shuffle=True, num_workers=workers)

start, count = time.perf_counter(), 0
for _ in range(epochs):
    for images, labels in loader:
        count += len(labels)
seconds = time.perf_counter() - start
print(json.dumps({"images": count, "seconds": seconds, "images_per_second": count / seconds}))
