import numpy as np


def case(program, rng, size):
    n, d, k = [(6, 4, 3), (9, 5, 4)][size]
    X, Y = rng.normal(size=(d, n)), np.eye(k)[:, rng.integers(k, size=n)]
    at = {"W": rng.normal(size=(k, d)), "b": rng.normal(size=(k, 1))}

    def gradient(p):
        return dict(zip(("W", "b"), program.ComputeGradients(X, Y, p["W"], p["b"], 0.1)))

    return at, lambda p: program.ComputeCost(X, Y, p["W"], p["b"], 0.1), gradient
