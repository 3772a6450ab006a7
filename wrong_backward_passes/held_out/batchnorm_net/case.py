import numpy as np


def case(program, rng, size):
    n, d, h, k = [(7, 4, 5, 3), (10, 3, 6, 4)][size]
    X, T = rng.normal(size=(n, d)), np.eye(k)[rng.integers(k, size=n)]
    at = {"W1": rng.normal(size=(d, h)), "g": 1 + 0.3 * rng.normal(size=h), "s": 0.3 * rng.normal(size=h),
          "W2": rng.normal(size=(h, k)), "b2": rng.normal(size=k)}
    return at, lambda p: program.verlust(X, T, p), lambda p: program.rueckwaerts(X, T, p)
