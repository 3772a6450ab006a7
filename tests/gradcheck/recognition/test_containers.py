"""Parameters in containers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from chainrule.gradcheck.program.names import Meaning
from chainrule.gradcheck.recognition.containers import (
    ParameterSet,
    dictionaries,
    lists,
    lists_of_dictionaries,
)
from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Convention

COUNTED = {"W1": Meaning("weights", 1), "b1": Meaning("bias", 1)}
OPEN_ENDED = {"W#": Meaning("weights", None), "b#": Meaning("bias", None)}
OF_ONE_LAYER = {"W": Meaning("weights", None), "b": Meaning("bias", None)}


def made(text: str) -> object:
    return eval(text, {"rng": np.random.default_rng(0)})  # noqa: S307


def test_a_dictionary_counts_its_layers_or_holds_lists():
    (fixed,) = dictionaries("P", COUNTED, Convention())
    assert set(made(fixed.values["P"])) == {"W1", "b1"}
    assert fixed.of_depth is None
    two, _ = dictionaries("P", OPEN_ENDED, Convention())
    assert set(made(two.values["P"])) == {"W1", "b1", "W2", "b2"}
    assert set(made(two.at_depth(3, USUAL_SIZES).values["P"])) == {"W1", "b1", "W2", "b2", "W3", "b3"}
    listed, _, alone = dictionaries("P", OF_ONE_LAYER, Convention())
    assert [len(value) for value in made(listed.values["P"]).values()] == [2, 2]
    assert made(alone.values["P"])["W"].shape == (3, 6)
    assert alone.of_depth is None


def test_a_list_holds_a_dictionary_for_each_layer():
    two, *_ = lists_of_dictionaries("layers", OF_ONE_LAYER, Convention())
    one = two.at_depth(1, USUAL_SIZES)
    assert [set(layer) for layer in made(one.values["layers"])] == [{"W", "b"}]


def test_with_scales_in_them_hidden_layers_need_no_bias():
    scaled = OF_ONE_LAYER | {"gamma": Meaning("scale")}
    without, _, with_bias, *_ = lists_of_dictionaries("layers", scaled, Convention())
    assert [set(layer) for layer in made(without.values["layers"])] == [{"W", "gamma"}, {"W", "b"}]
    assert [set(layer) for layer in made(with_bias.values["layers"])] == [{"W", "b", "gamma"}, {"W", "b"}]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_list_of_any_form_has_every_depth(depth):
    for given in lists("P", Convention()):
        if given.of_depth is None:
            continue
        widths = USUAL_SIZES.widths(depth)
        leaves = sum(part.size for part in flattened(made(given.at_depth(depth, USUAL_SIZES).values["P"])))
        weights = sum(a * b for a, b in itertools.pairwise(widths))
        assert leaves in (weights, weights + sum(widths[1:]))


def flattened(value: object) -> list[np.ndarray]:
    return [value] if isinstance(value, np.ndarray) else [leaf for part in value for leaf in flattened(part)]


def test_the_squares_of_the_weights_are_those_of_all_layers():
    every = list(lists("P", Convention()))
    # Where the weights are in one vector of all is not known.
    assert [given.layers for given in every if not given.squares] == [2, 1, 3]
    for given in (given for given in every if given.squares):
        P = made(given.values["P"])
        expected = sum((leaf**2).sum() for leaf in flattened(P) if leaf.ndim == 2 and leaf.shape[1] > 1)
        squares = eval(given.squares, {"P": P})  # noqa: S307
        assert np.sum(squares) == pytest.approx(expected)


def test_widths_that_an_object_is_made_of_are_others_at_another_depth():
    given = replace(next(iter(lists("P", Convention()))), net="Net([6, 5, 3])")
    assert given.at_depth(1, USUAL_SIZES).net == "Net([6, 3])"
    assert given.at_depth(3, USUAL_SIZES).net == "Net([6, 5, 4, 3])"


def test_entries_are_drawn_smaller_by_what_they_are_divided_by():
    drawn = ParameterSet(
        {"p": "dict(W=rng.normal(size=(5, 6)) / 2, b=rng.normal(size=5), g=rng.uniform(0.5, 1))"}
    )
    assert drawn.smaller(4).values == {
        "p": "dict(W=rng.normal(size=(5, 6)) / 8, b=rng.normal(size=5) / 4, g=rng.uniform(0.5, 1))"
    }
