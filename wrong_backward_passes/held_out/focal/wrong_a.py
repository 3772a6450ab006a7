import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def focal_loss(z, t, gamma=2.0):
    """Binary focal loss, z logits and t targets in {0, 1}, both (N,)."""
    p = sigmoid(z)
    pt = np.where(t == 1, p, 1 - p)
    return np.mean(-(1 - pt) ** gamma * np.log(pt))


def focal_loss_grad(z, t, gamma=2.0):
    p = sigmoid(z)
    pt = np.where(t == 1, p, 1 - p)
    sign = np.where(t == 1, 1.0, -1.0)
    d_pt = -(1 - pt) ** gamma / pt
    dz = d_pt * sign * p * (1 - p)
    return dz / len(z)
