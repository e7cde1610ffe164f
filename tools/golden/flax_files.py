"""Writes tests/Graft.Formats.Tests/Golden/flax*: small files of Flax's msgpack, and flax.json with what they hold.

Flax itself is not needed: what flax.serialization.msgpack_serialize writes is laid out here by hand. With the msgpack package at
hand (Debian: python3-msgpack) each file is also read and written again by it, and must come out the same.

Run: python3 tools/golden/flax_files.py
"""

import json
import pathlib
import struct

import numpy

try:
    import msgpack
except ImportError:
    msgpack = None

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Formats.Tests" / "Golden"
expected = {}


class BFloat16:
    """float32 values whose upper halves are saved."""

    def __init__(self, values):
        self.values = numpy.asarray(values, numpy.float32)


class Scalar:
    """A NumPy scalar, extension type 3."""

    def __init__(self, value):
        self.value = numpy.asarray(value)


def parts(array):
    if isinstance(array, BFloat16):
        return array.values.shape, "bfloat16", (array.values.view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes()
    return array.shape, array.dtype.name, array.tobytes("C")


def sized(heads, size):
    for head, limit, form in zip(heads, (1 << 8, 1 << 16, 1 << 32), (">BB", ">BH", ">BI")):
        if size < limit:
            return struct.pack(form, head, size)
    raise ValueError(size)


def extension(kind, payload):
    fixed = {1: 0xd4, 2: 0xd5, 4: 0xd6, 8: 0xd7, 16: 0xd8}.get(len(payload))
    head = bytes([fixed]) if fixed else sized((0xc7, 0xc8, 0xc9), len(payload))
    return head + bytes([kind]) + payload


def collection(small, large, count):
    if count < 16:
        return bytes([small | count])
    return struct.pack(">BH", large, count) if count < 1 << 16 else struct.pack(">BI", large + 1, count)


def ndarray(array):
    shape, name, data = parts(array)
    return b"\x93" + pack(list(shape)) + pack(name) + sized((0xc4, 0xc5, 0xc6), len(data)) + data


def pack(value):
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        if 0 <= value < 128:
            return bytes([value])
        if -32 <= value < 0:
            return struct.pack("b", value)
        if value > 0:
            return sized((0xcc, 0xcd, 0xce), value) if value < 1 << 32 else struct.pack(">BQ", 0xcf, value)
        for head, form, limit in ((0xd0, ">Bb", 1 << 7), (0xd1, ">Bh", 1 << 15), (0xd2, ">Bi", 1 << 31), (0xd3, ">Bq", 1 << 63)):
            if value >= -limit:
                return struct.pack(form, head, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xcb, value)
    if isinstance(value, str):
        data = value.encode()
        return (bytes([0xa0 | len(data)]) if len(data) < 32 else sized((0xd9, 0xda, 0xdb), len(data))) + data
    if isinstance(value, (bytes, bytearray)):
        return sized((0xc4, 0xc5, 0xc6), len(value)) + value
    if isinstance(value, (list, tuple)):
        return collection(0x90, 0xdc, len(value)) + b"".join(map(pack, value))
    if isinstance(value, dict):
        return collection(0x80, 0xde, len(value)) + b"".join(pack(key) + pack(item) for key, item in value.items())
    if isinstance(value, complex):
        return extension(2, pack((value.real, value.imag)))
    if isinstance(value, Scalar):
        return extension(3, ndarray(value.value))
    return extension(1, ndarray(value))


def chunked(array, size):
    flat = array.reshape(-1)
    return {
        "__msgpack_chunked_array__": True,
        "shape": {str(i): side for i, side in enumerate(array.shape)},
        "chunks": {str(i): flat[at:at + size] for i, at in enumerate(range(0, flat.size, size))},
    }


def describe(array):
    shape, name, data = parts(array)
    return {"type": name, "shape": list(shape), "hex": data.hex()}


def flatten(tree, prefix=""):
    for key, value in tree.items():
        if isinstance(value, dict) and "__msgpack_chunked_array__" not in value:
            yield from flatten(value, prefix + key + ".")
        else:
            yield prefix + key, value


def save(name, tree, arrays=None, metadata=None):
    data = pack(tree)
    if msgpack is not None:
        again = msgpack.unpackb(data, ext_hook=msgpack.ExtType, strict_map_key=False)
        assert msgpack.packb(again, strict_types=True) == data, name
    (OUT / name).write_bytes(data)
    if arrays is None:
        arrays = {key: value for key, value in flatten(tree) if isinstance(value, (numpy.ndarray, BFloat16))}
    expected[name] = {"entries": {key: describe(value) for key, value in arrays.items()}, "metadata": metadata or {}}


def main():
    random = numpy.random.default_rng(5)

    def floats(*shape):
        return random.standard_normal(shape).astype(numpy.float32)

    net = {
        "params": {
            "vit": {"encoder": {"layer": {
                "0": {"kernel": floats(3, 2), "bias": floats(2)},
                "10": {"query": {"kernel": floats(4, 2, 2)}},
            }}, "größe": floats(1)},
            "classifier": {"kernel": floats(2, 5), "bias": floats(5)},
        },
        "batch_stats": {"norm": {"mean": floats(3), "var": floats(3) ** 2}},
    }
    save("flax_net.msgpack", net)

    names = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "uint16", "uint32", "uint64"]
    types = {name: (random.random((2, 3)) * 100).astype(name) for name in names}
    types.update(bfloat16=BFloat16(floats(2, 3)), scalar=numpy.array(2.5, numpy.float32), empty=numpy.zeros((0, 4), numpy.int8),
                 byte=numpy.array([7], numpy.uint8), long=numpy.arange(300, dtype=numpy.uint8))
    types["k" * 40] = floats(1)
    save("flax_types.msgpack", types)

    remarks = {
        "step": 3, "negative": -1, "less": -200, "many": 1 << 40, "rate": 0.5, "name": "tiny", "done": True, "none": None,
        "np": {"f4": Scalar(numpy.float32(0.25)), "i8": Scalar(numpy.int64(-9)), "b": Scalar(numpy.bool_(True))},
        "raw": b"\0\1", "list": [1, {"w": floats(2)}], "w": floats(2),
    }
    save("flax_remarks.msgpack", remarks, {"list.1.w": remarks["list"][1]["w"], "w": remarks["w"]}, {
        "step": "3", "negative": "-1", "less": "-200", "many": str(1 << 40), "rate": "0.5", "name": "tiny", "done": "true",
        "none": "null", "np.f4": "0.25", "np.i8": "-9", "np.b": "true", "list.0": "1"})

    whole, thirty, odd = floats(4, 3, 2), floats(30), BFloat16(floats(7))
    save("flax_pieces.msgpack", {"a": chunked(whole, 5), "b": {"c": chunked(thirty, 2)}, "d": odd, "e": chunked(whole, 24)},
         {"a": whole, "b.c": thirty, "d": odd, "e": whole})

    for i, tree in enumerate(({"params": {"a": net["params"]["classifier"]}}, {"params": {"b": {"x": floats(2)}}})):
        save(f"flax-part-{i}.msgpack", tree)
    (OUT / "flax_parts.msgpack.index.json").write_text(json.dumps({"metadata": {"total_size": 68}, "weight_map": {
        "params/a/kernel": "flax-part-0.msgpack", "params/a/bias": "flax-part-0.msgpack",
        "params/b/x": "flax-part-1.msgpack"}}) + "\n")

    (OUT / "flax_complex.msgpack").write_bytes(pack({"w": floats(1), "z": 1 + 2j}))
    (OUT / "flax_complex_array.msgpack").write_bytes(pack({"w": numpy.zeros(2, numpy.complex64)}))
    (OUT / "flax.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
