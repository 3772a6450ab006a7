"""Which values of a backward pass are looked at."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.place_search import PlaceSearch
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of
from support.recurrent_layer import checked, lost


@pytest.fixture(scope="module")
def search():
    point = checked(lost)
    return PlaceSearch(point, TrueValues(point.point))


def test_a_place_mends_what_is_wrong_and_replaces_a_value_a_turn(search):
    wrong = search.wrong_with([])
    place = search.first_that_mends(wrong, [])
    assert len(place.replacements) == len(place.given)
    assert wrong.any()
    assert not search.wrong_with([place]).any()


def test_what_is_blamed_for_nothing_mends_nothing(search):
    assert search.blamed_that_mends(lambda value: False, search.wrong_with([]), []) is None


def test_kept_to_a_place_it_finds_no_other():
    point = checked(lost)
    search = PlaceSearch(point, TrueValues(point.point))
    place = search.first_that_mends(search.wrong_with([]), [])
    search.keep_to([place])
    again = search.first_that_mends(search.wrong_with([]), [])
    assert again.given[0].site == place.given[0].site


RNG = np.random.default_rng(7)
P = {"U": RNG.normal(size=(3, 4)), "V": RNG.normal(size=(4, 4))}
X = RNG.normal(size=(5, 3))


def centred(x):
    return x - x.mean(axis=1, keepdims=True)


def centred_backward(dout):
    return dout * 1.0


def cost(p, x):
    h = np.tanh(centred(x @ p["U"]))
    return (centred(h @ p["V"] + h) ** 3).sum()


def helper_used_twice(p, x):
    h = np.tanh(centred(x @ p["U"]))
    y = centred(h @ p["V"] + h)
    dy = centred_backward(3 * y**2)
    dh = dy @ p["V"].T + dy
    return {"V": h.T @ dy, "U": x.T @ centred_backward(dh * (1 - h**2))}


def test_a_helper_that_is_wrong_wherever_it_is_called_is_one_place():
    point = compare_at(point_of(cost, helper_used_twice, P, (X,)), np.random.default_rng(0))
    search = PlaceSearch(point, TrueValues(point.point))
    place = search.first_that_mends(search.wrong_with([]), [])
    assert [value.text for value in place.given] == ["dout * 1.0"] * 2
    assert place.tensors == ("U", "V")
    assert not search.wrong_with([place]).any()


def tied_cost(p, x):
    return (np.tanh(x @ p["V"]) @ p["V"].T).sum()


def without_the_last_layer(p, x):
    h = np.tanh(x @ p["V"])
    dV = np.zeros_like(p["V"])
    dV += x.T @ (np.ones_like(x) @ p["V"] * (1 - h**2))
    return {"V": dV}


def test_what_a_sum_begins_with_lacks_a_term():
    point = compare_at(point_of(tied_cost, without_the_last_layer, {"V": P["V"]}, (X @ P["U"],)), RNG)
    search = PlaceSearch(point, TrueValues(point.point))
    texts = [group[0].text for group in search._formed.values()]
    assert 'np.zeros_like(p["V"])' in texts
