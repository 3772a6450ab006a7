"""Adapters to try, the likely ones first."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.conventions import Convention
from support.recognising import recognised


def defined(text: str) -> Definitions:
    return definitions(Source((Part("net.py", text),)))


LISTS = defined("def cost(X, Y, Ws, bs, lam): ...\ndef gradients(X, Y, Ws, bs, lam): ...")


def test_the_layout_that_others_of_the_file_have_comes_first_and_once():
    rows = Convention("rows", "integers", "in, out", "(K,)")
    conventions = [each.plan.convention for each in candidates(LISTS, list(choices(LISTS)), {}, first=rows)]
    assert conventions[0] == rows
    after = [convention for convention in conventions if convention != rows]
    assert conventions == [*[rows] * (len(conventions) - len(after)), *after]


def test_what_begins_like_one_that_failed_is_not_tried():
    first = next(candidates(LISTS, list(choices(LISTS)), {}))
    others = candidates(LISTS, list(choices(LISTS)), {}, {first.beginning})
    assert first.beginning not in {candidate.beginning for candidate in others}


def test_parameters_in_lists_have_other_depths_and_those_with_names_of_their_own_have_none():
    two = next(
        each for each in candidates(LISTS, list(choices(LISTS)), {}) if each.plan.parameters.layers == 2
    )
    depths = {variant.value: variant.text for variant in two.depths()}
    assert sorted(depths) == ["1", "3"]
    assert "size=(4, 5)" in depths["3"]
    named = defined("def cost(X, Y, W1, b1, W2, b2): ...\ndef gradients(X, Y, W1, b1, W2, b2): ...")
    assert not list(next(candidates(named, list(choices(named)), {})).depths())


def test_an_object_made_from_widths_has_other_depths():
    made = defined(
        "class Net:\n"
        "    def __init__(self, sizes): self.W = [s for s in sizes]\n"
        "    def cost(self, X, Y): return self.W\n"
        "    def gradients(self, X, Y): return self.W"
    )
    first = next(
        each for each in candidates(made, list(choices(made)), {}) if "[6, 5, 3]" in each.adapter.text
    )
    assert "Net([6, 5, 4, 3])" in {v.value: v.text for v in first.depths()}["3"].replace("sizes=", "")


SCALED = """
import numpy as np

def forward(X, W, b, gamma, beta):
    S = W @ X + b
    return gamma[:, None] * np.tanh(S) + beta[:, None], np.tanh(S)

def compute_cost(X, Y, W, b, gamma, beta):
    return np.sum((forward(X, W, b, gamma, beta)[0] - Y) ** 2)

def compute_gradients(X, Y, W, b, gamma, beta):
    out, T = forward(X, W, b, gamma, beta)
    G = 2 * (out - Y)
    D = G * gamma[:, None] * (1 - T**2)
    grad_W, grad_b = D @ X.T, D.sum(axis=1, keepdims=True)
    grad_gamma, grad_beta = (G * T).sum(axis=1), G.sum(axis=1)
    return grad_W, grad_b, grad_gamma, grad_beta
"""


def test_scales_may_be_vectors_where_biases_are_columns():
    row = recognised(SCALED)
    assert "b=rng.normal(size=(3, 1)), gamma=rng.uniform(0.5, 1.5, size=3)" in row.text
    assert "scales and shifts (K,)" in row.notes[0]
