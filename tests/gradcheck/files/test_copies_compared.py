"""A copy of a file beside the file."""

from types import SimpleNamespace

import numpy as np

from chainrule.gradcheck.files.copies_compared import are_called_alike, places_in, same_costs


def recognised(*names, line=4, call="f(x)"):
    text = f"def chainrule_check(rng):\n    return {call}  # what line {line} calls it with"
    gradients = [SimpleNamespace(gradient=name, cost="cost", text=text, declared="") for name in names]
    return SimpleNamespace(gradients=gradients)


def test_a_line_that_is_put_in_leaves_what_is_checked_the_same():
    assert are_called_alike(recognised("back"), recognised("back", line=5))
    assert not are_called_alike(recognised("back"), recognised("back", call="f(y)"))


def test_gradients_of_a_copy_are_found_in_the_file_unless_it_has_others():
    file = recognised("first", "second", "third")
    assert places_in(file, recognised("first", "second", "third", call="f(y)")) == {0: 0, 1: 1, 2: 2}
    assert places_in(file, recognised("first", "third")) == {0: 0, 1: 2}
    assert places_in(file, recognised("first", "other")) is None
    assert places_in(file, recognised("third", "second", "first")) is None
    assert places_in(recognised("same", "same"), recognised("same")) is None


def test_costs_are_the_same_up_to_rounding():
    arrays, data = [np.ones(2)], ()
    point = SimpleNamespace(arrays=arrays, data=data, cost=lambda: 2.0)
    program = SimpleNamespace(cost=lambda arrays, data: 2.0 + 1e-12)
    assert same_costs(program, [SimpleNamespace(point=point)])
    assert not same_costs(SimpleNamespace(cost=lambda arrays, data: 2.1), [SimpleNamespace(point=point)])
