"""States one step late, which a file makes where it calls the gradient."""

import re

import pytest

from chainrule.errors import CheckError
from support.recognising import recognised

SHIFTED = """
import numpy as np
def forward(X, h0, U, W, V, b, c):
    h, H = h0, np.zeros((len(b), X.shape[1]))
    for t in range(X.shape[1]):
        h = np.tanh(U @ X[:, [t]] + W @ h + b)
        H[:, [t]] = h
    E = np.exp(V @ H + c)
    return E / E.sum(axis=0), H
def loss(P, Y):
    return -np.log((P * Y).sum(axis=0)).sum()
def backward(X, Y, P, H, H0, U, W, V, b, c):
    G, A, da = P - Y, np.zeros(H.shape), np.zeros(b.shape)
    for t in reversed(range(X.shape[1])):
        da = (V.T @ G[:, [t]] + W.T @ da) * (1 - H[:, [t]] ** 2)
        A[:, [t]] = da
    sums = A.sum(axis=1, keepdims=True), G.sum(axis=1, keepdims=True)
    return (A @ X.T, A @ H0.T, G @ H.T, *sums)
def train(X, Y, U, W, V, b, c):
    START
    P, H = forward(X, hprev, U, W, V, b, c)
    BEFORE
    return backward(X, Y, P, H, before, U, W, V, b, c)
"""
FILLED = "before = np.zeros(H.shape); before[:, [0]] = hprev; before[:, 1:] = H[:, :-1]"


@pytest.mark.parametrize("start", ["hprev = np.zeros(b.shape)", "hprev = state"])
@pytest.mark.parametrize("before", [FILLED, "before = np.hstack((hprev, H[:, :-1]))"])
def test_states_one_step_late_begin_with_the_state_that_the_forward_pass_gets(start, before):
    text = recognised(SHIFTED.replace("START", start).replace("BEFORE", before)).text
    assert re.search(r"stack\([(\[](\w+), forward\(X, \1, U, W, V, b, c\)\[1\]\[:, :-1\]", text)


ZEROS = "before = np.hstack((np.zeros(b.shape), H[:, :-1]))"


def test_zeros_in_its_place_are_only_those_of_a_forward_pass_that_takes_none():
    text = SHIFTED.replace("BEFORE", ZEROS).replace("H0", "late")
    taken = text.replace("START", "hprev = np.zeros(b.shape)")
    with pytest.raises(CheckError):
        recognised(taken)
    own = taken.replace("(X, h0,", "(X,").replace("h0", "np.zeros(b.shape)").replace("(X, hprev,", "(X,")
    assert "np.hstack((np.zeros(b.shape), forward(X, U, W, V, b, c)[1][:, :-1]))" in recognised(own).text
