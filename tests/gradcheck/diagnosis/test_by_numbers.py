"""What is wrong with a value, from its numbers and the right ones."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.by_numbers import factor, mask, order
from chainrule.gradcheck.diagnosis.locating import astray
from chainrule.gradcheck.diagnosis.odd_value import OddValue
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import checked, lost

RIGHT = np.random.default_rng(0).normal(size=(4, 4))
PADDED = np.random.default_rng(1).normal(size=(6, 6))
CUBE = np.random.default_rng(2).normal(size=(2, 4, 4))
FLATTENED = np.arange(8).reshape(2, 4).T.reshape(-1)
GATE = np.array([1, 0, 1, 1])


@pytest.fixture(scope="module")
def odd():
    point = checked(lost)
    true = TrueValues(point.point)
    (place,) = astray(point, true)

    def of(given, right):
        value = place.given[0]._replace(array=given)
        return OddValue.of(Astray((value,), (right,), (None,), place.tensors), point, true)

    return of


@pytest.mark.parametrize(
    ("rule", "given", "right", "name", "words"),
    [
        (factor, -RIGHT, RIGHT, "wrong-sign", "-1 x"),
        (factor, 3 * RIGHT, RIGHT, "wrong-factor", "3 is what is counted"),
        (factor, RIGHT / 5**0.5, RIGHT, "wrong-factor", "root of 1/5; 5 is"),
        (factor, RIGHT * 5**0.5, RIGHT, "wrong-factor", "root of 5, which is"),
        (factor, 1.7 * RIGHT, RIGHT, "wrong-factor", "1.7 x"),
        (order, RIGHT.T, RIGHT, "transposed", "transpose"),
        (order, RIGHT[[1, 0, 2, 3]], RIGHT, "values-swapped", "axis 0"),
        (order, RIGHT.T.reshape(2, 8), RIGHT.reshape(2, 8), "reshaped", "another order"),
        (order, RIGHT.reshape(2, 8)[::-1], RIGHT.reshape(2, 8), "values-swapped", "axis 0"),
        (order, CUBE.transpose(0, 2, 1), CUBE, "transposed", "the order (0, 2, 1)"),
        (order, RIGHT.reshape(2, 8)[:, FLATTENED], RIGHT.reshape(2, 8), "reshaped", "axis 1, that of a transpose"),
        (order, np.vstack([RIGHT[1:], RIGHT[:1]]), RIGHT, "shifted-by-one", "axis 0"),
        (order, PADDED[:4, :4], PADDED[1:5, 1:5], "shifted-by-one", "1 along axis 0 and 1 along axis 1"),
        (order, PADDED[:4, :4], PADDED[2:6, :4], "shifted-by-one", "by 2 along axis 0"),
        (order, np.vstack([RIGHT[1:], 0 * RIGHT[:1]]), RIGHT, "shifted-by-one", "axis 0"),
        (order, 0 * RIGHT + RIGHT[0], (0 * RIGHT + RIGHT[0]) * np.array([[0], [0], [1], [1]]), None, ""),
        (mask, RIGHT, RIGHT * GATE, "mask-missing", "4 of 16"),
        (mask, RIGHT / 4, RIGHT * GATE, "mask-missing", "4 of 16 entries are not 0 and should be; the others are 0.25"),
        (mask, RIGHT * (1 - GATE), RIGHT * GATE, "mask-wrong", "16 of 16"),
        (mask, RIGHT * GATE[:, np.newaxis], RIGHT * GATE, "mask-wrong", "of 16"),
    ],
)  # fmt: skip
def test_numbers_tell(odd, rule, given, right, name, words):
    found = next(rule(odd(given, right)), None)
    if name is None or (name == "mask-wrong" and words == "16 of 16"):
        assert found is None
        return
    assert (found.bug.name, words in found.words) == (name, True), found


@pytest.mark.parametrize("rule", [factor, order, mask])
def test_what_is_odd_all_over_has_no_name(odd, rule):
    assert list(rule(odd(np.cos(RIGHT), RIGHT))) == []
