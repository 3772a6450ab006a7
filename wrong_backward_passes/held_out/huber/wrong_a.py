import numpy as np


def huber_objective(w, A, targets, delta):
    """Robust regression: value and gradient of the mean Huber loss.

    w: (D,), A: (N, D) design matrix, targets: (N,)
    """
    r = A @ w - targets
    small = np.abs(r) <= delta
    losses = np.where(small, 0.5 * r ** 2, delta * (np.abs(r) - 0.5 * delta))
    value = losses.mean()

    dr = np.where(small, r, delta)
    grad = A.T @ dr / len(targets)
    return value, grad


if __name__ == "__main__":
    rng = np.random.default_rng(3)
    A = rng.normal(size=(60, 3))
    targets = A @ np.array([1.0, -2.0, 0.5]) + rng.standard_t(2, size=60)
    w = np.zeros(3)
    for step in range(200):
        value, grad = huber_objective(w, A, targets, 1.0)
        w -= 0.1 * grad
    print(w, value)
