"""Reads and writes safetensors in plain Python: 8 bytes header length, a JSON header, then the arrays one after another."""
import json
import os
import struct

import numpy as np

CODES = {"bool": "BOOL", "uint8": "U8", "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64",
         "float16": "F16", "float32": "F32", "float64": "F64"}
TYPES = {code: name for name, code in CODES.items()}


def write(path, arrays, metadata=None):
    """Writes {name: tensor or numpy array} to path, in the order given; little-endian, row-major."""
    header, parts, at = {}, [], 0
    if metadata:
        header["__metadata__"] = {str(k): str(v) for k, v in metadata.items()}
    for name, value in arrays.items():
        value = value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value)
        data = value.tobytes(order="C")
        header[name] = {"dtype": CODES[value.dtype.name], "shape": list(value.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    temporary = path + ".tmp"
    with open(temporary, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        f.writelines(parts)
    os.replace(temporary, path)


def read(path):
    """Reads a file into {name: numpy array}."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[e["data_offsets"][0]:e["data_offsets"][1]], TYPES[e["dtype"]]).reshape(e["shape"])
            for name, e in header.items()}
