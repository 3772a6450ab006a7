import numpy as np


class BatchNorm1d:
    """Batch normalization over the first axis."""

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1):
        self.eps = eps
        self.momentum = momentum
        self.gamma = np.ones(num_features)
        self.beta = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.training = True

    def __call__(self, x: np.ndarray) -> np.ndarray:
        if self.training:
            mean = x.mean(0)
            var = x.var(0)
            self._update(mean, var, len(x))
        else:
            mean, var = self.running_mean, self.running_var
        self.inv_std = 1.0 / np.sqrt(var + self.eps)
        self.x_hat = (x - mean) * self.inv_std
        return self.gamma * self.x_hat + self.beta

    def _update(self, mean, var, n):
        m = self.momentum
        unbiased = var * n / max(n - 1, 1)
        self.running_mean = (1 - m) * self.running_mean + m * mean
        self.running_var = (1 - m) * self.running_var + m * unbiased

    def backward(self, dy: np.ndarray) -> np.ndarray:
        n = dy.shape[0]
        self.grad_beta = dy.sum(0)
        self.grad_gamma = (dy * self.x_hat).sum(0)
        dxhat = dy * self.gamma
        if not self.training:
            return dxhat * self.inv_std
        s1 = dxhat.sum(0)
        s2 = (dxhat * self.x_hat).sum(0)
        return self.inv_std / n * (n * dxhat - s1 - self.x_hat * s2)
