import numpy as np


def cost(theta, X, y, lam):
    """Ridge regression; the first column of X is ones and theta[0] the intercept, which is not penalised."""
    m = len(y)
    residuals = X.dot(theta) - y
    return residuals.dot(residuals) / (2 * m) + lam / (2 * m) * theta[1:].dot(theta[1:])


def grad(theta, X, y, lam):
    m = len(y)
    residuals = X.dot(theta) - y
    g = X.T.dot(residuals) / m
    g += lam / m * theta
    return g
