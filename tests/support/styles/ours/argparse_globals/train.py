#!/usr/bin/env python3
import argparse
import os
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--lam", type=float, default=0.05)
parser.add_argument("--hidden", type=int, default=64)
parser.add_argument("--data", required=True)
args = parser.parse_args()
os.makedirs("logs", exist_ok=True)
log_file = open(os.path.join("logs", "run.txt"), "w")

train = np.load(args.data)


def net(X, W1, b1, W2, b2):
    H = np.maximum(W1 @ X + b1, 0)
    S = W2 @ H + b2
    return H, S


def cost(X, y, W1, b1, W2, b2, lam):
    H, S = net(X, W1, b1, W2, b2)
    n = X.shape[1]
    lse = np.log(np.sum(np.exp(S), axis=0))
    return np.mean(lse - S[y, np.arange(n)]) + lam * (np.sum(W1 * W1) + np.sum(W2 * W2))


def grad(X, y, W1, b1, W2, b2, lam):
    H, S = net(X, W1, b1, W2, b2)
    n = X.shape[1]
    G = np.exp(S) / np.sum(np.exp(S), axis=0)
    G[y, np.arange(n)] -= 1
    GH = (W2.T @ G) * (H > 0)
    return (
        GH @ X.T / n + 2 * lam * W1,
        GH.mean(axis=1, keepdims=True),
        G @ H.T / n + 2 * lam * W2,
        G.mean(axis=1, keepdims=True),
    )


W1 = np.random.randn(args.hidden, train["x"].shape[0]) * 0.01
print(W1.shape, file=log_file)
