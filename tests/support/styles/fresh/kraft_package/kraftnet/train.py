"""Electricity demand of the next hours from weather and calendar columns.

Start with ``python -m kraftnet.train --csv demand.csv``.
"""
import argparse

import numpy as np

from . import ops
from .params import fresh, zeros_like


def predict(params, x, keep=None):
    z = ops.affine(x, params["in"]["w"], params["in"]["b"])
    y, saved = ops.batchnorm(z, params["bn"]["scale"], params["bn"]["shift"])
    a = ops.logistic(y)
    if keep is not None:
        keep.update(saved=saved, a=a)
    return ops.affine(a, params["out"]["w"], params["out"]["b"])


def objective(params, x, target, decay):
    err = predict(params, x) - target
    weights = np.sum(params["in"]["w"] ** 2) + np.sum(params["out"]["w"] ** 2)
    return np.mean(err ** 2) + 0.5 * decay * weights


def objective_grad(params, x, target, decay):
    keep = {}
    err = predict(params, x, keep) - target
    g = 2.0 * err / err.size
    grads = zeros_like(params)
    g, grads["out"]["w"], grads["out"]["b"] = ops.affine_vjp(g, keep["a"], params["out"]["w"])
    g = ops.logistic_vjp(g, keep["a"])
    g, grads["bn"]["scale"], grads["bn"]["shift"] = ops.batchnorm_vjp(g, keep["saved"])
    _, grads["in"]["w"], grads["in"]["b"] = ops.affine_vjp(g, x, params["in"]["w"])
    for block in ("in", "out"):
        grads[block]["w"] += decay * params[block]["w"]
    return grads


def heavy_ball(params, velocity, grads, lr, mu=0.9):
    for block, tree in params.items():
        for name in tree:
            velocity[block][name] = mu * velocity[block][name] - lr * grads[block][name]
            tree[name] = tree[name] + velocity[block][name]


def main():
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("--csv", default="demand.csv")
    cli.add_argument("--hidden", type=int, default=32)
    cli.add_argument("--decay", type=float, default=1e-4)
    cli.add_argument("--epochs", type=int, default=50)
    cli.add_argument("--targets", type=int, default=3, help="how many of the last columns to predict")
    opt = cli.parse_args()

    table = np.genfromtxt(opt.csv, delimiter=",", skip_header=1)
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    x, target = table[:, :-opt.targets], table[:, -opt.targets:]
    params = fresh(x.shape[1], opt.hidden, target.shape[1], seed=11)
    velocity = zeros_like(params)
    rng = np.random.default_rng(12)
    for epoch in range(opt.epochs):
        for rows in np.array_split(rng.permutation(len(x)), len(x) // 128 + 1):
            heavy_ball(params, velocity, objective_grad(params, x[rows], target[rows], opt.decay), 0.01)
        print(epoch, objective(params, x, target, opt.decay))


if __name__ == "__main__":
    main()
