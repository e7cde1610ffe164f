#!/usr/bin/python3
"""Optuna's samplers on the functions of `bench/Graft.Bench optimisers`: one line of JSON for each run, the best value so far
after every trial. Run by hand where there is an Optuna (Debian sid: python3-optuna, python3-torch and python3-scipy).

    optimisers.py TABLE SEEDS TRIALS SAMPLER... > FILE
"""
import csv
import json
import math
import sys
import time
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def branin(t):
    x, y = t.suggest_float("x", -5, 10), t.suggest_float("y", 0, 15)
    b, c = 5.1 / (4 * math.pi**2), 5 / math.pi
    return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]


def hartmann(t):
    x = [t.suggest_float("x%d" % i, 0, 1) for i in range(6)]
    return -sum(w * math.exp(-sum(a * (v - p * 1e-4) ** 2 for a, v, p in zip(A[k], x, P[k])))
                for k, w in enumerate([1, 1.2, 3, 3.2]))


def rosenbrock(*x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def rosenbrock_log(t):
    return rosenbrock(math.log10(t.suggest_float("a", 1e-2, 1e2, log=True)),
                      math.log10(t.suggest_float("b", 1e-2, 1e2, log=True)))


OFFSETS = {"a": 0, "b": 1, "c": 20, "d": 50}


def rosenbrock_mixed(t):
    x = math.log10(t.suggest_float("rate", 1e-4, 1, log=True)) + 2
    y = t.suggest_float("y", -2, 2)
    z = t.suggest_int("steps", -8, 8) / 4
    kind = t.suggest_categorical("kind", ["a", "b", "c", "d"])
    return rosenbrock(-x if kind == "b" else x, y, z) + OFFSETS[kind]


def table(path):
    """Error times seconds of fine-tuning on Pets, the mean of a model's complete runs; 80 seconds more are what any run costs."""
    runs = {}
    for row in csv.DictReader(open(path)):
        if row["dataset"] == "pets" and row["error_rate"] and row["fit_time"]:
            runs.setdefault(row["model_name"], []).append(float(row["error_rate"]) * (float(row["fit_time"]) + 80))
    costs = {name: sum(values) / len(values) for name, values in sorted(runs.items())}
    return lambda t: costs[t.suggest_categorical("model_name", list(costs))]


def sampler(name, seed):
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=seed)
    if name == "tpe-multivariate":
        return optuna.samplers.TPESampler(seed=seed, multivariate=True)
    if name == "gp":
        return optuna.samplers.GPSampler(seed=seed, deterministic_objective=True)
    return optuna.samplers.RandomSampler(seed=seed)


functions = {"branin": branin, "rosenbrock-log": rosenbrock_log, "models": table(sys.argv[1]),
             "rosenbrock-mixed": rosenbrock_mixed, "hartmann6": hartmann}
for name in sys.argv[4:]:
    for seed in range(int(sys.argv[2])):
        for function, objective in functions.items():
            study = optuna.create_study(sampler=sampler(name, seed))
            started = time.time()
            study.optimize(objective, n_trials=int(sys.argv[3]))
            best, line = math.inf, []
            for trial in study.trials:
                best = min(best, trial.value)
                line.append(best)
            print(json.dumps({"function": function, "method": "optuna " + name, "seed": seed, "seconds": time.time() - started,
                              "best": line}), flush=True)
