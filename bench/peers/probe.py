"""The transfer-learning tutorial's fixed feature extractor, with AdamW: probe.py ARCH WEIGHTS DATA EPOCHS OUT

Shaped after https://pytorch.org/tutorials/beginner/transfer_learning_tutorial.html: the body frozen, a new last layer trained,
a training and a validation phase in every epoch, the best weights kept and saved.
"""
import copy
import json
import os
import sys
import time

import torch
from torch import nn, optim
from torchvision import datasets, models, transforms

arch, weights, data, epochs, out = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
torch.set_num_threads(os.cpu_count())  # Debian's build starts with one thread; the tutorials assume all of them
torch.manual_seed(0)

normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
data_transforms = {
    "train": transforms.Compose([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
                                 normalize]),
    "val": transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), normalize]),
}
image_datasets = {x: datasets.ImageFolder(os.path.join(data, x), data_transforms[x]) for x in ["train", "val"]}
dataloaders = {x: torch.utils.data.DataLoader(image_datasets[x], batch_size=32, shuffle=x == "train", num_workers=2)
               for x in ["train", "val"]}
classes = image_datasets["train"].classes

model = getattr(models, arch)()
model.load_state_dict(torch.load(weights))
for parameter in model.parameters():
    parameter.requires_grad = False
if hasattr(model, "fc"):
    model.fc = head = nn.Linear(model.fc.in_features, len(classes))
else:
    model.classifier[-1] = head = nn.Linear(model.classifier[-1].in_features, len(classes))
criterion = nn.CrossEntropyLoss()
optimizer = optim.AdamW(head.parameters(), lr=1e-3)

start, best = time.perf_counter(), -1.0
for epoch in range(epochs):
    for phase in ["train", "val"]:
        model.train(phase == "train")
        total_loss, correct = 0.0, 0
        for inputs, labels in dataloaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = model(inputs)
                loss = criterion(outputs, labels)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            total_loss += loss.item() * inputs.size(0)
            correct += torch.sum(outputs.argmax(1) == labels).item()
        size = len(image_datasets[phase])
        print(f"epoch {epoch} {phase} loss {total_loss / size:.4f} accuracy {correct / size:.4f}", flush=True)
        if phase == "val" and correct / size > best:
            best, best_weights = correct / size, copy.deepcopy(model.state_dict())
model.load_state_dict(best_weights)
torch.save(model.state_dict(), out)
print(json.dumps({"seconds": time.perf_counter() - start, "best_accuracy": best}))
