"""fastai's fine_tune written plainly in PyTorch: finetune.py ARCH WEIGHTS DATA [--seed N] [--epochs 5] [--lr 2e-3]
[--keep-statistics]

One epoch for a new head on the frozen body (one-cycle, pct_start 0.99), then everything at discriminative rates (lr / 2 for the
head, a hundredth of it for the stem), AdamW as fastai sets it, random resized crops and mirroring, batches of 32; the weights of
the best epoch by validation accuracy, then by loss, count. WEIGHTS is a torchvision state dict as .pth or .safetensors,
or timm's of mobilenetv2_100. The last
line is JSON: accuracy and mean cross-entropy on the validation images.
"""
import argparse
import copy
import json
import os
import struct
import time

import torch
from torch import nn, optim
from torchvision import datasets, models, transforms

parser = argparse.ArgumentParser()
parser.add_argument("arch")
parser.add_argument("weights")
parser.add_argument("data")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--keep-statistics", action="store_true")
arguments = parser.parse_args()

torch.set_num_threads(os.cpu_count())
torch.manual_seed(arguments.seed)


def read(path):
    if not path.endswith(".safetensors"):
        return torch.load(path)
    with open(path, "rb") as f:
        data = f.read()
    size, = struct.unpack("<Q", data[:8])
    header, body, tensors = json.loads(data[8:8 + size]), data[8 + size:], {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            kind = {"F32": torch.float32, "I64": torch.int64}[entry["dtype"]]
            tensors[name] = torch.frombuffer(bytearray(body[begin:end]), dtype=kind).reshape(entry["shape"])
    return tensors


def from_timm(state):
    """timm's names of mobilenetv2_100 as torchvision's of mobilenet_v2."""
    blocks = sorted({tuple(map(int, name.split(".")[1:3])) for name in state if name.startswith("blocks.")})
    renamed = {"conv_stem": "features.0.0", "bn1": "features.0.1", "conv_head": "features.18.0", "bn2": "features.18.1",
               "classifier": "classifier.1"}
    for i, (stage, block) in enumerate(blocks):
        at, to = f"blocks.{stage}.{block}", f"features.{i + 1}.conv"
        layers = ["conv_dw", "bn1", "conv_pw", "bn2"] if i == 0 else ["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"]
        places = ["0.0", "0.1", "1", "2"] if i == 0 else ["0.0", "0.1", "1.0", "1.1", "2", "3"]
        renamed.update({f"{at}.{layer}": f"{to}.{place}" for layer, place in zip(layers, places)})
    return {f"{renamed[name.rpartition('.')[0]]}.{name.rpartition('.')[2]}": tensor for name, tensor in state.items()}


normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
data_transforms = {
    "train": transforms.Compose([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
                                 normalize]),
    "val": transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), normalize]),
}
image_datasets = {x: datasets.ImageFolder(os.path.join(arguments.data, x), data_transforms[x]) for x in ["train", "val"]}
loaders = {x: torch.utils.data.DataLoader(image_datasets[x], batch_size=32, shuffle=x == "train", num_workers=2)
           for x in ["train", "val"]}
classes = image_datasets["train"].classes

model = getattr(models, arguments.arch)()
state = read(arguments.weights)
model.load_state_dict(from_timm(state) if "conv_stem.weight" in state else state)
model.classifier[-1] = nn.Linear(model.classifier[-1].in_features, len(classes))
criterion = nn.CrossEntropyLoss()
best = (-1.0, 0.0)
best_weights = None


def set_mode(training, frozen):
    model.train(training)
    if training and (arguments.keep_statistics or frozen):
        for module in model.features.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()


def run(epochs, groups, pct_start, div, frozen):
    global best, best_weights
    optimizer = optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.01)
    schedule = optim.lr_scheduler.OneCycleLR(
        optimizer, [group["lr"] for group in groups], total_steps=epochs * len(loaders["train"]), pct_start=pct_start,
        div_factor=div, final_div_factor=1e5, base_momentum=0.85, max_momentum=0.95)
    for epoch in range(epochs):
        set_mode(True, frozen)
        for inputs, labels in loaders["train"]:
            optimizer.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
            schedule.step()
        set_mode(False, frozen)
        total, correct, count = 0.0, 0, 0
        with torch.no_grad():
            for inputs, labels in loaders["val"]:
                outputs = model(inputs)
                total += criterion(outputs, labels).item() * len(labels)
                correct += (outputs.argmax(1) == labels).sum().item()
                count += len(labels)
        accuracy, loss = correct / count, total / count
        print(f"epoch {epoch} accuracy {accuracy:.4f} loss {loss:.4f}", flush=True)
        if (accuracy, -loss) > (best[0], -best[1]):
            best, best_weights = (accuracy, loss), copy.deepcopy(model.state_dict())


start = time.perf_counter()
for parameter in model.features.parameters():
    parameter.requires_grad = False
run(1, [{"params": list(model.classifier.parameters()), "lr": arguments.lr}], 0.99, 25, True)
for parameter in model.parameters():
    parameter.requires_grad = True
stages = list(model.features)
lr = arguments.lr / 2
groups = [{"params": list(stage.parameters()), "lr": lr / 100 * 100 ** (i / len(stages))} for i, stage in enumerate(stages)]
run(arguments.epochs, groups + [{"params": list(model.classifier.parameters()), "lr": lr}], 0.3, 5, False)
print(json.dumps({"accuracy": best[0], "loss": best[1], "seconds": time.perf_counter() - start}))
