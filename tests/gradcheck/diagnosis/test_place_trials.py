"""What counts as mended."""

from chainrule.gradcheck.diagnosis.place_search import PlaceSearch
from chainrule.gradcheck.diagnosis.place_trials import PlaceTrials
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from support.recurrent_layer import checked, gradient, lost


def test_nothing_is_wrong_with_a_right_gradient():
    point = checked(gradient)
    assert not PlaceTrials(point, TrueValues(point.point)).wrong_with([]).any()


def test_a_place_takes_what_is_wrong_of_its_parameters():
    point = checked(lost)
    search = PlaceSearch(point, TrueValues(point.point))
    wrong = search.wrong_with([])
    place = search.first_that_mends(wrong, [])
    assert wrong.any()
    assert place.line == place.given[0].line
    assert not PlaceTrials(point, TrueValues(point.point)).wrong_with([place]).any()
