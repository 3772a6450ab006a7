import numpy as np


class MatrixFactorisation:
    """
    r_ui ~ mu + bu[u] + bi[i] + P[u] . Q[i]

    loss = 1/n * sum over ratings of
           1/2 (r - r_hat)^2 + reg/2 (|P[u]|^2 + |Q[i]|^2 + bu[u]^2 + bi[i]^2)
    """

    def __init__(self, n_users, n_items, n_factors, reg=0.02, seed=None):
        rng = np.random.default_rng(seed)
        self.P = rng.normal(scale=0.1, size=(n_users, n_factors))
        self.Q = rng.normal(scale=0.1, size=(n_items, n_factors))
        self.bu = np.zeros(n_users)
        self.bi = np.zeros(n_items)
        self.mu = 0.0
        self.reg = reg

    def loss(self, users, items, ratings):
        p, q = self.P[users], self.Q[items]
        b, c = self.bu[users], self.bi[items]
        err = self.mu + b + c + (p * q).sum(axis=1) - ratings
        penalty = (p ** 2).sum() + (q ** 2).sum() + (b ** 2).sum() + (c ** 2).sum()
        self.last = users, items, p, q, b, c, err
        return (0.5 * (err ** 2).sum() + 0.5 * self.reg * penalty) / len(ratings)

    def gradients(self):
        users, items, p, q, b, c, err = self.last
        n = len(err)
        err = err / n
        reg = self.reg / n
        g = {k: np.zeros_like(getattr(self, k)) for k in ("P", "Q", "bu", "bi")}
        np.add.at(g["P"], users, err[:, None] * q + reg * p)
        np.add.at(g["Q"], items, err[:, None] * p + reg * q)
        np.add.at(g["bu"], users, err + reg * b)
        np.add.at(g["bi"], items, err + reg * c)
        g["mu"] = err.sum()
        return g
