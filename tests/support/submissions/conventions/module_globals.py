"""Parameters and lambda are globals of the module."""
import numpy as np

W, b, lam = 0.01 * np.random.randn(10, 3072), np.zeros((10, 1)), 0.1


def predict(X):
    s = W @ X + b
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)


def cost(X, Y):
    return -np.sum(Y * np.log(predict(X))) / X.shape[1] + lam * np.sum(W**2)


def gradient(X, Y):
    G = (predict(X) - Y) / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)


def chainrule_check(rng):
    X, Y = rng.normal(size=(6, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    p = dict(W=rng.normal(size=(3, 6)), b=rng.normal(size=(3, 1)))
    use = lambda function: lambda p, X, Y, l: globals().update(p, lam=l) or function(X, Y)
    return dict(cost=use(cost), gradient=use(gradient), parameters=p, data=(X, Y, 0.1))
