"""Repairs of functions of this process hold with other numbers and sizes than those that they were handed."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule

rng = np.random.default_rng(0)
X = rng.normal(size=(4, 6))


def in_means(x, size):
    return x.reshape(len(x), -1, size).mean(axis=2), (x.shape, size)


def back_in_sums(dout, cache):
    _, size = cache
    return np.repeat(dout, size, axis=1)


def in_means_of_three(x, size=3):
    return in_means(x, size)


def in_means_of_exactly_three(x, size):
    if size != 3:
        raise ValueError("size")
    return in_means(x, size)


def in_means_both_ways(x, sizes=(2, 2)):
    high, wide = sizes
    rows = x.reshape(len(x) // high, high, -1, wide)
    return rows.mean(axis=(1, 3)), sizes


def back_in_part(dout, cache):
    high, wide = cache
    return np.repeat(np.repeat(dout, high, axis=0), wide, axis=1) / high


class Means:
    def __init__(self, size):
        self.size = size

    def forward(self, x):
        return x.reshape(len(x), -1, self.size).mean(axis=2)

    def backward(self, dout):
        return np.repeat(dout, self.size, axis=1)


def scaled(x, by, shift):
    return x * by + shift, (by, shift)


def not_scaled(dout, cache):
    by, shift = cache
    return dout + 0 * shift * by


MEANS = Means(3)


@pytest.mark.parametrize(
    ("passes", "given", "written", "words"),
    [
        ((in_means, back_in_sums), (3,), "/ size", "size of 1, 3 and 6"),
        ((in_means_of_three, back_in_sums), (), "/ size", "size of 1, 3 and 6"),
        ((in_means_both_ways, back_in_part), (), "wide", "sizes of 1, 2 and 4"),
        ((MEANS.forward, MEANS.backward), (), "/ self.size", "size of 1, 3 and 6"),
        ((in_means_of_exactly_three, back_in_sums), (3,), "/ size", "size of 3 alone"),
        ((scaled, not_scaled), (2, 2), "by", "by of 1, 2, 3 and 4"),
    ],
)
def test_a_repair_holds_with_other_numbers(passes, given, written, words):
    repairs = chainrule.check_layer(*passes, X, *given, repair=True).repairs
    assert repairs
    for repair in repairs:
        added = [line for line in repair.patch.splitlines()[2:] if line.startswith("+")]
        assert all(written in line for line in added), repair.patch
        assert words in repair.tried
    assert MEANS.size == 3


def cost(w, x, options):
    return np.sum((x @ w) ** 2) / options["parts"]


def whole(w, x, options):
    parts = options["parts"]
    return 2 * x.T @ (x @ w) + 0 * parts


def test_nor_of_a_gradient():
    repairs = chainrule.check_gradient(cost, whole, rng.normal(size=6), X, {"parts": 3}, repair=True).repairs
    assert repairs
    for repair in repairs:
        assert "/ parts" in repair.patch
        assert "parts of 1, 3, 4 and 6" in repair.tried


def deep_cost(w, X, Y):
    A = X
    for name in ("W1", "W2", "W3", "W4"):
        A = np.tanh(A @ w[name])
    return np.sum((A @ w["W5"] - Y) ** 2) / (2 * X.shape[0])


def divided_by_a_width(w, X, Y):
    A = [X]
    for name in ("W1", "W2", "W3", "W4"):
        A.append(np.tanh(A[-1] @ w[name]))
    m = w["W2"].shape[1]
    n = X.shape[1]
    d = (A[4] @ w["W5"] - Y) / n
    grads = {"W5": A[4].T @ d, "m": m}
    for i in (4, 3, 2, 1):
        d = (d @ w[f"W{i + 1}"].T) * (1 - A[i] ** 2)
        grads[f"W{i}"] = A[i - 1].T @ d
    return {name: grads[name] for name in w}


def test_a_width_that_is_as_large_as_the_number_of_samples_is_not_taken_for_it():
    # Of six sizes each has to be another alone: that all which are equal are one tells nothing of these two.
    sizes = [5, 6, 4, 7, 3, 2]
    w = {f"W{i + 1}": rng.normal(size=sizes[i : i + 2]) / 2 for i in range(5)}
    X, Y = rng.normal(size=(4, 5)), rng.normal(size=(4, 2))
    check = chainrule.check_gradient(deep_cost, divided_by_a_width, w, X, Y, repair=True)
    assert check.repairs
    assert all("n = X.shape[0]" in repair.patch for repair in check.repairs)
