"""Nets whose training computes a matrix of each sample beforehand, and hands these to the gradient."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.witnessed.sample_matrices import matrices_of_samples
from support.witnessing import found, verdict

BANDS = """
import numpy as np

class Bands:
    def __init__(self, shapes):
        self.shapes = shapes
        self.length = shapes["steps"] - shapes["width"] + 1
        self.F = np.random.randn(shapes["kinds"], shapes["width"], shapes["filters"])
        self.W = np.random.randn(shapes["answers"], self.length * shapes["filters"])

    def band_matrix(self, F):
        kinds, width, filters = F.shape
        M = np.zeros((self.length * filters, self.shapes["steps"] * kinds))
        rows = F.transpose(2, 1, 0).reshape(filters, width * kinds)
        for i in range(self.length):
            M[i * filters:(i + 1) * filters, i * kinds:(i + width) * kinds] = rows
        return M

    def windows(self, x):
        kinds, width = self.shapes["kinds"], self.shapes["width"]
        return np.array([x[i * kinds:(i + width) * kinds] for i in range(self.length)])

    def scores(self, X, M, W):
        H = np.maximum(M @ X, 0)
        return H, W @ H

    def computeCost(self, X, Y, M, W):
        e = np.exp(self.scores(X, M, W)[1])
        return -np.log((Y * e / e.sum(0)).sum(0)).mean()

    def compute_gradients(self, X, Y, M, W, held, picked):
        H, S = self.scores(X, M, W)
        e = np.exp(S)
        G = (e / e.sum(0) - Y) / X.shape[1]
        grad_W = G @ H.T
        G = (W.T @ G) * (H > 0)
        grad_F = np.zeros_like(self.F)
        kinds, width, filters = self.F.shape
        for n in range(X.shape[1]):
            of_rows = held[picked[n]].T @ G[:, n].reshape(self.length, filters)
            grad_F += of_rows.reshape(width, kinds, filters).transpose(1, 0, 2)
        return grad_F, grad_W

    def train(self, X, Y):
        M = self.band_matrix(self.F)
        print(self.computeCost(X, Y, M, self.W))
        held = [self.windows(X[:, n]) for n in range(X.shape[1])]
        for _ in range(3):
            picked = np.random.permutation(X.shape[1])[:6]
            grad_F, grad_W = self.compute_gradients(X[:, picked], Y[:, picked], M, self.W, held, picked)
            self.F -= 0.1 * grad_F
            self.W -= 0.1 * grad_W
            M = self.band_matrix(self.F)

kinds, steps, answers, samples = 5, 8, 4, 30
X = np.array([np.eye(kinds)[np.random.randint(kinds, size=steps)].ravel() for _ in range(samples)]).T
Y = np.eye(answers)[np.random.randint(answers, size=samples)].T
Bands({"kinds": kinds, "steps": steps, "width": 3, "filters": 2, "answers": answers}).train(X, Y)
"""


def test_a_gradient_is_handed_matrices_of_its_samples():
    assert verdict(BANDS) == "right"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("* (H > 0)", ""), ("(W.T @ G)", "(2 * W.T @ G)"), ("(1, 0, 2)", "(1, 0, 2)[::-1]")],
)
def test_one_that_is_wrong_is_called_so(right, wrong):
    assert verdict(BANDS.replace(right, wrong)) == "wrong"


def test_what_weights_samples_is_no_matrix_of_them():
    weighted = BANDS.replace("held = [", "held = [(1 + n) * ")
    rows, _ = found(weighted)
    assert not rows


def test_matrices_hold_no_numbers_but_those_of_the_inputs():
    X, W = np.array([[0.0, 1.0, 2.0], [2.0, 0.0, 1.0]]), np.ones((4, 2))
    same, other = [np.eye(2), 2 * np.eye(2)], [np.eye(2), 5 * np.eye(2)]
    values = {"X": X, "W": W, "same": same, "other": other, "few": [np.eye(2)], "numbers": [1.0, 2.0]}
    assert matrices_of_samples(values, ["X", "W"], [W]) == ["same"]
