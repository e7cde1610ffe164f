#!/usr/bin/python3
"""Runs scikit-learn's and scipy's originals of the probes, the calibration and the statistics on small random data.

    /usr/bin/python3 tools/golden/probes.py [FILE]

Writes tests/Graft.Training.Tests/Golden/probes.json: logistic regressions, nearest neighbours, temperatures, McNemar's test,
Wilson's intervals.
"""
import json
import os
import sys

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler


def numbers(values):
    return [[float(str(value)) for value in row] for row in np.asarray(values, dtype=np.float32)]


def sample(random, count, width, classes):
    labels = np.arange(count) % classes
    centres = random.randn(classes, width)
    rows = np.round(random.randn(count, width) * 1.3 + centres[labels] + 2, 3).astype(np.float32)
    rows[:, -1] = 3  # a feature that never changes
    return rows, labels


def logistic(random, classes):
    rows, labels = sample(random, 40, 6, classes)
    queries, _ = sample(random, 10, 6, classes)
    cases = []
    for c in (0.01, 0.1, 1, 10):
        for standardise in (True, False):
            scaler = StandardScaler(with_mean=standardise, with_std=standardise).fit(rows.astype(np.float64))
            # scikit-learn's L-BFGS stops early whatever tol says
            model = LogisticRegression(C=c, tol=1e-8, max_iter=10000, solver="newton-cg")
            model.fit(scaler.transform(rows.astype(np.float64)), labels)
            found = model.predict_proba(scaler.transform(queries.astype(np.float64)))
            cases.append({"c": c, "standardise": standardise, "probabilities": found.tolist()})
    return {"classes": classes, "rows": numbers(rows), "labels": labels.tolist(), "queries": numbers(queries), "cases": cases}


def neighbours(random):
    rows, labels = sample(random, 60, 5, 3)
    queries, _ = sample(random, 20, 5, 3)
    cases = []
    for k in (1, 3, 5, 10):
        model = KNeighborsClassifier(k, metric="cosine", algorithm="brute").fit(rows, labels)
        votes = np.round(model.predict_proba(queries) * k)
        tied = (np.sort(votes, 1)[:, -1] == np.sort(votes, 1)[:, -2])
        predicted = model.predict(queries)
        cases.append({"k": k, "predicted": [None if tie else int(one) for one, tie in zip(predicted, tied)]})
    return {"classes": 3, "rows": numbers(rows), "labels": labels.tolist(), "queries": numbers(queries), "cases": cases}


def temperatures(random):
    cases = []
    for classes, strength in ((2, 1.0), (3, 4.0), (5, 0.3), (4, 60.0)):
        labels = random.randint(0, classes, 50)
        logits = random.randn(50, classes)
        logits[np.arange(50), labels] += 1.5
        logits = np.round(logits * strength, 3).astype(np.float32)

        def loss(log_t):
            scaled = logits.astype(np.float64) / np.exp(log_t)
            return float((logsumexp(scaled, axis=1) - scaled[np.arange(50), labels]).mean())

        best = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10})
        temperature = float(min(20, max(0.05, np.exp(best.x))))
        cases.append({"logits": numbers(logits), "labels": labels.tolist(), "temperature": temperature,
                      "before": loss(0), "after": loss(np.log(temperature))})
    targets = (random.rand(40, 3) < 0.4).astype(int)
    logits = np.round((random.randn(40, 3) + targets * 1.5) * 3, 3).astype(np.float32)

    def several(log_t):
        scaled = logits.astype(np.float64) / np.exp(log_t)
        return float((np.logaddexp(0, scaled) - scaled * targets).mean())

    best = minimize_scalar(several, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10})
    cases.append({"logits": numbers(logits), "targets": targets.tolist(), "temperature": float(np.exp(best.x)),
                  "before": several(0), "after": several(best.x)})
    return cases


def main(path):
    random = np.random.RandomState(2)
    golden = {
        "logistic": [logistic(random, classes) for classes in (2, 3, 5)],
        "neighbours": neighbours(random),
        "temperatures": temperatures(random),
        "mcnemar": [[b, c, binomtest(b, b + c).pvalue if b + c else 1.0]
                    for b, c in ((0, 0), (0, 1), (3, 3), (1, 9), (12, 4), (0, 20), (400, 500), (1000, 1000))],
        "wilson": [[k, n, *binomtest(k, n).proportion_ci(method="wilson")]
                   for k, n in ((0, 1), (1, 1), (0, 10), (10, 10), (7, 10), (1, 1000), (530, 1000), (99999, 100000))],
    }
    with open(path, "w") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    default = os.path.join(here, "..", "..", "tests", "Graft.Training.Tests", "Golden", "probes.json")
    main(sys.argv[1] if len(sys.argv) > 1 else default)
