#!/usr/bin/env python3
"""What becomes of masks in the original libraries: torchvision's geometry by nearest, and the pixels of polygons in
pycocotools.

    /usr/bin/python3 tools/golden/masks.py        (Debian 12's python3-torchvision 0.14.1 and python3-pil; pycocotools' mask API)

Writes tests/Graft.Imaging.Tests/Golden/masks.json.
"""
import json
import math
import pathlib
import random
import zlib

import numpy as np
from PIL import Image
from pycocotools import mask as coco
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Imaging.Tests" / "Golden" / "masks.json"
NEAREST = InterpolationMode.NEAREST
rng = random.Random(5)


def mask(width, height):
    """The test makes the same by this formula."""
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(((x // 3 * 7 + y // 2 * 13 + x * y // 50) % 251).astype(np.uint8))


def crc(image):
    return zlib.crc32(np.asarray(image).tobytes())


def geometry():
    for _ in range(24):
        width, height = rng.randint(1, 90), rng.randint(1, 90)
        source = mask(width, height)
        new = rng.randint(1, 140), rng.randint(1, 140)
        case = {"width": width, "height": height, "resize": {"size": new, "crc": crc(F.resize(source, new[::-1], NEAREST))}}
        side = rng.randint(1, 120)
        whole = F.resize(source, side, NEAREST)
        crop_height, crop_width = rng.randint(1, 100), rng.randint(1, 100)
        padded = F.pad(whole, (0, 0, max(crop_width - whole.width, 0), max(crop_height - whole.height, 0)), fill=255)
        top, left = rng.randint(0, padded.height - crop_height), rng.randint(0, padded.width - crop_width)
        case["crop"] = {"side": side, "box": [left, top, crop_width, crop_height],
                        "crc": crc(F.crop(padded, top, left, crop_height, crop_width))}
        angle = round(rng.uniform(-180, 180), 3)
        case["rotate"] = {"angle": angle, "crc": crc(F.rotate(source, angle, NEAREST, fill=255))}
        turn, shift = round(rng.uniform(-90, 90), 3), [rng.randint(-9, 9), rng.randint(-9, 9)]
        scale, shear = round(rng.uniform(0.5, 2), 3), [round(rng.uniform(-30, 30), 3), round(rng.uniform(-30, 30), 3)]
        case["affine"] = {"angle": turn, "shift": shift, "scale": scale, "shear": shear,
                          "crc": crc(F.affine(source, turn, shift, scale, shear, NEAREST, fill=255))}
        case["flip"] = crc(F.hflip(source))
        yield case


def polygons():
    for i in range(60):
        width, height = rng.randint(1, 70), rng.randint(1, 70)
        corners = rng.randint(3, 9)
        if i % 3 == 0:  # around a middle, as people draw
            points = []
            for c in range(corners):
                turn, reach = 2 * math.pi * c / corners, rng.uniform(2, 0.7 * max(width, height))
                points += [round(width / 2 + reach * math.cos(turn), 2), round(height / 2 + reach * math.sin(turn), 2)]
        elif i % 3 == 1:  # crossing themselves, and beyond the edges
            points = [round(rng.uniform(-10, 80), 2) for _ in range(2 * corners)]
        else:  # whole pixels, corners twice
            points = [float(rng.randint(0, 70)) for _ in range(2 * corners)]
            points += points[-2:]
        counts = coco.frPyObjects([points], height, width)[0]["counts"].decode()
        yield {"width": width, "height": height, "points": points, "counts": counts}


with open(OUT, "w") as file:
    json.dump({"geometry": list(geometry()), "polygons": list(polygons())}, file, separators=(",", ":"))
print(OUT, OUT.stat().st_size)
