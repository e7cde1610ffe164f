"""Writes the same weights as safetensors: to_safetensors.py WEIGHTS.pth OUT.safetensors"""
import json
import os
import struct
import sys

import torch

source, target = sys.argv[1:3]
if not os.path.exists(target):
    header, at, tensors = {}, 0, torch.load(source)
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(target + ".tmp", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            f.write(tensor.contiguous().numpy().tobytes())
    os.replace(target + ".tmp", target)
