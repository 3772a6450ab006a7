import numpy as np


def fresh(n_in, n_hidden, n_out, seed):
    rng = np.random.default_rng(seed)
    return {
        "in": {"w": rng.normal(size=(n_in, n_hidden)) / np.sqrt(n_in), "b": np.zeros(n_hidden)},
        "bn": {"scale": np.ones(n_hidden), "shift": np.zeros(n_hidden)},
        "out": {"w": rng.normal(size=(n_hidden, n_out)) / np.sqrt(n_hidden), "b": np.zeros(n_out)},
    }


def zeros_like(tree):
    return {k: zeros_like(v) if isinstance(v, dict) else np.zeros_like(v) for k, v in tree.items()}
