"""Writes tests/Graft.Models.Tests/Golden/torchscript: tiny networks by torch.jit.save, and expected.json with what they give.

Run: /usr/bin/python3 tools/golden/torchscript.py
"""

import json
import pathlib
import zipfile

import torch
import torchvision
from torch import nn

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Models.Tests" / "Golden" / "torchscript"


class Tiny(nn.Module):
    """Three layers and a head, to be scripted: its mode can be changed afterwards."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5, stride=4, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.layer1 = nn.Sequential(nn.Conv2d(6, 8, 3, stride=4, padding=1), nn.ReLU())
        self.fc = nn.Linear(8, 5)

    def features(self, x):
        return self.layer1(torch.relu(self.bn1(self.conv1(x))))

    def forward(self, x):
        return self.fc(self.features(x).mean([2, 3]))


class Map(Tiny):
    def forward(self, x):
        return self.features(x)


class Softmax(Tiny):
    def forward(self, x):
        return torch.softmax(self.fc(self.features(x).mean([2, 3])), 1)


class TwoInputs(Tiny):
    def forward(self, x, y):
        return self.fc(self.features(x + y).mean([2, 3]))


class Pair(Tiny):
    def forward(self, x):
        return x, self.fc(self.features(x).mean([2, 3]))


class Boxes(nn.Module):
    def forward(self, x):
        return torchvision.ops.nms(x[0, 0, :, :4], x[0, 0, :, 0], 0.5)


def filled(net):
    torch.manual_seed(3)
    for tensor in net.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand_like(tensor) + (0.5 if tensor.ndim == 1 else -0.5))
    return net.eval()


def image(size=64):
    return (torch.arange(3 * size * size, dtype=torch.float32).reshape(1, 3, size, size) * 0.37).sin()


def save(script, name):
    """Saves it without the tables for tracebacks, which are most of a tiny file."""
    path = OUT / f"{name}.pt"
    script.save(str(path))
    with zipfile.ZipFile(path) as archive:
        kept = [(item, archive.read(item)) for item in archive.infolist() if not item.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as archive:
        for item, data in kept:
            item.extra = b""
            archive.writestr(item, data)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    x = image()
    expected = {}
    for name, kind in {"tiny": Tiny, "map": Map, "softmax": Softmax, "two_inputs": TwoInputs, "pair": Pair}.items():
        net = filled(kind())
        save(torch.jit.script(net), name)
        if name in ("tiny", "map", "softmax"):
            expected[name] = net(x).flatten().tolist()
    traced = torch.jit.freeze(torch.jit.trace(filled(Tiny()), x))
    save(traced, "frozen")
    save(torch.jit.script(Boxes()), "boxes")
    net = filled(Tiny())
    expected["features"] = net.features(x).mean([2, 3]).flatten().tolist()
    net.train()
    y = net(x)
    y.square().sum().backward()
    expected["trained"] = y.flatten().tolist()
    expected["gradient"] = net.layer1[0].weight.grad.flatten()[:8].tolist()
    (OUT / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
