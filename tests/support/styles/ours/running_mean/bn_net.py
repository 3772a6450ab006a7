import numpy as np


class BNNet:
    def __init__(self, input_dim, hidden_dim, num_classes, reg=0.0, momentum=0.9, eps=1e-5):
        self.reg = reg
        self.momentum = momentum
        self.eps = eps
        self.mode = "train"
        self.params = {
            "W1": np.random.randn(input_dim, hidden_dim) * 0.1,
            "b1": np.zeros(hidden_dim),
            "gamma": np.ones(hidden_dim),
            "beta": np.zeros(hidden_dim),
            "W2": np.random.randn(hidden_dim, num_classes) * 0.1,
            "b2": np.zeros(num_classes),
        }
        self.running_mean = np.zeros(hidden_dim)
        self.running_var = np.ones(hidden_dim)

    def batchnorm_forward(self, x):
        if self.mode == "test":
            xhat = (x - self.running_mean) / np.sqrt(self.running_var + self.eps)
            return self.params["gamma"] * xhat + self.params["beta"], None
        mean, var = x.mean(axis=0), x.var(axis=0)
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        xhat = (x - mean) / np.sqrt(var + self.eps)
        return self.params["gamma"] * xhat + self.params["beta"], (xhat, var)

    def batchnorm_backward(self, dout, cache):
        xhat, var = cache
        dgamma = (dout * xhat).sum(axis=0)
        dbeta = dout.sum(axis=0)
        dxhat = dout * self.params["gamma"]
        dx = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / np.sqrt(var + self.eps)
        return dx, dgamma, dbeta

    def loss(self, X, y=None):
        p = self.params
        self.mode = "test" if y is None else "train"
        pre, cache = self.batchnorm_forward(X @ p["W1"] + p["b1"])
        hidden = np.maximum(pre, 0)
        scores = hidden @ p["W2"] + p["b2"]
        if y is None:
            return scores
        n = len(y)
        scores = scores - scores.max(axis=1, keepdims=True)
        probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        loss = -np.log(probs[np.arange(n), y]).sum() / n
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        grads = {}
        dscores = probs
        dscores[np.arange(n), y] -= 1
        dscores /= n
        grads["W2"] = hidden.T @ dscores + self.reg * p["W2"]
        grads["b2"] = dscores.sum(axis=0)
        dpre = (dscores @ p["W2"].T) * (pre > 0)
        dx, grads["gamma"], grads["beta"] = self.batchnorm_backward(dpre, cache)
        grads["W1"] = X.T @ dx + self.reg * p["W1"]
        grads["b1"] = dx.sum(axis=0)
        return loss, grads
