#!/usr/bin/python3
"""Measures of segmentation by their plain definitions in numpy and scipy, on random and degenerate masks.

    /usr/bin/python3 tools/golden/mask_metrics.py [FILE]

Writes tests/Graft.Training.Tests/Golden/mask_metrics.json: cases, each with its number of classes, its images (height, width,
truth and prediction row by row; -100 in the truth does not count), the values by Graft's names of the metrics, and the lists of
IoU and Dice by class; null stands for NaN. A class that is in neither truth nor prediction has no score and is left out of means.
"""
import json
import math
import os
import sys

import numpy as np
from scipy.ndimage import distance_transform_edt

IGNORED = -100


def mean(values):
    kept = [value for value in values if value is not None]
    return float(np.mean(kept)) if kept else None


def sets(images, k):
    """The pixels of a class over all images: in the truth, and in the prediction, of those that count."""
    truth = np.concatenate([t[t != IGNORED] == k for t, _ in images])
    found = np.concatenate([p[t != IGNORED] == k for t, p in images])
    return truth, found


def overlap(images, k):
    truth, found = sets(images, k)
    union = (truth | found).sum()
    return float((truth & found).sum() / union) if union else None


def dice(images, k):
    truth, found = sets(images, k)
    total = truth.sum() + found.sum()
    return float(2 * (truth & found).sum() / total) if total else None


def accuracy(images, k):
    truth, found = sets(images, k)
    return float((truth & found).sum() / truth.sum()) if truth.any() else None


def pixels(images):
    right = sum(int(((t == p) & (t != IGNORED)).sum()) for t, p in images)
    total = sum(int((t != IGNORED).sum()) for t, _ in images)
    return right / total if total else None


def frequency_weighted(images, classes):
    total = sum(int((t != IGNORED).sum()) for t, _ in images)
    if not total:
        return None
    return sum(sets(images, k)[0].sum() / total * overlap(images, k) for k in range(classes) if sets(images, k)[0].any())


def contour(inside, counts):
    """Pixels that differ from the one to the right, below, or right below, where both count."""
    edge = np.zeros(inside.shape, bool)
    h, w = inside.shape
    for dy, dx in ((0, 1), (1, 0), (1, 1)):
        here, there = np.s_[:h - dy, :w - dx], np.s_[dy:, dx:]
        edge[here] |= (inside[here] != inside[there]) & counts[here] & counts[there]
    return edge


def boundary_one(truth, found, k, tolerance):
    counts = truth != IGNORED
    actual, predicted = (truth == k) & counts, (found == k) & counts
    if not (actual | predicted).any():
        return None
    a, p = contour(actual, counts), contour(predicted, counts)
    if not a.any() and not p.any():
        return 1.0
    if not a.any() or not p.any():
        return 0.0
    radius = math.ceil(tolerance * math.hypot(*truth.shape))
    precision = (distance_transform_edt(~a)[p] <= radius).mean()
    recall = (distance_transform_edt(~p)[a] <= radius).mean()
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def boundary(images, k, tolerance=0.0075):
    return mean([boundary_one(t, p, k, tolerance) for t, p in images])


def measured(images, classes):
    return {
        "miou": mean([overlap(images, k) for k in range(classes)]),
        "iou:class=0": overlap(images, 0),
        "dice": mean([dice(images, k) for k in range(classes)]),
        "dice:class=1": dice(images, 1),
        "pixel_accuracy": pixels(images),
        "mean_accuracy": mean([accuracy(images, k) for k in range(classes)]),
        "mean_accuracy:class=1": accuracy(images, 1),
        "fwiou": frequency_weighted(images, classes),
        "boundary_f": mean([boundary(images, k) for k in range(classes)]),
        "boundary_f:class=1": boundary(images, 1),
        "boundary_f:tolerance=0.1": mean([boundary(images, k, 0.1) for k in range(classes)]),
    }


def blobs(random, height, width, classes):
    """Discs of random classes on class 0."""
    mask = np.zeros((height, width), int)
    y, x = np.mgrid[:height, :width]
    for _ in range(4):
        cy, cx, r = random.uniform(0, height), random.uniform(0, width), random.uniform(2, height / 2)
        mask[(y - cy) ** 2 + (x - cx) ** 2 < r * r] = random.integers(classes)
    return mask


def main(path):
    random = np.random.default_rng(3)
    cases = []

    def add(name, classes, images):
        cases.append({
            "name": name, "classes": classes,
            "images": [{"height": t.shape[0], "width": t.shape[1], "truth": t.ravel().tolist(),
                        "predicted": p.ravel().tolist()} for t, p in images],
            "values": measured(images, classes),
            "iou": [overlap(images, k) for k in range(classes)],
            "dice": [dice(images, k) for k in range(classes)],
        })

    def noise(mask, share, classes):
        return np.where(random.random(mask.shape) < share, random.integers(0, classes, mask.shape), mask)

    def holes(mask, share=0.1):
        return np.where(random.random(mask.shape) < share, IGNORED, mask)

    shifted = [(mask, np.roll(mask, (1, 2), (0, 1))) for mask in (blobs(random, 24, 31, 4) for _ in range(3))]
    add("shifted discs", 4, shifted)
    add("images of different sizes, noisy, with holes", 3, [
        (holes(mask), noise(mask, 0.2, 3)) for mask in (blobs(random, h, w, 3) for h, w in ((17, 23), (30, 8), (12, 12)))])
    strip = blobs(random, 20, 20, 3)
    strip[6:9] = IGNORED
    add("an ignored strip", 3, [(strip, noise(blobs(random, 20, 20, 3), 0.05, 3))])
    two = blobs(random, 15, 15, 2)
    add("perfect", 2, [(two, two)])
    add("a class in neither", 5, [(two, noise(two, 0.1, 2))])
    add("a class predicted but not there", 3, [(two, noise(two, 0.1, 3))])
    add("a class there but never predicted", 3, [(noise(two, 0.2, 3), two)])
    add("one class alone, filling the image", 2, [(np.ones((6, 7), int), np.ones((6, 7), int))])
    add("one class, taken for another", 2, [(np.ones((6, 7), int), np.zeros((6, 7), int))])
    add("nothing counts", 3, [(np.full((5, 5), IGNORED), np.zeros((5, 5), int))])
    add("an image of which nothing counts, and another", 3, [
        (np.full((5, 5), IGNORED), np.zeros((5, 5), int)), (two, noise(two, 0.3, 3))])
    add("a single pixel", 2, [(np.array([[1]]), np.array([[0]]))])
    add("a row and a column", 2, [(np.array([[0, 1, 1, 0, 0]]), np.array([[0, 0, 1, 1, 0]])),
                                  (np.array([[0], [1], [0]]), np.array([[0], [1], [1]]))])
    with open(path, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    main(sys.argv[1] if len(sys.argv) > 1
         else os.path.join(here, "../../tests/Graft.Training.Tests/Golden/mask_metrics.json"))
