#!/usr/bin/python3
"""Runs scipy's distributions and scikit-learn's Gaussian processes, and writes what they gave.

    /usr/bin/python3 tools/golden/sweeps.py [FILE]

Writes tests/Graft.Training.Tests/Golden/sweeps.json: quantiles of each distribution of the sweeps' grammar at some shares, and
posteriors and log marginal likelihoods of Gaussian processes with given parameters, Matern 3/2 and 5/2 with a length scale for
each coordinate.
"""
import json
import os
import sys

import numpy as np
from scipy import stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

SHARES = [0.001, 0.03, 0.25, 0.5, 0.61, 0.875, 0.97, 0.999]


def loguniform(low, high):
    return stats.loguniform(np.exp(low), np.exp(high))


def inverse(low, high):
    """1 / X with log(1 / X) uniform between low and high."""
    class Inverse:
        def ppf(self, share):
            return np.exp(-stats.uniform(low, high - low).ppf(1 - np.asarray(share)))
    return Inverse()


PLAIN = [
    ("int_uniform", dict(min=-3, max=9), stats.randint(-3, 10)),
    ("uniform", dict(min=-1.5, max=4), stats.uniform(-1.5, 5.5)),
    ("log_uniform", dict(min=-9, max=-2), loguniform(-9, -2)),
    ("log_uniform_values", dict(min=1e-5, max=0.3), stats.loguniform(1e-5, 0.3)),
    ("inv_log_uniform", dict(min=1, max=5), inverse(1, 5)),
    ("inv_log_uniform_values", dict(min=1e-4, max=2), inverse(-np.log(2), -np.log(1e-4))),
    ("normal", dict(mu=2, sigma=0.7), stats.norm(2, 0.7)),
    ("log_normal", dict(mu=-1, sigma=0.5), stats.lognorm(0.5, scale=np.exp(-1))),
    ("beta", dict(a=2, b=5), stats.beta(2, 5)),
    ("beta", dict(a=0.5, b=0.7), stats.beta(0.5, 0.7)),
]
ROUNDED = [
    ("q_uniform", dict(min=1, max=10, q=2), stats.uniform(1, 9)),
    ("q_uniform", dict(min=0, max=0.5, q=0.1), stats.uniform(0, 0.5)),
    ("q_log_uniform", dict(min=0, max=6, q=4), loguniform(0, 6)),
    ("q_log_uniform_values", dict(min=16, max=256, q=8), stats.loguniform(16, 256)),
    ("q_normal", dict(mu=0, sigma=3, q=0.5), stats.norm(0, 3)),
    ("q_log_normal", dict(mu=2, sigma=1, q=1), stats.lognorm(1, scale=np.exp(2))),
    ("q_beta", dict(a=2, b=2, q=0.05), stats.beta(2, 2)),
]


def distributions():
    for name, keys, its in PLAIN:
        yield dict(distribution=name, keys=keys, shares=SHARES, values=[float(v) for v in its.ppf(SHARES)])
    for name, keys, its in ROUNDED:
        values = np.round(its.ppf(SHARES) / keys["q"]) * keys["q"]
        yield dict(distribution=name, keys=keys, shares=SHARES, values=[float(v) for v in values])


def processes():
    random = np.random.default_rng(7)
    for nu in (1.5, 2.5):
        for scales, signal, noise in (([0.3, 0.9], 1.7, 0.01), ([2.0, 0.15], 0.6, 1e-4)):
            points = random.uniform(size=(7, 2))
            values = np.sin(5 * points[:, 0]) + points[:, 1] ** 2 - 0.5
            kernel = ConstantKernel(signal) * Matern(scales, nu=nu) + WhiteKernel(noise)
            process = GaussianProcessRegressor(kernel, alpha=0, optimizer=None).fit(points, values)
            at = random.uniform(size=(4, 2))
            mean, deviation = process.predict(at, return_std=True)
            value, gradient = process.log_marginal_likelihood(process.kernel_.theta, eval_gradient=True)
            yield dict(nu=nu, scales=scales, signal=signal, noise=noise, points=points.tolist(), values=values.tolist(),
                       at=at.tolist(), mean=mean.tolist(), deviation=np.sqrt(deviation ** 2 - noise).tolist(),
                       likelihood=float(value), gradient=gradient.tolist())


target = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    os.path.dirname(__file__), "../../tests/Graft.Training.Tests/Golden/sweeps.json")
with open(target, "w") as file:
    lines = {key: ",\n".join(json.dumps(case) for case in cases) for key, cases in
             (("distributions", distributions()), ("processes", processes()))}
    file.write("{" + ",\n".join('"%s": [\n%s\n]' % line for line in lines.items()) + "}\n")
