"""Shared trunk with a classification head and a regression head."""
import numpy as np


def trunk(p, x):
    return np.tanh(x @ p["Wt"] + p["bt"])


def softmax(a):
    a = np.exp(a - a.max(-1, keepdims=True))
    return a / a.sum(-1, keepdims=True)


def total_loss(p, x, labels, values, alpha=0.5):
    f = trunk(p, x)
    probs = softmax(f @ p["Wc"])
    pred = f @ p["wr"]
    ce = -np.mean(np.log(probs[np.arange(len(labels)), labels]))
    mse = np.mean((pred - values) ** 2)
    return ce + alpha * mse


def total_grads(p, x, labels, values, alpha=0.5):
    n = len(labels)
    f = trunk(p, x)
    probs = softmax(f @ p["Wc"])
    pred = f @ p["wr"]

    g_cls = probs
    g_cls[np.arange(n), labels] -= 1.0
    g_cls = g_cls / n
    g_reg = 2.0 * (pred - values) / n

    grads = {"Wc": f.T @ g_cls, "wr": f.T @ g_reg}
    g_f = g_cls @ p["Wc"].T
    g_f += np.outer(g_reg, p["wr"])
    g_pre = g_f * (1.0 - f * f)
    grads["Wt"] = x.T @ g_pre
    grads["bt"] = g_pre.sum(axis=0)
    return grads
