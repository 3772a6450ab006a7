import numpy as np


def case(program, rng, size):
    n, d, k = [(7, 3, 4), (10, 4, 3)][size]
    X, R = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    seen = (rng.random((n, k)) < 0.6).astype(float)
    at = {"theta": rng.normal(size=(d, k))}
    return (
        at,
        lambda p: program.objective(p["theta"], X, R, seen),
        lambda p: {"theta": program.objective_grad(p["theta"], X, R, seen)},
    )
