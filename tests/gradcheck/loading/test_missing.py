"""What stands in for a module can be passed around, and no number comes of it."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.loading.missing import StandIn, absence, missing_module


@pytest.fixture
def stand_in():
    return StandIn("net.py, line 1 could not run", "nosuch")


@pytest.mark.parametrize(
    "needs",
    [
        float, len, list, bool, abs, np.array, np.exp, np.sum,
        lambda s: s + 1, lambda s: 1 - s, lambda s: s == 3, lambda s: s < 3, lambda s: s[0], lambda s: 3 in s,
        lambda s: -s, lambda s: 1 if s else 2, lambda s: np.ones(3) * s, lambda s: s @ np.ones((3, 3)),
    ],
)  # fmt: skip
def test_no_value_comes_of_it(stand_in, needs):
    for each in (stand_in, stand_in.nn, stand_in.load("data"), stand_in.a.b(1)(2)):
        with pytest.raises(ModuleNotFoundError, match=r"^No module named 'nosuch'$") as error:
            needs(each)
        assert error.value.name == "nosuch"


def test_a_module_that_is_there_and_cannot_be_imported_says_why():
    with pytest.raises(ImportError, match=r"^net.py, line 1 could not run: OSError: libcuda$") as error:
        float(StandIn("net.py, line 1 could not run: OSError: libcuda", "").device)
    assert missing_module(error.value) == ""


def test_what_scripts_do_with_plots_ends_nothing(stand_in):
    stand_in.title = "loss"
    with stand_in.style.context("x") as style:
        style.figure(figsize=(3, 4)).reason = 3
    stand_in.rcParams["image.cmap"] = "gray"
    assert stand_in.title == "loss"
    assert isinstance(stand_in.show(), StandIn)
    assert {stand_in: 3}[stand_in] == 3

    class Net(stand_in.Module):
        pass

    assert Net.__mro__ == (Net, object)


def test_the_missing_module_is_that_of_the_exception_or_of_what_it_was_raised_from():
    absent = absence("nosuch")
    assert missing_module(absent) == "nosuch"
    assert absence("") is None
    other = NameError("x")
    assert missing_module(other) == ""
    other.__cause__ = absent
    assert missing_module(other) == "nosuch"
    assert missing_module(ImportError("cannot import name", name="math")) == ""
