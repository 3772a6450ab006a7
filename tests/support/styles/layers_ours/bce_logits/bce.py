import numpy as np


def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def log_sigmoid(z):
    return -np.logaddexp(0.0, -z)


def bce_with_logits(z, t, pos_weight=1.0, weight=None, reduction="mean"):
    """
    -[pos_weight * t * log s(z) + (1 - t) * log(1 - s(z))]
    Returns (loss, grad with respect to z).
    """
    w = np.ones_like(z) if weight is None else weight
    s = sigmoid(z)
    losses = -w * (pos_weight * t * log_sigmoid(z) + (1 - t) * log_sigmoid(-z))
    grad = w * ((1 - t) * s - pos_weight * t * (1 - s))
    if reduction == "mean":
        return losses.mean(), grad / z.size
    return losses.sum(), grad


def focal_loss(z, t, gamma=2.0, alpha=0.25):
    """Lin et al.'s focal loss for hard targets t in {0, 1}, summed."""
    sign = 2.0 * t - 1.0
    u = sign * z
    pt = sigmoid(u)                       # probability of the right class
    a = np.where(t == 1, alpha, 1 - alpha)
    logpt = log_sigmoid(u)
    loss = -(a * (1 - pt) ** gamma * logpt).sum()

    d_u = -a * (1 - pt) ** gamma * ((1 - pt) - gamma * pt * logpt)
    return loss, d_u * sign
