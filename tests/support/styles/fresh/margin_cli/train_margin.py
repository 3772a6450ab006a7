#!/usr/bin/env python
"""Fit a one-hidden-layer binary classifier with a squared hinge.

usage: train_margin.py churn.csv --hidden 24 --lr 0.05 --wd 1e-4 [--plot out.png]

The csv has the label (0/1) in its first column.
"""
import argparse
import logging

import numpy as np

log = logging.getLogger("margin")


def init(d, h, seed):
    r = np.random.RandomState(seed)
    return {
        "U": r.normal(0, d ** -0.5, (d, h)),
        "c": np.zeros(h),
        "v": r.normal(0, h ** -0.5, h),
        "o": np.zeros(1),
    }


def decide(p, x):
    return np.tanh(x @ p["U"] + p["c"]) @ p["v"] + p["o"]


def risk(p, x, s, wd):
    """Mean squared hinge for labels s in {-1, +1} plus weight decay."""
    slack = np.maximum(0.0, 1.0 - s * decide(p, x))
    return np.mean(slack ** 2) + wd / 2 * (np.sum(p["U"] ** 2) + np.sum(p["v"] ** 2))


def sgd_step(p, x, s, lr, wd):
    """One step of plain gradient descent, in place."""
    t = np.tanh(x @ p["U"] + p["c"])
    slack = np.maximum(0.0, 1.0 - s * (t @ p["v"] + p["o"]))
    df = -2.0 * s * slack / len(s)
    da = np.outer(df, p["v"]) * (1.0 - t * t)
    p["v"] -= lr * (t.T @ df + wd * p["v"])
    p["o"] -= lr * df.sum()
    p["U"] -= lr * (x.T @ da + wd * p["U"])
    p["c"] -= lr * da.sum(axis=0)


def batches(n, size, r):
    idx = r.permutation(n)
    for a in range(0, n, size):
        yield idx[a:a + size]


def parse(argv=None):
    ap = argparse.ArgumentParser(description="squared hinge MLP")
    ap.add_argument("csv")
    ap.add_argument("--hidden", type=int, default=24)
    ap.add_argument("--lr", type=float, default=0.05)
    ap.add_argument("--wd", type=float, default=1e-4)
    ap.add_argument("--epochs", type=int, default=80)
    ap.add_argument("--batch", type=int, default=32)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--plot", metavar="PNG")
    return ap.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    raw = np.loadtxt(args.csv, delimiter=",", skiprows=1)
    s = np.where(raw[:, 0] > 0.5, 1.0, -1.0)
    x = raw[:, 1:]
    x = (x - x.mean(0)) / (x.std(0) + 1e-9)

    r = np.random.RandomState(args.seed)
    cut = int(len(s) * 0.85)
    p = init(x.shape[1], args.hidden, args.seed)
    curve = []
    for epoch in range(args.epochs):
        for b in batches(cut, args.batch, r):
            sgd_step(p, x[b], s[b], args.lr, args.wd)
        curve.append((risk(p, x[:cut], s[:cut], args.wd), risk(p, x[cut:], s[cut:], 0.0)))
        log.info("epoch %d train %.5f held out %.5f", epoch, *curve[-1])
    acc = np.mean(np.sign(decide(p, x[cut:])) == s[cut:])
    log.info("held-out accuracy %.3f", acc)

    if args.plot:
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
        pyplot.plot(curve)
        pyplot.legend(["train", "held out"])
        pyplot.savefig(args.plot)


if __name__ == "__main__":
    main()
