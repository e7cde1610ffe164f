#!/usr/bin/python3
"""fastai's aug_transforms for given draws, worked out anew with PyTorch's affine_grid and grid_sample (fastai is not needed).

    /usr/bin/python3 tools/golden/fastai_augment.py

Writes tests/Graft.Imaging.Tests/Golden/fastai.json: images as hexadecimal bytes, the draws, and the bytes that come out.
Geometry: mirror, rotation and zoom are one matrix over coordinates in -1 .. 1 (align_corners), the warp moves the corners after
it; light: a sigmoid over contrast times (logit + logit of brightness).
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Imaging.Tests" / "Golden" / "fastai.json"
rng = np.random.default_rng(7)
# the eight symmetries of the square as matrices over (x, y)
SYMMETRIES = [[[1, 0], [0, 1]], [[-1, 0], [0, 1]], [[1, 0], [0, -1]], [[0, -1], [1, 0]],
              [[-1, 0], [0, -1]], [[0, 1], [-1, 0]], [[0, 1], [1, 0]], [[0, -1], [-1, 0]]]


def scene(width, height):
    y, x = np.mgrid[0:height, 0:width]
    planes = [np.sin(x / (2.0 + c) + c) * 70 + np.cos(y / (3.0 + c)) * 50 + 128 for c in range(3)]
    return np.clip(np.stack(planes, -1) + rng.normal(0, 8, (height, width, 3)), 0, 255).astype(np.uint8)


def square(matrix):
    full = np.eye(3)
    full[:len(matrix), :len(matrix[0])] = matrix
    return full


def perspective(source, target):
    """The 3 x 3 map that takes source points to target points."""
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), np.array(right, float)), 1).reshape(3, 3)


def logit(value):
    value = np.clip(value, 1e-7, 1 - 1e-7)
    return np.log(value / (1 - value))


def run(image, width, height, draw, window):
    left, top, w, h = window
    angle = math.radians(draw["degrees"])
    turn = square([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    s = 1 / draw["zoom"]
    zoom = square([[s, 0, (1 - s) * (2 * draw["zoom_x"] - 1)], [0, s, (1 - s) * (2 * draw["zoom_y"] - 1)]])
    affine = square(SYMMETRIES[draw["symmetry"]]) @ turn @ zoom
    affine[0, 1] *= h / w
    affine[1, 0] *= w / h
    grid = F.affine_grid(torch.tensor(affine[None, :2]), (1, 3, height, width), align_corners=True).reshape(-1, 2).numpy()
    a, b = draw["warp_x"], draw["warp_y"]
    if a or b:
        moved = [(-1 - b, -1 - a), (-1 + b, 1 + a), (1 + b, -1 + a), (1 - b, 1 - a)]
        lifted = np.c_[grid, np.ones(len(grid))] @ perspective(moved, [(-1, -1), (-1, 1), (1, -1), (1, 1)]).T
        grid = lifted[:, :2] / lifted[:, 2:]
    # from the window's -1 .. 1 to that of the whole image
    pixels = (grid + 1) / 2 * [w - 1, h - 1] + [left, top]
    whole = pixels / [image.shape[1] - 1, image.shape[0] - 1] * 2 - 1
    planes = torch.tensor(image.transpose(2, 0, 1)[None] / 255.0)
    sampled = F.grid_sample(planes, torch.tensor(whole.reshape(1, height, width, 2)), mode="bilinear", padding_mode="reflection",
                            align_corners=True)[0].numpy()
    lit = 1 / (1 + np.exp(-draw["contrast"] * (logit(sampled) + logit(draw["brightness"]))))
    return np.rint(lit * 255).astype(np.uint8).transpose(1, 2, 0)


def draw(**changes):
    return dict({"symmetry": 0, "degrees": 0, "zoom": 1, "zoom_x": 0.5, "zoom_y": 0.5, "warp_x": 0, "warp_y": 0,
                 "brightness": 0.5, "contrast": 1}, **changes)


images = {"wide": scene(26, 18), "high": scene(15, 21), "tiny": scene(2, 3)}
draws = [("wide", draw(), 13, 9, None), ("wide", draw(symmetry=1), 26, 18, None), ("high", draw(degrees=10), 12, 20, None),
         ("high", draw(zoom=1.1, zoom_x=0.1, zoom_y=0.8), 15, 15, None), ("wide", draw(warp_x=0.2), 20, 14, None),
         ("wide", draw(warp_y=-0.15), 20, 14, None), ("high", draw(brightness=0.58), 15, 21, None),
         ("high", draw(contrast=0.8), 15, 21, None), ("tiny", draw(degrees=40, zoom=0.5), 7, 8, None),
         ("wide", draw(degrees=-7, zoom=1.05, zoom_x=0.9), 10, 10, (5, 2, 16, 16)),
         ("wide", draw(degrees=170, zoom=0.3, warp_x=0.4, warp_y=0.4), 18, 18, None),
         ("wide", draw(symmetry=1, degrees=6.5, zoom=1.07, zoom_x=0.3, zoom_y=0.9, warp_x=-0.12, warp_y=0.18, brightness=0.43,
                       contrast=1.21), 16, 12, (3, 1, 20, 15))]
draws += [("wide", draw(symmetry=k, degrees=3), 12, 12, (4, 0, 18, 18)) for k in range(2, 8)]
cases = []
for name, drawn, width, height, window in draws:
    image = images[name]
    window = window or (0, 0, image.shape[1], image.shape[0])
    result = run(image, width, height, drawn, window)
    cases.append({"image": name, "draw": drawn, "window": list(window), "width": width, "height": height,
                  "result": result.tobytes().hex()})
pictures = {name: {"width": i.shape[1], "height": i.shape[0], "pixels": i.tobytes().hex()} for name, i in images.items()}
OUT.write_text(json.dumps({"images": pictures, "cases": cases}, indent=0) + "\n")
