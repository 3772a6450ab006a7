import numpy as np


class BatchNorm:
    """Batch normalisation; inputs are (features, batch)."""

    def __init__(self, n_features, eps=1e-8, momentum=0.1):
        self.params = {
            "gamma": np.ones((n_features, 1)),
            "beta": np.zeros((n_features, 1)),
        }
        self.grads = {k: np.zeros_like(v) for k, v in self.params.items()}
        self.running_mean = np.zeros((n_features, 1))
        self.running_var = np.ones((n_features, 1))
        self.eps = eps
        self.momentum = momentum
        self.training = True

    def forward(self, Z):
        if self.training:
            mean = Z.mean(axis=1, keepdims=True)
            var = Z.var(axis=1, keepdims=True)
            a = self.momentum
            self.running_mean = (1 - a) * self.running_mean + a * mean
            self.running_var = (1 - a) * self.running_var + a * var
        else:
            mean, var = self.running_mean, self.running_var
        self.centered = Z - mean
        self.std = np.sqrt(var + self.eps)
        self.Z_norm = self.centered / self.std
        return self.params["gamma"] * self.Z_norm + self.params["beta"]

    def backward(self, dout):
        m = dout.shape[1]
        self.grads["gamma"] = np.sum(dout * self.Z_norm, axis=1, keepdims=True)
        self.grads["beta"] = np.sum(dout, axis=1, keepdims=True)

        dZ_norm = dout * self.params["gamma"]
        if not self.training:
            return dZ_norm / self.std

        dvar = np.sum(dZ_norm * self.centered, axis=1, keepdims=True) * -0.5 / self.std ** 3
        dmean = np.sum(-dZ_norm / self.std, axis=1, keepdims=True) \
            + dvar * np.mean(-2.0 * self.centered, axis=1, keepdims=True)
        return dZ_norm / self.std + dvar * 2.0 * self.centered / m + dmean / m
