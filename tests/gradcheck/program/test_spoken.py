"""What names mean in a net of a special kind."""

from chainrule.gradcheck.program.names import is_gradient, meaning
from chainrule.gradcheck.program.spoken import all_called, is_called, speaks_of, spoken


def test_a_name_means_what_it_does_in_the_file_that_is_recognised():
    token = spoken.set({"F": ("filters", None)})
    try:
        assert speaks_of("filters")
        assert not speaks_of("recurrent")
        assert meaning("F").role == "filters"
        assert is_gradient("dF")
    finally:
        spoken.reset(token)
    assert not speaks_of("filters")
    assert meaning("F").role == "other"


def test_underscores_around_a_name_and_capitals_say_nothing():
    assert is_called("w_h", "_W_h")
    assert not is_called("w", "ww")
    assert all_called("w|b", ["W", "b_", "X"]) == ["W", "b_"]
