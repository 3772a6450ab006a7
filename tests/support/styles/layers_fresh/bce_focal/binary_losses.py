from typing import Optional, Tuple

import numpy as np

Array = np.ndarray


def _log_sigmoid(z: Array) -> Array:
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


def bce_with_logits(z: Array, t: Array, weight: Optional[Array] = None,
                    pos_weight: float = 1.0) -> Tuple[float, Array]:
    """Mean over all entries; t may be soft."""
    if weight is None:
        weight = np.ones_like(z)
    per = -(pos_weight * t * _log_sigmoid(z) + (1 - t) * _log_sigmoid(-z))
    loss = np.mean(weight * per)
    s = 1 / (1 + np.exp(-z))
    dz = -pos_weight * t * (1 - s) + (1 - t) * s
    return loss, weight * dz / z.size


def focal_loss(z: Array, t: Array, gamma: float = 2.0,
               alpha: float = 0.25) -> Tuple[float, Array]:
    """-a_t (1 - p_t)^gamma log p_t, mean over the rows, sum over columns."""
    sign = 2 * t - 1                      # +1 for positives, -1 for negatives
    pt = 1 / (1 + np.exp(-sign * z))
    log_pt = _log_sigmoid(sign * z)
    at = np.where(t > 0.5, alpha, 1 - alpha)
    loss = -np.sum(at * (1 - pt) ** gamma * log_pt) / z.shape[0]

    d_mod = gamma * (1 - pt) ** gamma * pt * log_pt
    d_log = -(1 - pt) ** (gamma + 1)
    dz = sign * at * (d_mod + d_log)
    return loss, dz / z.shape[0]
