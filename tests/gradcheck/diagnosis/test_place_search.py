"""Which values of a backward pass are looked at."""

import pytest

from chainrule.gradcheck.diagnosis.place_search import PlaceSearch
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import checked, gradient, lost


@pytest.fixture(scope="module")
def search():
    point = checked(lost)
    return PlaceSearch(point, TrueValues(point.point))


def test_nothing_is_wrong_with_a_right_gradient():
    point = checked(gradient)
    assert not PlaceSearch(point, TrueValues(point.point)).wrong_with([]).any()


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
