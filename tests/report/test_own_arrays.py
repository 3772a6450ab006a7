"""Weights and gradients of another program's: whatever way they lie, the same figure."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.errors import SettingsError
from chainrule.report.own_arrays import MOST_PICTURES, gradients_figure, weights_figure

GENERATOR = np.random.default_rng(0)
PLANES = GENERATOR.normal(size=(4, 3, 5, 5))
ROWS = PLANES.reshape(4, -1)
BESIDE = PLANES.transpose(0, 2, 3, 1).reshape(4, -1)
BIASED = np.hstack([ROWS, np.full((4, 1), 1e6)])


def images(W, **options):
    figure, _ = weights_figure({"W": W}, **options)
    assert figure.shape == (3, 5, 5)
    return figure.rows[0].images


@pytest.mark.parametrize(
    ("W", "options"),
    [
        (ROWS.T, {}),
        (BIASED, {}),
        (BIASED.T, {}),
        (ROWS, {"shape": (3, 5, 5)}),
        (BESIDE, {"shape": (5, 5, 3)}),
        (BESIDE.T, {"shape": (5, 5, 3)}),
        (PLANES, {}),
        (PLANES.transpose(0, 2, 3, 1), {}),
        (PLANES.transpose(2, 3, 1, 0), {}),
        (PLANES.transpose(0, 1, 3, 2).reshape(4, -1), {"down": True}),
        (PLANES.transpose(0, 1, 3, 2).reshape(4, -1).T, {"shape": (5, 5, 3), "down": True}),
    ],
)
def test_a_layout_changes_no_picture(W, options):
    assert images(W, **options) == images(ROWS)
    assert [(min(image), max(image)) for image in images(W, **options)] == [(0, 255)] * 4


def test_what_was_guessed_is_said():
    _, said = weights_figure({"b": np.zeros(4), "W": BIASED.T})
    layout = "W is 'W' (76 x 4): each column is a picture of 3 x 5 x 5, a plane a colour"
    assert said == [f"{layout}; the last entry of each, its bias, is left out"]
    many, (told,) = weights_figure({"W": np.zeros((MOST_PICTURES + 1, 16))})
    assert len(many.classes) == MOST_PICTURES
    assert f"of {MOST_PICTURES + 1} the first {MOST_PICTURES} are drawn" in told


def test_the_first_array_that_can_be_w_is_unless_one_is_named():
    arrays = {"small": np.zeros((3, 2)), "W1": ROWS, "W2": ROWS}
    assert weights_figure(arrays)[0].rows[0].row == "W1"
    assert weights_figure(arrays, "W2")[0].rows[0].row == "W2"


@pytest.mark.parametrize(
    ("arrays", "options", "said"),
    [
        ({"W": ROWS}, {"name": "w"}, "array 'w': is not there"),
        ({"W": np.zeros((7, 3))}, {}, r"W \(7 x 3\): no W of square images"),
        ({"W": ROWS}, {"shape": (4, 4)}, "no W of images of 4 x 4"),
        ({"W": ROWS}, {"classes": ["a"]}, "1 names of classes: W has 4 rows"),
        ({"W": ROWS * np.nan}, {}, "W: holds what is no finite number"),
    ],
)
def test_what_is_no_w_is_refused(arrays, options, said):
    with pytest.raises(SettingsError, match=said):
        weights_figure(arrays, **options)


def test_gradients_share_their_bins_and_whole_numbers_are_left_out():
    figure, said = gradients_figure(
        {"dW": np.array([[0.0, 1.0]]), "db": np.array([5.0, np.inf, 6.0]), "y": np.arange(9)}
    )
    assert [row.row for row in figure.rows] == ["dW (1 x 2)", "db (3)"]
    assert figure.rows[0].edges == figure.rows[1].edges
    assert (figure.rows[0].edges[0], figure.rows[0].edges[-1]) == (0, 6)
    assert said == ["1 of 3 entries of 'db' are no numbers"]
    assert [
        row.row for row in gradients_figure({"dW": np.arange(2.0), "y": np.arange(9)}, ["y"])[0].rows
    ] == ["y (9)"]


@pytest.mark.parametrize(
    ("names", "said"), [(["dw"], "array 'dw': is not there"), ([], "dW: no array has two finite entries")]
)
def test_what_holds_no_gradients_is_refused(names, said):
    with pytest.raises(SettingsError, match=said):
        gradients_figure({"dW": np.array([np.nan, 1.0])}, names)
