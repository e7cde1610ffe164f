#!/usr/bin/env python3
"""Tiny pictures of every kind that Graft.Imaging reads, with the CRC-32 of the RGB bytes that Pillow makes of them, and
checksums of Pillow's resize over random sizes, filters and boxes.

    /usr/bin/python3 tools/golden/imaging.py        (Debian 12's python3-pil 9.4.0 and python3-numpy)

Writes tests/Graft.Imaging.Tests/Golden/pictures.json and resizes.json.
"""
import base64
import io
import json
import pathlib
import random
import struct
import warnings
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Imaging.Tests" / "Golden"
rng = np.random.default_rng(20)
W, H = 45, 31


def scene(width=W, height=H, channels=3):
    """A smooth picture with some noise and an edge."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [np.sin(x / (5.0 + c) + c) * 60 + np.cos(y / (4.0 + c)) * 60 + 128 for c in range(channels)]
    values = np.stack(planes, -1) + rng.normal(0, 6, (height, width, channels))
    values[height // 3 : height // 2, width // 4 : width // 2] = 250
    return np.clip(values, 0, 255).astype(np.uint8)


RGB = Image.fromarray(scene())
GREY = RGB.convert("L")
ALPHA = Image.fromarray(scene(channels=4), "RGBA")
PALETTE = RGB.quantize(50)
CMYK = RGB.convert("CMYK")

pictures = []


def save(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def crc(image):
    return zlib.crc32(image.tobytes())


def load(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def loads(data):
    try:
        load(data)
        return True
    except Exception:
        return False


def add(name, data, cut=False):
    image = Image.open(io.BytesIO(data))
    mode, size, format = image.mode, image.size, image.format
    orientation = image.getexif().get(0x0112, 1)
    rgb = image.convert("RGB")
    entry = {"name": name, "format": format, "mode": mode, "size": size, "orientation": orientation}
    if format == "TIFF" and orientation != 1:
        entry["upright"] = crc(rgb)  # Pillow turns TIFF files by itself
        with Image.open(io.BytesIO(data)) as raw:
            raw.load()
            back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
            entry["crc"] = crc(rgb.transpose(back))
    else:
        entry["crc"] = crc(rgb)
        if orientation != 1:
            entry["upright"] = crc(ImageOps.exif_transpose(load_with_exif(data)))
    if cut:
        # the shortest beginning of the file that Pillow still reads
        low, high = 0, len(data)
        while low < high:
            middle = (low + high) // 2
            if loads(data[:middle]):
                high = middle
            else:
                low = middle + 1
        entry["needs"] = low
        entry["needs_crc"] = crc(load(data[:low]))
    entry["data"] = base64.b64encode(zlib.compress(data, 9)).decode()
    pictures.append(entry)


def load_with_exif(data):
    image = Image.open(io.BytesIO(data))
    exif = image.getexif()
    rgb = image.convert("RGB")
    rgb.info["exif"] = exif.tobytes()
    return rgb


def exif(orientation):
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()


# ---- JPEG ----
for name, options in {
    "444": dict(subsampling=0, quality=90),
    "422": dict(subsampling=1, quality=85),
    "420": dict(subsampling=2, quality=75),
    "poor": dict(quality=10),
    "progressive": dict(progressive=True, quality=80),
    "optimized": dict(optimize=True),
}.items():
    add("jpeg " + name, save(RGB, "JPEG", **options), cut=True)
add("jpeg one pixel", save(RGB.crop((3, 3, 4, 4)), "JPEG"))
add("jpeg narrow", save(RGB.crop((3, 3, 4, 30)), "JPEG", subsampling=2))
add("jpeg grey", save(GREY, "JPEG"), cut=True)
add("jpeg grey progressive", save(GREY, "JPEG", progressive=True), cut=True)
cmyk = save(CMYK, "JPEG", quality=90)
add("jpeg cmyk adobe", cmyk, cut=True)
at = cmyk.index(b"Adobe")
add("jpeg ycck", cmyk[: at + 11] + b"\2" + cmyk[at + 12 :])
add("jpeg cmyk without adobe", cmyk[: at - 4] + cmyk[at + 12 :])
add("jpeg cmyk progressive", save(CMYK, "JPEG", progressive=True))
plain = save(RGB, "JPEG", subsampling=0)
at = plain.index(b"JFIF")
adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"
add("jpeg stored as rgb", plain[: at - 4] + adobe + b"\x00" + plain[at + 14 :])
add("jpeg adobe ycc", plain[: at - 4] + adobe + b"\x01" + plain[at + 14 :])
add("jpeg trailing bytes", plain + b"more bytes behind the end")
for o in range(1, 9):
    add(f"jpeg orientation {o}", save(RGB.crop((0, 0, 13, 9)), "JPEG", exif=exif(o)))
big = bytearray(exif(6))
add("jpeg orientation big endian", save(RGB.crop((0, 0, 13, 9)), "JPEG",
    exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"))


# ---- PNG ----
def chunk(tag, data):
    return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))


def png(width, height, depth, kind, samples, extra=b"", interlaced=False, split=0):
    """samples [H, W, C] of integers below 2 ** depth."""

    def rows(part):
        out = b""
        for row in part:
            flat = row.reshape(-1)
            if depth == 16:
                data = flat.astype(">u2").tobytes()
            else:
                bits = "".join(format(int(v), f"0{depth}b") for v in flat)
                bits += "0" * (-len(bits) % 8)
                data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
            out += b"\0" + data
        return out

    if interlaced:
        body = b""
        for x, y, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
            part = samples[y::dy, x::dx]
            if part.size:
                body += rows(part)
    else:
        body = rows(samples)
    body = zlib.compress(body)
    parts = [body] if not split else [body[i : i + split] for i in range(0, len(body), split)] + [b""]
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    data = b"".join(chunk(b"IDAT", p) for p in parts)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + data + chunk(b"IEND", b"")


for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "I"):
    image = {"LA": ALPHA.convert("LA"), "RGBA": ALPHA, "P": PALETTE}.get(mode) or RGB.convert(mode)
    add("png " + mode, save(image, "PNG"), cut=True)
add("png palette with transparency", save(PALETTE, "PNG", transparency=bytes(range(50))))
add("png palette with one transparent colour", save(PALETTE, "PNG", transparency=3))
add("png grey with transparency", save(GREY, "PNG", transparency=100))
add("png rgb with transparency", save(RGB, "PNG", transparency=(250, 250, 250)))
for bits in (1, 2, 4):
    add(f"png palette {bits} bits", save(RGB.quantize(2**bits), "PNG", bits=bits))
channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
colours = chunk(b"PLTE", bytes(rng.integers(0, 256, 30, dtype=np.uint8)))
for kind, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
    for depth in depths:
        top = min(2**depth, 16 if kind == 3 else 1 << 16)  # some indices lie beyond the palette of ten
        samples = rng.integers(0, top, (11, 13, channels[kind]))
        if kind == 0 and depth == 16:
            samples[::2] = samples[::2] % 300
        few = chunk(b"PLTE", bytes(range(6))) if kind == 3 and depth == 1 else colours[:]
        extra = few if kind == 3 else b""
        if kind == 3 and depth == 2:
            extra = chunk(b"PLTE", bytes(range(50, 59)))
        for interlaced in (False, True):
            data = png(13, 11, depth, kind, samples, extra, interlaced, 40 if depth == 8 else 0)
            add(f"png type {kind} depth {depth}{' interlaced' if interlaced else ''}", data, cut=depth == 8)
samples = np.full((2, 3, 1), 77)
add("png gamma", png(3, 2, 8, 0, samples, chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"sRGB", b"\0")))
add("png orientation 6", save(RGB.crop((0, 0, 13, 9)), "PNG", exif=exif(6)))
late = save(RGB.crop((0, 0, 13, 9)), "PNG")
add("png orientation 3 behind the picture", late[:-12] + chunk(b"eXIf", exif(3)[6:]) + late[-12:])
add("png interlaced 1x1", png(1, 1, 8, 2, np.full((1, 1, 3), 9), interlaced=True))
damaged = bytearray(save(GREY, "PNG"))
damaged[-13] ^= 1
add("png data chunk of wrong crc", bytes(damaged))

# ---- WebP ----
add("webp lossy", save(RGB, "WEBP", quality=80))
add("webp lossy alpha", save(ALPHA, "WEBP", quality=60))
add("webp lossless", save(RGB, "WEBP", lossless=True))
add("webp lossless alpha", save(ALPHA, "WEBP", lossless=True, exact=True))
add("webp animation", save(RGB, "WEBP", save_all=True, append_images=[RGB.rotate(180)], lossless=True))
add("webp animation alpha", save(ALPHA, "WEBP", save_all=True, append_images=[ALPHA.rotate(180)], lossless=True))
add("webp orientation 8", save(RGB.crop((0, 0, 13, 9)), "WEBP", lossless=True, exif=exif(8)))


# ---- BMP ----
def bmp(width, height, bits, body, compression=0, palette=b"", colors=0, masks=b"", top_down=False, header=40):
    offset = 14 + header + len(palette) + (len(masks) if header == 40 else 0)
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        signed = -height if top_down else height
        info = struct.pack("<IiiHHIIiiII", header, width, signed, 1, bits, compression, len(body), 0, 0, colors, 0)
        info += masks
        info += b"\0" * (header - 40 - len(masks)) if header > 40 else b""
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + info + palette + body


for mode in ("1", "L", "P", "RGB", "RGBA"):
    image = {"RGBA": ALPHA, "P": PALETTE}.get(mode) or RGB.convert(mode)
    add("bmp " + mode, save(image, "BMP"), cut=True)
colours4 = bytes(rng.integers(0, 256, 64, dtype=np.uint8))
body = bytes(rng.integers(0, 256, 8 * 9, dtype=np.uint8))
add("bmp 4 bits", bmp(13, 9, 4, body, palette=colours4))
add("bmp 4 bits of few colours", bmp(13, 9, 4, bytes(b % 48 for b in body), palette=colours4[:12], colors=3))
add("bmp 1 bit colour", bmp(13, 9, 1, body[: 4 * 9], palette=b"\1\2\3\0\xf0\xe0\xd0\0"))
add("bmp 16 bits", bmp(3, 9, 16, body))
add("bmp 565", bmp(3, 9, 16, body, 3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
add("bmp 555 bit field", bmp(3, 9, 16, body, 3, masks=struct.pack("<III", 0x7C00, 0x3E0, 0x1F)))
add("bmp 32 bits", bmp(2, 9, 32, body))
add("bmp 32 bits rgba field", bmp(2, 9, 32, body, 3, masks=struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000), header=108))
add("bmp 32 bits xbgr field", bmp(2, 9, 32, body, 3, masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)))
add("bmp 24 bits top down", bmp(2, 9, 24, body, top_down=True))
add("bmp os/2", bmp(2, 9, 24, body, header=12))
add("bmp os/2 palette", bmp(7, 9, 8, bytes(b % 16 for b in body), palette=colours4[:48] + bytes(240 * 3), header=12))
# without skips: Pillow 9.4 reads their two bytes twice
rle = b"\5\1\2\3\0\0" + b"\0\5\1\2\3\4\5\0\2\7\0\0" + b"\3\6\0\0" + b"\7\7\0\0" + b"\0\3\1\1\2\0\4\4\0\1"
palette8 = bytes(rng.integers(0, 256, 32, dtype=np.uint8))
add("bmp rle8", bmp(7, 5, 8, rle, 1, palette8, 8))
rle4 = b"\5\x12\2\x33\0\0" + b"\0\4\x12\x34\3\x56\0\0" + b"\7\x17\0\0" + b"\1\x20\0\4\x31\x72\2\x55\0\1"
add("bmp rle4", bmp(7, 4, 4, rle4, 2, colours4))

# ---- GIF ----
add("gif", save(PALETTE, "GIF"), cut=True)
add("gif grey", save(GREY, "GIF"), cut=True)
add("gif 1 bit", save(RGB.convert("1"), "GIF"))
add("gif interlaced", save(PALETTE, "GIF", interlace=1), cut=True)
for height in range(1, 9):
    add(f"gif interlaced of {height} rows", save(PALETTE.crop((0, 0, 5, height)), "GIF", interlace=1))
add("gif not interlaced", save(PALETTE, "GIF", interlace=0))
add("gif transparency", save(PALETTE, "GIF", transparency=7))
add("gif animation", save(PALETTE, "GIF", save_all=True, append_images=[PALETTE.rotate(180)]))
noise = Image.fromarray(rng.integers(0, 256, (80, 90), dtype=np.uint8)).quantize(256)
add("gif noise", save(noise, "GIF"), cut=True)
plain = save(PALETTE.crop((0, 0, 20, 10)), "GIF", interlace=0)
wider = bytearray(plain)
wider[6:10] = struct.pack("<HH", 30, 25)
at = wider.rindex(b",", 0, 13 + 3 * 256 + 20)
wider[at + 1 : at + 5] = struct.pack("<HH", 4, 6)
add("gif frame inside a larger canvas", bytes(wider))
smaller = bytearray(plain)
smaller[6:10] = struct.pack("<HH", 5, 5)
add("gif frame larger than its canvas", bytes(smaller))
see = bytearray(save(PALETTE.crop((0, 0, 20, 10)), "GIF", interlace=0, transparency=3))
see[6:10] = struct.pack("<HH", 30, 25)
add("gif transparent frame inside a larger canvas", bytes(see))


# ---- TIFF ----
def tiff(samples, bits, photometric, order="<", tile=None, planar=1, extras=(), sample_format=None, colormap=None,
         orientation=None, rows_per_strip=None):
    """Uncompressed; samples [H, W, C]."""
    height, width, count = samples.shape
    kind = {8: "u1", 16: "u2", 32: "u4"}.get(bits)
    if samples.dtype.kind == "f":
        kind = "f4"
    elif samples.dtype.kind == "i":
        kind = kind.replace("u", "i")

    def pack(part):
        out = b""
        for row in part:
            flat = row.reshape(-1)
            if bits >= 8:
                out += flat.astype(order + kind).tobytes()
            else:
                text = "".join(format(int(v), f"0{bits}b") for v in flat)
                text += "0" * (-len(text) % 8)
                out += bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
        return out

    planes = [samples] if planar == 1 else [samples[:, :, c : c + 1] for c in range(count)]
    chunks = []
    for plane in planes:
        if tile:
            for y in range(0, height, tile):
                for x in range(0, width, tile):
                    part = np.zeros((tile, tile, plane.shape[2]), plane.dtype)
                    piece = plane[y : y + tile, x : x + tile]
                    part[: piece.shape[0], : piece.shape[1]] = piece
                    chunks.append(pack(part))
        else:
            step = rows_per_strip or height
            for y in range(0, height, step):
                chunks.append(pack(plane[y : y + step]))
    body, offsets = b"", []
    for part in chunks:
        offsets.append(8 + len(body))
        body += part + b"\0" * (len(part) % 2)
    entries = {256: ("I", [width]), 257: ("I", [height]), 258: ("H", [bits] * count), 259: ("H", [1]), 262: ("H", [photometric]),
               277: ("H", [count]), 284: ("H", [planar])}
    sizes = ("I", [len(c) for c in chunks])
    if tile:
        entries |= {322: ("I", [tile]), 323: ("I", [tile]), 324: ("I", offsets), 325: sizes}
    else:
        entries |= {273: ("I", offsets), 278: ("I", [rows_per_strip or height]), 279: sizes}
    if extras:
        entries[338] = ("H", list(extras))
    if sample_format:
        entries[339] = ("H", [sample_format] * count)
    if colormap is not None:
        entries[320] = ("H", list(colormap))
    if orientation:
        entries[274] = ("H", [orientation])
    at = 8 + len(body) + 2 + 12 * len(entries) + 4
    directory, tail = struct.pack(order + "H", len(entries)), b""
    for tag in sorted(entries):
        code, values = entries[tag]
        packed = struct.pack(order + str(len(values)) + code, *values)
        directory += struct.pack(order + "HHI", tag, {"H": 3, "I": 4}[code], len(values))
        if len(packed) <= 4:
            directory += packed.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", at + len(tail))
            tail += packed + b"\0" * (len(packed) % 2)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(body))
    return head + body + directory + struct.pack(order + "I", 0) + tail


small = RGB.crop((0, 0, 21, 17))
for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"):
        if compression == "jpeg" and mode not in ("L", "RGB", "CMYK"):
            continue
        image = {"LA": ALPHA.convert("LA"), "RGBA": ALPHA, "P": PALETTE, "CMYK": CMYK,
                 "I;16": Image.fromarray((np.asarray(GREY).astype(np.uint16) * 3 - 90))}.get(mode) or RGB.convert(mode)
        if mode == "F":
            image = Image.fromarray(np.asarray(GREY).astype(np.float32) * 1.7 - 60.3)
        if mode == "I":
            image = Image.fromarray(np.asarray(GREY).astype(np.int32) * 3 - 200)
        image = image.crop((0, 0, 21, 17))
        add(f"tiff {mode} {compression}", save(image, "TIFF", compression=compression))
add("tiff group 4", save(small.convert("1"), "TIFF", compression="group4"))
add("tiff group 3", save(small.convert("1"), "TIFF", compression="group3"))


def noise_of(channels, top, height=17, width=21):
    return rng.integers(0, top, (height, width, channels)).astype(np.uint32)


colormap = rng.integers(0, 65536, 3 * 256).tolist()
for order in "<>":
    end = "little" if order == "<" else "big"
    for bits in (1, 2, 4, 8):
        for photometric in (0, 1):
            add(f"tiff grey {bits} bits photometric {photometric} {end}", tiff(noise_of(1, 2**bits), bits, photometric, order))
        part = colormap[: 3 * 2**bits]
        add(f"tiff palette {bits} bits {end}", tiff(noise_of(1, 2**bits), bits, 3, order, colormap=part))
    add(f"tiff grey 16 bits {end}", tiff(noise_of(1, 400), 16, 1, order))
    add(f"tiff grey 16 bits signed {end}", tiff(noise_of(1, 800).astype(np.int32) - 300, 16, 1, order, sample_format=2))
    add(f"tiff rgb 16 bits {end}", tiff(noise_of(3, 65536), 16, 2, order))
    add(f"tiff rgba 16 bits {end}", tiff(noise_of(4, 65536), 16, 2, order, extras=[2]))
    add(f"tiff rgb associated alpha 16 bits {end}", tiff(noise_of(4, 65536), 16, 2, order, extras=[1]))
    add(f"tiff rgb associated alpha {end}", tiff(noise_of(4, 256), 8, 2, order, extras=[1]))
    add(f"tiff rgbx {end}", tiff(noise_of(4, 256), 8, 2, order, extras=[0]))
    add(f"tiff float {end}", tiff((noise_of(1, 400).astype(np.float32) - 60.5), 32, 1, order, sample_format=3))
add("tiff rgb five samples", tiff(noise_of(5, 256), 8, 2, extras=[0, 0]))
add("tiff cmyk five samples", tiff(noise_of(5, 256), 8, 5, extras=[0]))
add("tiff cmyk 16 bits", tiff(noise_of(4, 65536), 16, 5))
add("tiff grey 16 bits photometric 0", tiff(noise_of(1, 400), 16, 0))
add("tiff grey tiles", tiff(noise_of(1, 256), 8, 1, tile=16))
add("tiff rgb tiles", tiff(noise_of(3, 256), 8, 2, tile=16))
add("tiff rgb planes", tiff(noise_of(3, 256), 8, 2, planar=2))
add("tiff rgb strips", tiff(noise_of(3, 256), 8, 2, rows_per_strip=5))
add("tiff rgb planes strips", tiff(noise_of(3, 256), 8, 2, planar=2, rows_per_strip=4))
for o in range(2, 9):
    add(f"tiff orientation {o}", tiff(noise_of(3, 256, 4, 5), 8, 2, orientation=o))

OUT.mkdir(parents=True, exist_ok=True)
versions = {"pillow": PIL.__version__}
with open(OUT / "pictures.json", "w") as file:
    lines = ",\n".join(json.dumps(p) for p in pictures)
    file.write(f'{{"versions": {json.dumps(versions)}, "pictures": [\n{lines}\n]}}\n')

# ---- resizing: sources are made by a formula that both sides know ----


def source(width, height, seed):
    index = np.arange(width * height * 3, dtype=np.uint64) + np.uint64(seed * 1000003)
    mixed = (index * np.uint64(0x9E3779B97F4A7C15)) & np.uint64(0xFFFFFFFFFFFFFFFF)
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed * np.uint64(0xBF58476D1CE4E5B9)) & np.uint64(0xFFFFFFFFFFFFFFFF)
    return Image.fromarray((mixed >> np.uint64(56)).astype(np.uint8).reshape(height, width, 3))


draw = random.Random(4)
resizes = []
for i in range(600):
    top = draw.choice([4, 12, 40, 120, 300])
    width, height = draw.randint(1, top), draw.randint(1, top)
    target = draw.choice([3, 20, 64, 224])
    out_width, out_height = draw.randint(1, target), draw.randint(1, target)
    if i % 10 == 0:
        out_width = width
    if i % 10 == 1:
        out_height = height
    box = None
    if i % 3 == 0:
        left, top_ = draw.uniform(0, width * 0.6), draw.uniform(0, height * 0.6)
        box = [left, top_, draw.uniform(left + 0.3 * (width - left), width), draw.uniform(top_ + 0.3 * (height - top_), height)]
        if i % 6 == 0:
            box = [int(box[0]), int(box[1]), max(int(box[0]) + 1, int(box[2])), max(int(box[1]) + 1, int(box[3]))]
        box = [float(np.float32(v)) for v in box]
    filter = i % 6
    image = source(width, height, i).resize((out_width, out_height), filter, box=box)
    resizes.append([i, width, height, out_width, out_height, filter, box, crc(image)])
with open(OUT / "resizes.json", "w") as file:
    lines = ",\n".join(json.dumps(r) for r in resizes)
    columns = "seed, width, height, out_width, out_height, filter, box, crc"
    file.write(f'{{"versions": {json.dumps(versions)}, "columns": "{columns}", "resizes": [\n{lines}\n]}}\n')
print(len(pictures), "pictures,", len(resizes), "resizes")
