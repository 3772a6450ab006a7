import numpy as np


def case(program, rng, size):
    widths, n = [((3, 4, 3), 6), ((4, 5, 5, 3), 8)][size]
    k = len(widths) - 1
    X, Y = rng.normal(size=(widths[0], n)), np.eye(widths[-1])[:, rng.integers(widths[-1], size=n)]
    at = {f"W{i}": rng.normal(size=(widths[i + 1], widths[i])) for i in range(k)}
    at |= {f"b{i}": rng.normal(size=(widths[i + 1], 1)) for i in range(k)}
    at |= {f"g{i}": 1 + 0.3 * rng.normal(size=(widths[i + 1], 1)) for i in range(k - 1)}
    at |= {f"s{i}": 0.5 * rng.normal(size=(widths[i + 1], 1)) for i in range(k - 1)}

    def lists(p):
        return [[p[c + str(i)] for i in range(k - (c in "gs"))] for c in "Wbgs"]

    def gradient(p):
        found = program.ComputeGradients(X, Y, *lists(p), 0.05)
        return {c + str(i): g for c, grads in zip("Wbgs", found) for i, g in enumerate(grads)}

    return at, lambda p: program.ComputeCost(X, Y, *lists(p), 0.05), gradient
