"""Functions of this process as a program: asked with copies, and answering in plain values."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Replacement
from chainrule.gradcheck.program.local import LocalProgram
from support.plain_nets import SMALL, squares, twice

W = np.array([1.0, 2.0, 3.0])


def program(cost=lambda w, x: (w * x).sum(), gradient=lambda w, x: x, **others):
    return LocalProgram(cost, gradient, W, (np.array([5.0, 7.0, 11.0]),), **others)


def answered(cost):
    return LocalProgram(cost, lambda w: w, W).cost([W], [])


def test_a_program_says_what_it_was_given():
    given = LocalProgram(
        lambda w, X, lam: 0.0, lambda w, X, lam: w, {"w": W}, (W[:, np.newaxis], 0.1)
    ).describe()
    assert (given.names, given.data_names) == (["w"], ["X", "lam"])
    assert (given.has_numeric, given.has_update, given.numeric_step) == (False, False, None)
    assert given.data[1] == 0.1
    given.arrays[0][:] = 0
    assert W.tolist() == [1, 2, 3]


def test_the_users_numeric_gradient_and_update_are_described_where_they_are_given():
    def numeric(w, x, h=1e-5):
        return x

    given = program(numeric=numeric, update=lambda w, g, rate: w).describe()
    assert (given.has_numeric, given.has_update) == (True, True)
    assert given.numeric_step.text.strip() == "def numeric(w, x, h=1e-5):"


def test_nothing_that_a_function_changes_is_changed_outside():
    def cost(w, x):
        w *= 2
        x += 1
        return w.sum()

    arrays, data = [W.copy()], [np.ones(3)]
    assert program(cost).cost(arrays, data) == 12
    assert arrays[0].tolist() == W.tolist()
    assert data[0].tolist() == [1, 1, 1]


@pytest.mark.parametrize("steps", [[0.5, -1.0], [1e-20j, 2j]], ids=["real", "complex"])
def test_each_entry_is_moved_by_its_step_and_put_back(steps):
    arrays, data = [W], [np.array([5.0, 7.0, 11.0])]
    costs = program().costs(arrays, data, 0, np.array([0, 2]), np.array(steps))
    base = (W * data[0]).sum()
    np.testing.assert_array_equal(costs, [base + 5 * steps[0], base + 11 * steps[1]])
    assert W.tolist() == [1, 2, 3]


def test_costs_are_taken_along_a_direction():
    along = program().along([W], [np.ones(3)], [np.array([1.0, 0.0, -3.0])], np.array([0.0, 1.0, 2.0]))
    assert along.tolist() == [6, 4, 2]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(2, 2.0), (np.float32(1.5), 1.5), (np.array([[3.0]]), 3.0), ((4.0, "more"), 4.0), (np.array(1 + 2j), 1 + 2j)],
)  # fmt: skip
def test_a_cost_is_one_number_or_the_first_of_a_tuple(value, wanted):
    number = answered(lambda w: value)
    assert number == wanted
    assert type(number) is type(wanted)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "returns NoneType"), ("1.0", "returns str"), (W, r"returns an array of shape \(3,\)"),
        ((), r"returns an array of shape \(0,\)"), ([[1.0], [1.0, 2.0]], "returns list"),
        (float("nan"), "is nan"), (np.inf, "is inf"),
    ],
    ids=["None", "text", "array", "empty tuple", "ragged", "nan", "inf"],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused_as_a_cost(value, said):
    with pytest.raises(CheckError, match=f"the cost: {said}"):
        answered(lambda w: value)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda p: p.gradient([W], [W], (), "numeric"), "the numeric gradient: none was given"),
        (lambda p: p.trace([W], [W], "numeric"), "the numeric gradient: none was given"),
        (lambda p: p.update([W], [W], 0.1), "the update: none was given"),
    ],
)
def test_what_was_not_given_cannot_be_asked(asked, said):
    with pytest.raises(CheckError, match=said):
        asked(program())


def test_the_cost_is_called_at_the_same_point_before_the_gradient():
    kept = {}

    def cost(w, x):
        kept["w"] = w.copy()
        return w.sum()

    returned = program(cost, lambda w, x: kept["w"] * x).gradient([10 * W], [W])
    assert returned.arrays[0].tolist() == [10, 40, 90]
    assert returned.kind == "ndarray"


def test_once_many_changes_are_tried_the_cost_is_not_called_before_a_gradient_that_calls_it_itself():
    def both(w):
        calls.append(w)
        return (w**2).sum(), 2 * w

    calls = []
    asked = LocalProgram(lambda w: both(w)[0], lambda w: both(w)[1], W)
    asked.gradient([W], [])
    assert len(calls) == 2
    asked.projections([W], [], [np.ones(3)], [[]])
    del calls[:]
    asked.gradient([W], [])
    assert len(calls) == 1


def doubled(w):
    return 2 * w


def test_a_gradient_adds_up_to_numbers_with_each_of_many_changes():
    asked = LocalProgram(lambda w: (w**2).sum(), doubled, W)
    (value,) = (v for v in asked.trace([W], []) if v.text == "2 * w")
    nothing = Replacement(value.site, value.occurrence, 0 * W)
    refused = Replacement(value.site, value.occurrence, np.ones((2, 2)))
    answers = asked.projections([W], [], [np.ones(3)], [[], [nothing], [refused]])
    np.testing.assert_array_equal(answers, [12, 0, np.nan])
    patches = asked.patches([W], [])
    tripled = next(patch for patch in patches if "3 * w" in patch.after)
    assert asked.projections([W], [], [np.ones(3)], [[tripled]]) == pytest.approx([18])


def test_a_leaf_is_moved_along_ways():
    ways, steps = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]), np.array([0.5, -1.0])
    costs = program().costs_along([W], [np.ones(3)], 0, ways, steps)
    np.testing.assert_allclose(costs, [6 + 1.5, 6 - 1])


def test_a_gradient_that_returns_nothing_is_looked_for_on_its_object():
    class Net:
        def __init__(self):
            self.W, self.b = W.copy(), np.zeros(1)

        def cost(self, x):
            return (self.W * x + self.b).sum()

        def backward(self, x):
            self.grad_W, self.grad_b = x * 1, np.array([3.0])

    returned = LocalProgram(Net.cost, Net.backward, Net(), (W,)).gradient([W, np.zeros(1)], [2 * W])
    assert returned.kind == "attributes"
    by_name = dict(zip(returned.names, returned.arrays, strict=True))
    assert {name: array.tolist() for name, array in by_name.items()} == {"grad_W": [2, 4, 6], "grad_b": [3]}


def test_parameters_after_a_gradient_that_changes_them_are_given_back():
    def gradient(w, x):
        w -= x
        return x

    returned = program(gradient=gradient).gradient([W], [np.ones(3)])
    assert returned.after[0].tolist() == [0, 1, 2]


def in_place(p, g, rate):
    for name in p:
        p[name] -= rate * g[name]


@pytest.mark.parametrize(
    "update",
    [in_place, lambda p, g, rate: {name: p[name] - rate * g[name] for name in p}],
    ids=["in place", "returned"],
)
def test_an_update_changes_its_parameters_or_gives_new_ones(update):
    local = LocalProgram(squares, twice, SMALL, update=update)
    new = local.update([np.ones(2), np.ones((1, 1))], [np.array([1.0, 2.0]), np.array([[4.0]])], 0.5)
    assert [array.tolist() for array in new] == [[0.5, 0.0], [[-1.0]]]


def changes_its_parameters(w, x):
    g = x * 1
    w -= g
    return g


def test_the_line_after_which_a_parameter_is_another_is_found():
    assert program(gradient=changes_its_parameters).first_mutation([W], [W]).text.strip() == "w -= g"
    assert program().first_mutation([W], [W]) is None


def counted_cost(w, x):
    return (w * x).sum()


def calls_the_cost_twice(w, x):
    return x * (counted_cost(w, x) - counted_cost(w, x) + 1)


def test_calls_of_the_cost_within_a_gradient_are_counted():
    assert program(counted_cost, calls_the_cost_twice).cost_calls([W], [W]) == 2
    assert program(counted_cost).cost_calls([W], [W]) == 0


def test_a_value_of_a_trace_can_be_replaced():
    local = program(gradient=changes_its_parameters)
    value = next(v for v in local.trace([W], [W]) if v.line.text.strip() == "g = x * 1")
    other = Replacement(value.site, value.occurrence, np.zeros(3))
    assert local.gradient([W], [W], [other]).arrays[0].tolist() == [0, 0, 0]
    assert local.gradient([W], [W]).arrays[0].tolist() == W.tolist()


def test_a_complex_number_made_real_is_an_error_and_other_warnings_are_none():
    with pytest.raises(np.exceptions.ComplexWarning):
        program(lambda w, x: float(np.sum(w.astype(float)))).cost([W + 1j], [W])
    assert program(lambda w, x: np.sum(w / x) * 0 + 1 if np.log(x[0] * 0) else 0).cost([W], [W]) == 1


def test_both_functions_are_watched_where_others_call_them():
    def given(**watched):
        return LocalProgram(lambda w: squares({"w": w}), lambda w: twice({"w": w}), W, **watched)

    watched = given(watched={"cost": squares, "gradient": twice})
    assert watched.trace([W], [], "cost")
    assert watched.trace([W], [], "gradient")
    assert watched.gradient([W], []).arrays[0].tolist() == (2 * W).tolist()
