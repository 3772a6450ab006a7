"""Settings that a constructor is given together."""

import pytest

from chainrule.gradcheck.recognition.constructing import every_way
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_settings import CannotMakeError, with_attributes
from support.adapters import defined

ROWS = Convention("rows", "integers", "in, out", "(K,)")


def made(first_line):
    file = defined(f"class Net:\n    def __init__(self, rates):\n        {first_line}\n        self.W = 1\n")
    return every_way(file.constructors["Net"], ROWS, file)[0]


@pytest.mark.parametrize(
    ("first_line", "given"),
    [
        ("self.eta_min, self.eta_max, self.cycles = rates", "(0.01, 0.01, 1,)"),
        ("batch_size, lr, lam = rates", "(7, 0.01, 0.1,)"),
        ("(self.hidden_size, self.reg) = rates", "(5, 0.1,)"),
    ],
)
def test_settings_one_after_the_other_are_told_by_what_they_are_called(first_line, given):
    assert made(first_line) == f"Net(rates={given})"


def test_one_that_is_not_known_makes_no_object():
    with pytest.raises(CannotMakeError):
        made("self.eta, self.q = rates")


def test_an_object_has_the_attributes_that_are_read():
    assert with_attributes("config", ["lr", "hidden_size"], ROWS) == (
        'type("Config", (), dict(lr=0.01, hidden_size=5))()'
    )
    with pytest.raises(CannotMakeError):
        with_attributes("config", ["q"], ROWS)
