"""Writes tests/Graft.Formats.Tests/Golden: small files by torch.save, good and hostile, and formats.json with what they hold.

Run: /usr/bin/python3 tools/golden/formats.py
"""

import argparse
import json
import os
import pathlib
from collections import OrderedDict

import numpy
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Formats.Tests" / "Golden"
DTYPES = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
          torch.float16, torch.bfloat16, torch.float32, torch.float64]
expected = {}


def describe(tensor):
    tensor = tensor.detach().cpu().contiguous()
    raw = tensor.reshape(-1)
    if tensor.dtype == torch.bfloat16:
        data = raw.view(torch.int16).numpy().tobytes()
    else:
        data = raw.numpy().tobytes()
    return {"type": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape), "hex": data.hex()}


def save(name, value, tensors, path="", metadata=None, zipped=True, protocol=2):
    torch.save(value, OUT / name, pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
    expected[name] = {
        "legacy": not zipped,
        "path": path,
        "entries": {key: describe(tensor) for key, tensor in tensors.items()},
        "metadata": metadata or {},
    }


def both(stem, value, tensors, **more):
    save(f"{stem}.zip.pth", value, tensors, **more)
    save(f"{stem}.legacy.pth", value, tensors, zipped=False, **more)


def dtypes():
    torch.manual_seed(1)
    return OrderedDict(
        (f"layer.{str(dtype).removeprefix('torch.')}", (torch.randn(2, 3) * 50).abs().to(dtype)) for dtype in DTYPES)


def views():
    base = torch.arange(24, dtype=torch.float32)
    images = torch.arange(2 * 3 * 4 * 5, dtype=torch.int16).reshape(2, 3, 4, 5)
    return OrderedDict([
        ("transposed", base.reshape(4, 6).t()),
        ("stepped", base[3::4]),
        ("middle", base.reshape(4, 6)[1:3, 2:5]),
        ("expanded", torch.tensor([[1.5], [2.5]]).expand(2, 4)),
        ("repeated_scalar", torch.tensor(7, dtype=torch.int64).expand(3, 2)),
        ("permuted", images.permute(0, 2, 3, 1)),
        ("channels_last", torch.arange(48.).reshape(2, 3, 2, 4).to(memory_format=torch.channels_last)),
        ("shared_all", base),
        ("shared_part", base[5:9]),
        ("scalar", torch.tensor(3.25, dtype=torch.float64)),
        ("empty", torch.zeros(0, 4)),
        ("empty_middle", torch.zeros(3, 0, 2, dtype=torch.uint8)),
        ("ones_in_shape", base[::6].reshape(1, 4, 1)),
        ("bytes_stepped", torch.arange(10, dtype=torch.uint8)[1::3]),
        ("doubles_stepped", torch.arange(10, dtype=torch.float64)[::3]),
    ])


def checkpoint():
    torch.manual_seed(2)
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Linear(2, 2))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    net(torch.randn(1, 1, 3, 4).expand(1, 1, 3, 4)).sum().backward()
    optimizer.step()
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [30, 60, 60])
    state = net.state_dict()
    value = {
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": 199,
        "best_prec1": 91.75,
        "best_acc": torch.tensor(0.875),
        "arch": "tiny",
        "classes": ["ant", "bee"],
        "args": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("/tmp/run"), nothing=None, flag=True),
        "numpy": {"f8": numpy.float64(0.5), "i8": numpy.int64(-3), "b": numpy.bool_(True), "f4": numpy.float32(0.25)},
        "bytes": b"\x00\xff",
        "set": {1},
        "big": 1 << 80,
        "device": torch.device("cuda:0"),
        "size": torch.Size([1, 2]),
        "dtype": torch.float16,
        "state_dict": state,
    }
    metadata = {
        "epoch": "199", "best_prec1": "91.75", "best_acc": "0.875", "arch": "tiny", "classes": "[ant, bee]", "args.lr": "0.1",
        "args.out": "/tmp/run", "args.nothing": "null", "args.flag": "true",
        "numpy.f8": "0.5", "numpy.i8": "-3", "numpy.b": "true",
        "numpy.f4": "0.25", "big": str(1 << 80), "size": "[1, 2]", "dtype": "torch.float16", "set": "[1]",
        "scheduler.milestones.60": "2", "device": "cuda:0",
    }
    return value, state, metadata


class Call:
    """Pickles as a call of a function, as an attacker would write it."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def hostile(stem, value, name, protocol=2):
    for suffix, zipped in (("zip", True), ("legacy", False)):
        file = f"hostile_{stem}.{suffix}.pth"
        torch.save(value, OUT / file, pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
        expected[file] = {"refused": name}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    both("dtypes", dtypes(), dtypes())
    for protocol in (3, 4):
        both(f"protocol{protocol}", dtypes(), dtypes(), protocol=protocol)
    both("views", views(), views())

    value, state, metadata = checkpoint()
    both("checkpoint", value, state, path="state_dict", metadata=metadata)
    save("checkpoint4.zip.pth", value, state, path="state_dict", metadata=metadata, protocol=4)

    weight = torch.nn.Parameter(torch.tensor([1., 2., 3.]))
    named = torch.nn.Parameter(torch.tensor([4., 5.]), requires_grad=False)
    named.remark = "an attribute"
    both("parameters", {"weight": weight, "named": named}, {"weight": weight, "named": named})

    one, two = {"a.weight": torch.tensor([1.])}, {"a.weight": torch.tensor([2.])}
    both("ema", {"model_ema": two, "model": {"module": one}, "lr": 0.5}, one, path="model.module", metadata={"lr": "0.5"})
    both("parts", {"encoder_q": {"w": torch.tensor([1.])}, "head": {"w": torch.tensor([2.]), "name": "x"}},
         {"encoder_q.w": torch.tensor([1.]), "head.w": torch.tensor([2.])}, metadata={"head.name": "x"})
    save("tensor.zip.pth", torch.tensor([[1, 2]]), {"tensor": torch.tensor([[1, 2]])})

    weights = {"w": torch.tensor([1.])}
    hostile("system", {**weights, "x": Call(os.system, "touch graft-was-here")}, "posix.system")
    hostile("system4", {**weights, "x": Call(os.system, "touch graft-was-here")}, "posix.system", protocol=4)
    hostile("eval", {**weights, "x": Call(eval, "1+1")}, "__builtin__.eval")
    hostile("eval4", {**weights, "x": Call(eval, "1+1")}, "builtins.eval", protocol=4)
    hostile("getattr", {**weights, "x": Call(getattr, torch.Size([1]), "count")}, "__builtin__.getattr")
    hostile("ndarray", {**weights, "x": numpy.zeros(2)}, "numpy.core.multiarray._reconstruct")
    hostile("load", {**weights, "x": Call(torch.load, "other.pth")}, "torch.serialization.load")

    for suffix, zipped in (("zip", True), ("legacy", False)):
        file = f"module.{suffix}.pth"
        torch.save(torch.nn.Linear(1, 1), OUT / file, _use_new_zipfile_serialization=zipped)
        expected[file] = {"refused": "torch.nn.modules.linear.Linear"}
    unsupported = {
        "complex": torch.tensor([1 + 2j]),
        "quantised": torch.quantize_per_tensor(torch.tensor([1.]), 0.1, 0, torch.qint8),
        "sparse": torch.tensor([[0., 1.]]).to_sparse(),
    }
    for name, tensor in unsupported.items():
        torch.save({"w": tensor}, OUT / f"{name}.zip.pth")
        expected[f"{name}.zip.pth"] = {"unsupported": True}
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), str(OUT / "torchscript.pt"))
    expected["torchscript.pt"] = {"unsupported": True}
    torch.save({"epoch": 3}, OUT / "no_tensors.zip.pth")
    expected["no_tensors.zip.pth"] = {"empty": True}

    (OUT / "formats.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
