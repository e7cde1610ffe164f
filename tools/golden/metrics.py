#!/usr/bin/python3
"""Runs scikit-learn's classification metrics on small random predictions, and writes what they gave.

    /usr/bin/python3 tools/golden/metrics.py [FILE]

Writes tests/Graft.Training.Tests/Golden/metrics.json: logits [N, K], labels [N], and the measures. Class 5 has no samples, and
class 6 is never predicted.
"""
import json
import os
import sys

import numpy as np
from sklearn import metrics

SAMPLES, CLASSES = 60, 7


def main(path):
    random = np.random.RandomState(0)
    labels = random.choice([0, 1, 2, 3, 4, 6], SAMPLES, p=[0.4, 0.2, 0.15, 0.1, 0.1, 0.05])
    logits = random.randn(SAMPLES, CLASSES)
    logits[np.arange(SAMPLES), labels] += 1.2
    logits[:, 6] -= 6
    logits = np.round(logits, 3).astype(np.float32)
    assert all(len(set(row)) == CLASSES for row in logits)  # no ties, whose order is a matter of taste
    exact = logits.astype(np.float64)
    probabilities = np.exp(exact - exact.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)
    predicted, every = exact.argmax(1), np.arange(CLASSES)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, predicted, labels=every, zero_division=0)
    averaged = {
        name: metrics.precision_recall_fscore_support(labels, predicted, labels=every, average=name, zero_division=0)[:3]
        for name in ("macro", "weighted")
    }
    golden = {
        "logits": [[float(str(value)) for value in row] for row in logits],
        "labels": labels.tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "top": [metrics.top_k_accuracy_score(labels, exact, k=k, labels=every) for k in range(1, CLASSES)],
        "loss": metrics.log_loss(labels, probabilities, labels=every),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=every).tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        **averaged,
    }
    with open(path, "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    default = os.path.join(here, "..", "..", "tests", "Graft.Training.Tests", "Golden", "metrics.json")
    main(sys.argv[1] if len(sys.argv) > 1 else default)
