"""What is known of changes before they are run: how many runs a search of many needs."""

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram

rng = np.random.default_rng(0)
X, T, W = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))


def cost(W, X, T):
    return ((X @ W - T) ** 2).sum()


def gradient(W, X, T):
    d = X @ W + T
    return 2 * X.T @ d


def bent(W, X, T):
    d = X @ W + T
    return 2 * X.T @ (d * (d > 0))


def projected(monkeypatch, function, text):
    """The projections of the gradient with what may be missing on a line, and the number of runs that it took."""
    program = LocalProgram(cost, function, W, (X, T))
    listed = program.patches([W], (X, T))
    line = next(patch.line for patch in listed if text in patch.line.text)
    every = program.patches([W], (X, T), line, additions=True)
    weights, runs = [rng.normal(size=W.shape)], list[object]()
    alone = [program.projections([W], (X, T), weights, [[patch]])[0] for patch in every]
    run = program.gradient
    monkeypatch.setattr(program, "gradient", lambda *given: runs.append(given) or run(*given))
    together = program.projections([W], (X, T), weights, [[patch] for patch in every])
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-9)
    return len(every), len(runs)


def test_what_is_linear_in_what_they_give_needs_a_run_for_each_entry(monkeypatch):
    every, runs = projected(monkeypatch, gradient, "d = X @ W + T")
    assert runs < 80 < every / 5


def test_what_is_not_is_run(monkeypatch):
    _, runs = projected(monkeypatch, bent, "d = X @ W + T")
    assert runs > 80
