import numpy as np


def case(program, rng, size):
    n, d = [(6, 4), (9, 6)][size]
    X, y = np.hstack([np.ones((n, 1)), rng.normal(size=(n, d - 1))]), rng.normal(size=n)
    return {"theta": rng.normal(size=d)}, lambda p: program.cost(p["theta"], X, y, 0.8), lambda p: {"theta": program.grad(p["theta"], X, y, 0.8)}
