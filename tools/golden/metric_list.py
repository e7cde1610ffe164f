#!/usr/bin/python3
"""Runs scikit-learn's metrics on random and degenerate predictions, and writes what they gave.

    /usr/bin/python3 tools/golden/metric_list.py [FILE]

Writes tests/Graft.Training.Tests/Golden/metric_list.json: cases, each with its kind (single, multiple, number), its outputs
[N, K], its labels [N] or targets [N, K], and the values by Graft's names of the metrics; null stands for NaN. Where scikit-learn
refuses (a class absent from the truth has no ROC curve), the value is the mean over the classes that have one.
"""
import json
import os
import sys
import warnings

import numpy as np
from scipy.special import expit, logsumexp
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
BETA = 2


def reliability(confidence, right, bins):
    """The error from scikit-learn's bins; it wants both outcomes, and says nothing of the bins' sizes."""
    edges = np.linspace(0, 1, bins + 1)
    places = np.searchsorted(edges[1:-1], confidence)
    total = np.bincount(places, minlength=bins)
    share = total[total > 0] / len(confidence)
    if len(set(right)) == 2:
        accuracy, mean = calibration_curve(right, confidence, n_bins=bins, pos_label=1)
    else:
        accuracy = np.full(len(share), right[0])
        mean = (np.bincount(places, weights=confidence, minlength=bins))[total > 0] / total[total > 0]
    return float(np.sum(share * np.abs(accuracy - mean)))


def log_odds(logits):
    classes = logits.shape[1]
    rest = [logsumexp(np.delete(logits, k, axis=1), axis=1) for k in range(classes)]
    # what is equal but for the rounding of sums is equal
    return (logits - np.stack(rest, axis=1)).astype(np.float32).astype(np.float64)


def one_by_one(truth, scores, measure):
    """Per class; None where the class has no curve."""
    values = []
    for k in range(truth.shape[1]):
        both = 0 < truth[:, k].sum() < len(truth) if measure is metrics.roc_auc_score else truth[:, k].sum() > 0
        values.append(measure(truth[:, k], scores[:, k]) if both else None)
    return values


def mean(values, weights=None):
    kept = [(value, 1 if weights is None else weights[i]) for i, value in enumerate(values) if value is not None]
    if not kept:
        return None
    total = sum(weight for _, weight in kept)
    return sum(value * weight for value, weight in kept) / total if total else 0.0


def ranked(truth, scores, several):
    auc = one_by_one(truth, scores, metrics.roc_auc_score)
    support = truth.sum(0)
    micro_defined = 0 < truth.sum() < truth.size
    values = {
        "auc": mean(auc),
        "auc:weighted": mean(auc, support),
        "auc:micro": metrics.roc_auc_score(truth.ravel(), scores.ravel()) if micro_defined else None,
        "auc:class=1": auc[1],
    }
    if several:
        for average in ("macro", "weighted", "micro"):
            values["ap:" + average] = metrics.average_precision_score(truth, scores, average=average)
        if truth.sum() == 0:
            values["ap:weighted"] = 0.0
        values["ap:class=1"] = metrics.average_precision_score(truth[:, 1], scores[:, 1])
    else:
        precision = one_by_one(truth, scores, metrics.average_precision_score)
        values["ap:macro"] = mean(precision)
        values["ap:weighted"] = mean(precision, support)
        values["ap:micro"] = metrics.average_precision_score(truth.ravel(), scores.ravel())
        values["ap:class=1"] = precision[1]
    return values


def single(name, logits, labels):
    logits, labels = np.asarray(logits, dtype=np.float32), np.asarray(labels)
    exact = logits.astype(np.float64)
    classes = logits.shape[1]
    every = np.arange(classes)
    log_probability = exact - logsumexp(exact, axis=1, keepdims=True)
    probability = np.exp(log_probability)
    predicted = exact.argmax(1)
    truth = (labels[:, None] == every).astype(int)
    values = {
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, predicted),
        "mcc": metrics.matthews_corrcoef(labels, predicted),
        "kappa": metrics.cohen_kappa_score(labels, predicted),
        "kappa:linear": metrics.cohen_kappa_score(labels, predicted, labels=every, weights="linear"),
        "kappa:quadratic": metrics.cohen_kappa_score(labels, predicted, labels=every, weights="quadratic"),
        # scikit-learn's log_loss cuts probabilities off
        "log_loss": float(-log_probability[np.arange(len(labels)), labels].mean()),
        "brier": float(((probability - truth) ** 2).sum(1).mean()) if classes > 2
        else metrics.brier_score_loss(truth[:, 1], probability[:, 1], pos_label=1),
        "ece": reliability(probability[np.arange(len(labels)), predicted], (predicted == labels).astype(float), 15),
        "ece:bins=10": reliability(probability[np.arange(len(labels)), predicted], (predicted == labels).astype(float), 10),
    }
    if np.abs(exact).max() < 20:
        assert abs(values["log_loss"] - metrics.log_loss(labels, probability, labels=every)) < 1e-12
        if classes > 2 and len(set(labels)) == classes and name == "random":
            usual = metrics.roc_auc_score(labels, probability, multi_class="ovr", average="macro")
            assert abs(usual - ranked(truth, log_odds(exact), False)["auc"]) < 1e-12
    for average in ("macro", "micro", "weighted"):
        values["precision:" + average] = metrics.precision_score(labels, predicted, average=average, zero_division=0)
        values["recall:" + average] = metrics.recall_score(labels, predicted, average=average, zero_division=0)
        values["f1:" + average] = metrics.f1_score(labels, predicted, average=average, zero_division=0)
        values[f"fbeta:beta={BETA}:" + average] = metrics.fbeta_score(
            labels, predicted, beta=BETA, average=average, zero_division=0)
    one = metrics.precision_recall_fscore_support(labels, predicted, labels=every, zero_division=0)
    values["precision:class=1"], values["recall:class=1"], values["f1:class=1"] = (one[i][1] for i in range(3))
    for k in range(1, classes):
        if not has_ties(exact):
            values[f"top{k}"] = metrics.top_k_accuracy_score(labels, exact, k=k, labels=every) if classes > 2 \
                else metrics.accuracy_score(labels, predicted)
    values.update(ranked(truth, log_odds(exact), several=False))
    return case("single", name, logits, values, labels=labels.tolist())


def has_ties(rows):
    return any(len(set(row)) < len(row) for row in rows)


def multiple(name, logits, targets):
    logits, targets = np.asarray(logits, dtype=np.float32), np.asarray(targets)
    exact = logits.astype(np.float64)
    probability = expit(exact)
    predicted = (probability > 0.5).astype(int)
    low = (probability > 0.3).astype(int)
    values = {
        "accuracy": metrics.accuracy_score(targets, predicted),
        "subset_accuracy": metrics.accuracy_score(targets, predicted),
        "subset_accuracy:threshold=0.3": metrics.accuracy_score(targets, low),
        "hamming_loss": metrics.hamming_loss(targets, predicted),
        "hamming_loss:threshold=0.3": metrics.hamming_loss(targets, low),
        "log_loss": float((np.logaddexp(0, exact) - exact * targets).mean()),
        "brier": float(np.mean([metrics.brier_score_loss(targets[:, k], probability[:, k], pos_label=1)
                                for k in range(targets.shape[1])])),
        "ece": reliability(probability.ravel(), targets.ravel().astype(float), 15),
        "f1:macro:threshold=0.3": metrics.f1_score(targets, low, average="macro", zero_division=0),
    }
    for average in ("macro", "micro", "weighted", "samples"):
        values["precision:" + average] = metrics.precision_score(targets, predicted, average=average, zero_division=0)
        values["recall:" + average] = metrics.recall_score(targets, predicted, average=average, zero_division=0)
        values["f1:" + average] = metrics.f1_score(targets, predicted, average=average, zero_division=0)
        values[f"fbeta:beta={BETA}:" + average] = metrics.fbeta_score(
            targets, predicted, beta=BETA, average=average, zero_division=0)
    values["f1:class=1"] = metrics.f1_score(targets[:, 1], predicted[:, 1], zero_division=0)
    values.update(ranked(targets, exact, several=True))
    return case("multiple", name, logits, values, targets=targets.tolist())


def number(name, outputs, targets):
    outputs, targets = np.asarray(outputs, dtype=np.float32), np.asarray(targets, dtype=np.float32)
    y, p = targets.astype(np.float64), outputs.astype(np.float64)
    values = {
        "mse": metrics.mean_squared_error(y, p),
        "rmse": metrics.mean_squared_error(y, p, squared=False),
        "mae": metrics.mean_absolute_error(y, p),
        "r2": metrics.r2_score(y, p),
    }
    return case("number", name, outputs, values, targets=[[float(value) for value in row] for row in targets])


def case(kind, name, outputs, values, **truth):
    cleaned = {key: None if value is None or not np.isfinite(value) else float(value) for key, value in values.items()}
    rows = [[float(str(value)) for value in row] for row in outputs]
    return {"kind": kind, "name": name, "outputs": rows, **truth, "values": cleaned}


def rounded(values, digits=3):
    return np.round(values, digits).astype(np.float32)


def main(path):
    random = np.random.RandomState(1)

    def drawn(samples, classes, labels, pull=1.0):
        logits = random.randn(samples, classes) * 1.5
        logits[np.arange(samples), labels] += pull
        return rounded(logits)

    labels = random.randint(0, 4, 40)
    two = random.randint(0, 2, 30)
    missing = random.choice([0, 1, 3], 24)
    logits = drawn(24, 4, missing)
    never = logits.copy()
    never[:, 2] = -9 - np.arange(24) / 100
    unseen = drawn(20, 3, random.randint(0, 3, 20))
    unseen[:, 1] -= 12
    cases = [
        single("random", drawn(40, 4, labels), labels),
        single("two classes", drawn(30, 2, two), two),
        single("a class absent from the truth", logits, missing),
        single("a class absent from truth and predictions", never, missing),
        single("a class never predicted", rounded(unseen), [0, 1, 2, 1] * 5),
        single("all the same score", np.zeros((9, 3)), [0, 1, 2, 1, 1, 0, 2, 2, 1]),
        single("all the same row", np.tile([0.5, -1, 2], (7, 1)), [0, 1, 2, 1, 1, 0, 2]),
        single("one sample, right", [[0.1, 2, -1]], [1]),
        single("one sample, wrong", [[0.1, 2, -1]], [2]),
        single("one class only, all right", drawn(6, 3, np.ones(6, int), 9), np.ones(6, int)),
        single("one class only, some wrong", drawn(8, 3, np.zeros(8, int), 0.5), np.ones(8, int)),
        single("everything wrong", drawn(6, 2, np.array([0, 1] * 3), 9), [1, 0] * 3),
        single("logits of thousands", drawn(20, 3, labels[:20] % 3) * 3000, labels[:20] % 3),
        single("few different scores", np.round(drawn(30, 3, labels[:30] % 3)), labels[:30] % 3),
    ]
    targets = (random.rand(30, 5) < [0.5, 0.3, 0.2, 0.7, 0.1]).astype(int)
    several = rounded(random.randn(30, 5) * 1.5 + targets * 1.2 - 0.3)
    absent = targets.copy()
    absent[:, 1] = 0
    full = targets.copy()
    full[:, 2] = 1
    cases += [
        multiple("random", several, targets),
        multiple("a label that never occurs", several, absent),
        multiple("a label that always occurs", several, full),
        multiple("no label at all", several, np.zeros_like(targets)),
        multiple("nothing predicted", rounded(several - 20), targets),
        multiple("all the same score", np.zeros((8, 3)), targets[:8, :3]),
        multiple("one sample", several[:1], targets[:1]),
        multiple("one sample without labels", several[:1], np.zeros((1, 5), int)),
        multiple("logits of thousands", several * 2000, targets),
    ]
    y = random.randn(25, 1) * 3 + 5
    many = random.randn(25, 3) * [1, 10, 100] + [0, 5, 1000]
    cases += [
        number("one number", rounded(y + random.randn(25, 1)), rounded(y)),
        number("three numbers", rounded(many + random.randn(25, 3)), rounded(many)),
        number("far from zero", rounded(1e6 + y + random.randn(25, 1)), rounded(1e6 + y)),
        number("always the same truth", rounded(y), np.full((25, 1), 4)),
        number("always the same truth, all right", np.full((5, 1), 4), np.full((5, 1), 4)),
        number("one sample", [[3.5]], [[3]]),
        number("worse than the mean", rounded(-y), rounded(y)),
    ]
    with open(path, "w") as file:
        json.dump(cases, file)
        file.write("\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    default = os.path.join(here, "..", "..", "tests", "Graft.Training.Tests", "Golden", "metric_list.json")
    main(sys.argv[1] if len(sys.argv) > 1 else default)
