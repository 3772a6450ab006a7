import numpy as np


def normalised_adjacency(A):
    """D^-1 (A + I): every node takes the mean of itself and of its out-neighbours."""
    A = A + np.eye(len(A))
    return A / A.sum(axis=1, keepdims=True)


class GraphConv:
    """act(P X W + b), P (n, n) need not be symmetric."""

    def __init__(self, n_in, n_out, relu=False):
        limit = np.sqrt(6 / (n_in + n_out))
        self.weight = np.random.uniform(-limit, limit, (n_in, n_out))
        self.bias = np.zeros(n_out)
        self.relu = relu

    def forward(self, P, X):
        self.P = P
        self.PX = P @ X
        out = self.PX @ self.weight + self.bias
        if self.relu:
            self.active = out > 0
            out = out * self.active
        return out

    def backward(self, d_out):
        if self.relu:
            d_out = d_out * self.active
        self.d_weight = self.PX.T @ d_out
        self.d_bias = d_out.sum(axis=0)
        return self.P.T @ d_out @ self.weight.T


def node_loss(scores, labels, train):
    """Mean cross entropy over the nodes where train is True, and its gradient."""
    idx = np.flatnonzero(train)
    s = scores[idx] - scores[idx].max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(len(idx)), labels[idx]].mean()

    d = np.exp(logp)
    d[np.arange(len(idx)), labels[idx]] -= 1
    d_scores = np.zeros_like(scores)
    d_scores[idx] = d / len(idx)
    return loss, d_scores
