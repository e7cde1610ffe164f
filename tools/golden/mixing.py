#!/usr/bin/python3
"""MixUp and CutMix of small batches, worked out with numpy from the papers' formulas, and quantiles of Beta(a, a) from scipy.

    /usr/bin/python3 tools/golden/mixing.py

Writes tests/Graft.Data.Tests/Golden/mixing.json. The partner of sample i is sample N - 1 - i. Images are small whole numbers, so
that their float32 values are exact; label smoothing s gives 1 - s + s / K to the right class and s / K to the others.
"""
import json
import pathlib

import numpy as np
from scipy import stats

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Data.Tests" / "Golden" / "mixing.json"
rng = np.random.default_rng(4)


def soft(labels, classes, smoothing):
    table = np.full((len(labels), classes), smoothing / classes)
    for row, label in enumerate(labels):
        table[row, label] += 1 - smoothing
    return table


def case(kind, n, height, width, classes, lam, smoothing, centre=None):
    images = rng.integers(-9, 10, (n, 3, height, width)).astype(np.float32)
    labels = rng.integers(0, classes, n)
    order = np.arange(n)[::-1]
    box = None
    if kind == "mixup":
        mixed = images * np.float32(lam) + images[order] * np.float32(1 - lam)
        share = lam
    else:
        side = np.sqrt(1 - lam)
        rows, columns = int(height * side), int(width * side)
        y1, y2 = (int(np.clip(centre[0] + sign * (rows // 2), 0, height)) for sign in (-1, 1))
        x1, x2 = (int(np.clip(centre[1] + sign * (columns // 2), 0, width)) for sign in (-1, 1))
        inside = np.zeros((height, width), bool)
        inside[y1:y2, x1:x2] = True
        mixed = np.where(inside, images[order], images)
        share = 1 - inside.mean()
        box = [y1, y2, x1, x2]
    targets = soft(labels, classes, smoothing) * share + soft(labels[order], classes, smoothing) * (1 - share)
    return {"kind": kind, "lambda": lam, "centre": centre, "box": box, "share": share, "smoothing": smoothing,
            "classes": classes, "shape": list(images.shape), "images": images.ravel().tolist(), "labels": labels.tolist(),
            "mixed": mixed.ravel().tolist(), "targets": targets.ravel().tolist()}


cases = [
    case("mixup", 4, 4, 5, 3, 0.3, 0.0),
    case("mixup", 5, 3, 3, 4, 0.875, 0.1),
    case("cutmix", 4, 8, 10, 3, 0.6, 0.1, [4, 5]),
    case("cutmix", 4, 8, 10, 5, 0.25, 0.0, [0, 9]),
    case("cutmix", 3, 9, 6, 2, 0.5, 0.05, [8, 0]),
    case("cutmix", 2, 6, 6, 2, 0.0, 0.0, [3, 3]),
]
grid = np.linspace(0.02, 0.98, 49)
betas = [{"alpha": a, "at": stats.beta.ppf(grid, a, a).tolist(), "below": grid.tolist()} for a in (0.2, 0.8, 1.0, 3.0)]
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps({"cases": cases, "betas": betas}) + "\n")
