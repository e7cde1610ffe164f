"""Pixel operations of training augmentation: checksums of what Pillow and torchvision's PIL backend make of small images.

The images are made by formulas that Graft's tests know too. A case is [operation, kind, width, height, seed, [parameters], crc],
with the result's [width, height] appended where the operation changes the size. Float operations have whole images instead.
"""

import base64
import json
import math
import random
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image
from torchvision.transforms import autoaugment
from torchvision.transforms import functional as F
from torchvision.transforms import functional_pil as FP
from torchvision.transforms.functional import InterpolationMode

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "tests/Graft.Imaging.Tests/Golden"
MODES = {0: InterpolationMode.NEAREST, 2: InterpolationMode.BILINEAR, 3: InterpolationMode.BICUBIC}
KINDS = ("noise", "gradient", "flat", "grey", "narrow", "smooth")


def noise(width, height, seed):
    index = np.arange(width * height * 3, dtype=np.uint64) + np.uint64(seed * 1000003)
    mixed = (index * np.uint64(0x9E3779B97F4A7C15)) & np.uint64(0xFFFFFFFFFFFFFFFF)
    mixed ^= mixed >> np.uint64(29)
    mixed = (mixed * np.uint64(0xBF58476D1CE4E5B9)) & np.uint64(0xFFFFFFFFFFFFFFFF)
    return (mixed >> np.uint64(56)).astype(np.int64).reshape(height, width, 3)


def source(kind, width, height, seed):
    pixels = noise(width, height, seed)
    y, x = np.mgrid[0:height, 0:width]
    if kind == "gradient":
        pixels = np.stack([x * 7 + y * 3 + seed, y * 11 + seed * 5, (x + y) * 2], axis=2) & 255
    elif kind == "flat":
        pixels[:] = pixels[0, 0]
    elif kind == "grey":
        pixels[:] = pixels[:, :, :1]
    elif kind == "narrow":
        pixels = np.stack([pixels[:, :, 0] % 80 + 60, pixels[:, :, 1] % 3 + 200, pixels[:, :, 2] % 200], axis=2)
    elif kind == "smooth":
        pixels = np.stack([x * 3 + pixels[:, :, 0] % 9, y * 4 + pixels[:, :, 1] % 5, (x * y) // 7 + seed], axis=2) & 255
    return Image.fromarray(pixels.astype(np.uint8))


draw = random.Random(7)
cases = []


def crc(image):
    return zlib.crc32(image.tobytes())


def add(name, function, parameters, kinds=KINDS, sizes=None, same_size=True):
    """One case for a drawn kind and size."""
    kind = draw.choice(kinds)
    width, height = sizes or (draw.choice([1, 2, 3, 5, 17, 33, 64, 101]), draw.choice([1, 2, 3, 7, 16, 31, 64, 90]))
    seed = draw.randrange(1000)
    image = source(kind, width, height, seed)
    result = function(image, *parameters)
    assert result.mode == "RGB"
    row = [name, kind, width, height, seed, list(parameters), crc(result)]
    if not same_size:
        row.append(list(result.size))
    cases.append(row)


# ---- places ----


def transform(image, matrix, filter, fill):
    kind = Image.Transform.AFFINE if len(matrix) == 6 else Image.Transform.PERSPECTIVE
    return image.transform(image.size, kind, matrix, filter, fillcolor=tuple(fill))


def affine(image, angle, dx, dy, scale, sx, sy, filter, fill, center=None):
    return F.affine(image, angle, [dx, dy], scale, [sx, sy], MODES[filter], fill, center)


def rotate(image, angle, filter, fill, center=None):
    return F.rotate(image, angle, MODES[filter], False, center, fill)


def colour():
    return draw.choice([[0, 0, 0], [124, 116, 104], [255, 0, 7]])


for i in range(360):
    filter = (0, 2, 3)[i % 3]
    kind = i // 3 % 4
    scale = math.exp(draw.uniform(-1, 1))
    if kind == 0:  # anything
        matrix = [draw.uniform(-2, 2), draw.uniform(-2, 2), draw.uniform(-60, 60)] + [
            draw.uniform(-2, 2), draw.uniform(-2, 2), draw.uniform(-60, 60)]
    elif kind == 1:  # scale and shift
        matrix = [scale, 0, draw.uniform(-20, 20), 0, draw.choice([1.0, -1.0, scale]), draw.uniform(-20, 60)]
        if i % 4 == 0:
            matrix = [1, 0, draw.randint(-20, 20), 0, 1, draw.randint(-20, 20)]
    elif kind == 2:  # nearly still
        matrix = [1 + draw.gauss(0, 0.05), draw.gauss(0, 0.05), draw.uniform(-5, 5)] + [
            draw.gauss(0, 0.05), 1 + draw.gauss(0, 0.05), draw.uniform(-5, 5)]
    else:  # halves and whole numbers, where sides of edges matter
        matrix = [draw.randint(-4, 4) / 2 for _ in range(6)]
    if i == 48:
        matrix[2] = 70000.5  # beyond fixed point
        matrix[0] = -2000.0
    add("transform", transform, (matrix, filter, colour()), kinds=("noise", "gradient", "smooth"))
for i in range(120):
    matrix = [1 + draw.gauss(0, 0.3), draw.gauss(0, 0.3), draw.uniform(-9, 9), draw.gauss(0, 0.3), 1 + draw.gauss(0, 0.3)]
    matrix += [draw.uniform(-9, 9), draw.uniform(0, 0.01), draw.uniform(0, 0.01)]
    add("transform", transform, (matrix, (0, 2, 3)[i % 3], colour()), kinds=("noise", "gradient", "smooth"))
for i in range(150):
    parameters = (draw.uniform(-180, 180), draw.randint(-9, 9), draw.randint(-9, 9), math.exp(draw.uniform(-0.5, 0.5)),
                  draw.uniform(-40, 40), draw.uniform(-40, 40) * (i % 2), (0, 2, 3)[i % 3], colour())
    center = [[draw.randint(0, 20), draw.randint(0, 20)]] if i % 5 == 0 else []
    add("affine", affine, (*parameters, *center), kinds=("noise", "gradient", "smooth"))
for i in range(200):
    angle = draw.choice([draw.uniform(-360, 360), draw.randint(-12, 12) * 30.0, 90.0, 180.0, 270.0, -90.0, 0.0, 360.0, 45.0])
    center = [[draw.randint(0, 20), draw.randint(0, 20)]] if i % 5 == 0 else []
    sizes = (draw.choice([5, 32, 33]),) * 2 if i % 2 else None
    add("rotate", rotate, (angle, (0, 2, 3)[i % 3], colour(), *center), kinds=("noise", "gradient", "smooth"), sizes=sizes)
for i in range(160):
    mode = ("constant", "edge", "reflect", "symmetric")[i % 4]
    width, height = draw.randint(3, 40), draw.randint(3, 30)
    top = 2 * min(width, height) if i % 3 == 0 else 9
    padding = [draw.randint(0, top) for _ in range(4)]
    if i % 7 == 0:
        padding[draw.randrange(4)] = -draw.randint(1, 2)
    if mode != "constant" and i % 5 == 0:
        width = height = 1
        padding = [draw.randint(0, 3) for _ in range(4)]
    add("pad", lambda image, padding, fill, mode: F.pad(image, padding, tuple(fill), mode), (padding, colour(), mode),
        kinds=("noise",), sizes=(width, height), same_size=False)
for _ in range(10):
    add("vflip", F.vflip, ())
    add("hflip", F.hflip, ())

# ---- values ----

enhancements = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation,
                "sharpness": F.adjust_sharpness}
for name, function in enhancements.items():
    for factor in (0.0, 0.1, 0.5, 0.73, 0.999, 1.0, 1.09, 1.5, 1.9, 2.7, 10.0):
        for _ in range(3):
            add(name, function, (factor,))
    for _ in range(20):
        add(name, function, (draw.uniform(0, 2),))
    add(name, function, (1.3,), kinds=("noise",), sizes=(640, 480))
for _ in range(60):
    add("hue", F.adjust_hue, (draw.uniform(-0.5, 0.5),))
for turn in (-0.5, -0.1, 0.0, 0.002, 0.1, 0.25, 0.5):
    add("hue", F.adjust_hue, (turn,), kinds=("noise",), sizes=(640, 480))
for _ in range(30):
    add("gamma", F.adjust_gamma, (draw.uniform(0, 3), draw.choice([1.0, draw.uniform(0.5, 1.5)])))
for _ in range(25):
    for name in ("autocontrast", "equalize", "invert"):
        add(name, getattr(F, name), ())
    add("grayscale", lambda image: F.to_grayscale(image, 3), ())
for name in ("autocontrast", "equalize"):
    for kind in ("noise", "narrow", "smooth"):
        add(name, getattr(F, name), (), kinds=(kind,), sizes=(640, 480))
for bits in range(9):
    for _ in range(3):
        add("posterize", F.posterize, (bits,))
for threshold in (0.0, 0.5, 1.0, 77.3, 128.0, 200.0, 254.5, 255.0, 256.0):
    for _ in range(3):
        add("solarize", F.solarize, (threshold,))

# ---- the named operations of the automatic policies, at every magnitude ----

policies = {
    "autoaugment": (autoaugment.AutoAugment()._augmentation_space, 10),
    "randaugment": (autoaugment.RandAugment()._augmentation_space, 31),
    "trivialaugment": (autoaugment.TrivialAugmentWide()._augmentation_space, 31),
    "augmix": (autoaugment.AugMix()._augmentation_space, 10),
}
spaces, applied = {}, []
for name, (space, bins) in policies.items():
    for width, height in ((64, 48), (37, 51)):
        table = space(bins) if name == "trivialaugment" else space(bins, (height, width))
        spaces[f"{name} {width}x{height}"] = {
            op: {"magnitudes": magnitudes.double().tolist() if magnitudes.ndim else None, "signed": signed}
            for op, (magnitudes, signed) in table.items()}
        for op, (magnitudes, signed) in table.items():
            for index in range(len(magnitudes) if magnitudes.ndim else 1):
                magnitude = float(magnitudes[index].item()) if magnitudes.ndim else 0.0
                for sign in (1, -1) if signed else (1,):
                    filter, fill = draw.choice([(0, None), (2, [9, 8, 7])])
                    kind, seed = draw.choice(KINDS), draw.randrange(100)
                    result = autoaugment._apply_op(
                        source(kind, width, height, seed), op, sign * magnitude, MODES[filter], fill)
                    applied.append([name, op, index, sign, kind, width, height, seed, filter, crc(result)])
tables = {
    name: [[list(op) for op in pair] for pair in autoaugment.AutoAugment()._get_policies(policy)]
    for name, policy in (("ImageNet", autoaugment.AutoAugmentPolicy.IMAGENET), ("Cifar10", autoaugment.AutoAugmentPolicy.CIFAR10),
                         ("Svhn", autoaugment.AutoAugmentPolicy.SVHN))}

# ---- float operations: the whole image ----

floats = []


def whole(name, kind, width, height, seed, parameters, result):
    data = np.asarray(result, dtype=np.uint8).tobytes()
    floats.append([name, kind, width, height, seed, parameters, base64.b64encode(zlib.compress(data, 9)).decode()])


for i in range(24):
    kind, seed = draw.choice(KINDS), draw.randrange(100)
    kernel = [draw.choice([1, 3, 5, 9, 23]), draw.choice([1, 3, 5, 9])]
    width, height = draw.randint(kernel[0] // 2 + 1, 33), draw.randint(kernel[1] // 2 + 1, 27)
    sigma = [draw.uniform(0.1, 2.0), draw.uniform(0.1, 2.0)]
    whole("blur", kind, width, height, seed, [kernel, sigma], F.gaussian_blur(source(kind, width, height, seed), kernel, sigma))
for i in range(12):  # dm_pix: gain * image ** gamma and factor * (image - mean) + mean in float32, here brought back to bytes
    kind, seed, width, height = draw.choice(KINDS), draw.randrange(100), draw.randint(1, 20), draw.randint(1, 20)
    image = np.asarray(source(kind, width, height, seed), dtype=np.float32) / np.float32(255)
    gamma, factor = draw.uniform(0.2, 3), draw.uniform(0, 2.5)
    powers = image ** np.float32(gamma)
    mean = image.mean(axis=(0, 1), keepdims=True, dtype=np.float32)
    spread = np.float32(factor) * (image - mean) + mean
    for name, parameter, values in (("power", gamma, powers), ("spread", factor, spread)):
        whole(name, kind, width, height, seed, [parameter], np.clip(np.round(values * 255), 0, 255))

# ---- matrices ----

matrices = []
for _ in range(20):
    width, height = draw.randint(20, 400), draw.randint(20, 400)
    torch.manual_seed(draw.randrange(10**6))
    start, end = torchvision.transforms.RandomPerspective.get_params(width, height, 0.5)
    matrices.append([start, end, F._get_perspective_coeffs(start, end)])

# ---- beyond what fixed point holds ----

for width, height, matrix in (
    (40000, 2, [1, 0.3, 0, 0.00002, 1, 0]), (40000, 1, [0.8, 0.01, 700, 0, 1, 0]), (40000, 1, [0.8191, 0.01, 0.2, 0, 1, 0]),
    (2, 40000, [1, 0.00002, 0, 0.3, 0.819, 0.3]), (33000, 2, [-0.9929, 0.3, 32767.9, 0, 1, 0]), (7, 5, [1e9, 0.3, -4e9, 2, 1, 0]),
    (1, 3, [65000, 0.3, -32400, 0.1, 1, 0]), (9, 9, [1e-12, 1e-12, 4.5, 1e-12, 1e-12, 4.5]),
):
    for filter in (0, 2, 3):
        add("transform", transform, (matrix, filter, [1, 2, 3]), kinds=("noise",), sizes=(width, height))

versions = {"pillow": PIL.__version__, "torchvision": torchvision.__version__, "torch": torch.__version__}
with open(OUT / "augmentations.json", "w") as file:
    def rows(name, items):
        return f'"{name}": [\n' + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"

    parts = [f'"versions": {json.dumps(versions)}', rows("cases", cases), rows("applied", applied), rows("floats", floats)]
    parts += [f'"spaces": {json.dumps(spaces, separators=(",", ":"))}', f'"policies": {json.dumps(tables)}']
    parts += [rows("perspectives", matrices)]
    file.write("{" + ",\n".join(parts) + "}\n")
print(len(cases), "cases,", len(applied), "applied,", len(floats), "whole", file=sys.stderr)
