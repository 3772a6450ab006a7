import numpy as np


class Loss:
    def value(self, pred, target):
        raise NotImplementedError

    def grad(self, pred, target):
        """Derivative of value with respect to pred."""
        raise NotImplementedError


class MSE(Loss):
    def value(self, pred, target):
        return np.mean((pred - target) ** 2)

    def grad(self, pred, target):
        return 2.0 * (pred - target) / pred.size


class Huber(Loss):
    def __init__(self, delta=1.0):
        self.delta = delta

    def value(self, pred, target):
        r = np.abs(pred - target)
        quad = 0.5 * r ** 2
        lin = self.delta * (r - 0.5 * self.delta)
        return np.where(r <= self.delta, quad, lin).sum() / len(pred)

    def grad(self, pred, target):
        e = pred - target
        g = np.where(np.abs(e) <= self.delta, e, self.delta * np.sign(e))
        return g / len(pred)


class LogCosh(Loss):
    def value(self, pred, target):
        e = pred - target
        return np.sum(np.log(np.cosh(e)))

    def grad(self, pred, target):
        return np.tanh(pred - target)


class Quantile(Loss):
    """Pinball loss: q * e for e = target - pred > 0, (q - 1) * e otherwise."""

    def __init__(self, q):
        self.q = q

    def value(self, pred, target):
        e = target - pred
        return np.maximum(self.q * e, (self.q - 1) * e).mean()

    def grad(self, pred, target):
        under = target > pred
        return np.where(under, -self.q, 1 - self.q) / pred.size
