"""The line at which a right value in the place of another mends the outcome."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.mending import Expected, RightValue, in_the_cost, in_the_gradient
from chainrule.gradcheck.diagnosis.watched import last_with_value, watched_values
from support.diagnosed import checked_at
from support.points import point_of

X = np.array([[1.0, 2.0], [3.0, 5.0], [-2.0, 4.0]])
W = np.array([0.5, -1.0])
RIGHT = [RightValue("s", 1, X @ W), RightValue("G", 1, 2 * (X @ W)), RightValue("dW", 1, 2 * X.T @ (X @ W))]


def cost(w, x):
    s = x @ w
    return (s**2).sum()


def line_of(gradient, expected=None):
    point = checked_at(gradient, (X,), cost=cost, parameters=W)
    assert point.verdict == "wrong"
    line = in_the_gradient(point, expected or Expected(RIGHT, RIGHT))
    return None if line is None else line.text.strip()


def wrong_on_the_way(w, x):
    s = x @ w
    G = 3 * s
    return x.T @ G


def wrong_at_the_end(w, x):
    s = x @ w
    G = 2 * s
    dw = x.T @ G
    return dw * 0.5


def uses_another(w, x):
    s = x @ w
    G = s
    return x.T @ G


def in_a_loop(w, x):
    dw = np.zeros(2)
    for row in x:
        error = 3 * (row @ w)
        dw = dw + error * row
    return dw


@pytest.mark.parametrize(
    ("gradient", "line"),
    [
        (wrong_on_the_way, "G = 3 * s"),
        (wrong_at_the_end, "return dw * 0.5"),
        (uses_another, "G = s"),
        (in_a_loop, "error = 3 * (row @ w)"),
    ],
)
def test_the_line_is_where_the_right_value_mends_the_gradient(gradient, line):
    assert line_of(gradient) == line


def test_without_right_values_on_the_way_the_numeric_gradient_is_put_in_place():
    assert line_of(wrong_on_the_way, Expected((), ())) == "return x.T @ G"


def cost_of_two_layers(p, x):
    return ((np.maximum(x @ p["w"], 0.0) * p["v"] + 1) ** 2).sum() / 2


def takes_what_is_in_front(p, x):
    z = x @ p["w"]
    h = np.maximum(z, 0.0)
    G = h * p["v"] + 1
    dv = np.einsum("n,n->", z, G).reshape(1)
    return {"w": x.T @ (p["v"] * G * (z > 0)), "v": dv}


def test_a_right_value_that_is_taken_for_another_is_not_wrong_where_it_is_formed():
    given = {"w": np.array([0.5, 0.2]), "v": np.array([2.0])}
    point = checked_at(takes_what_is_in_front, (X,), cost=cost_of_two_layers, parameters=given)
    z = X @ given["w"]
    h = np.maximum(z, 0.0)
    G = 2 * h + 1
    wanted = RightValue("dv", 1, np.array([h @ G]))
    right = [RightValue("z", 1, z), RightValue("h", 1, h), RightValue("G", 1, G), wanted]
    mistaken = [RightValue("dv", 1, np.array([z @ G]))]
    line = in_the_gradient(point, Expected(right, [wanted], mistaken, meant=right[1:2]))
    assert line is not None
    assert line.text.strip().startswith("dv = ")


def counts_wrongly(w, x):
    n = len(x) - 1
    return 2 * x.T @ (x @ w) * n / 3


def test_a_wrong_number_of_samples_is_mended_by_the_right_one():
    assert line_of(counts_wrongly) == "n = len(x) - 1"


def test_a_line_that_nothing_mends_is_not_named():
    namespace = {}
    exec("def without_source(w, x): return 3 * x.T @ (x @ w)", namespace)
    assert line_of(namespace["without_source"]) is None


def doubled(w, x):
    s = x @ w
    squares = 2 * s**2
    return squares.sum()


def test_the_line_of_a_wrong_cost_is_found_by_the_right_cost():
    point = point_of(doubled, lambda w, x: w, W, (X,))
    s = X @ W
    right = [RightValue("s", 1, s), RightValue("squares", 1, s**2)]
    wanted = float((s**2).sum())
    assert in_the_cost(point, Expected(right, right), wanted).text.strip() == "squares = 2 * s**2"
    assert in_the_cost(point, Expected(right, right), wanted + 1) is None


@pytest.mark.parametrize(
    ("array", "right"),
    [
        (X, True), (X.T, True), (X * (1 + 1e-9), True), (X * 1.001, False), (W, True), (W[:, np.newaxis], True),
        (W[np.newaxis], True), (-W, False), (X.reshape(-1), False), (np.array(0.5), False),
    ],
    ids=["same", "transposed", "rounded", "another", "vector", "column", "row", "negative", "flat", "number"],
)  # fmt: skip
def test_a_value_is_right_however_it_lies(array, right):
    values = [RightValue("h_in", 1, X), RightValue("W", 1, W)]
    assert Expected(values, ()).is_right(array) is right
    assert Expected((), (), values).is_mistaken(array) is right
    assert not Expected(values, ()).is_mistaken(array)


def test_the_last_line_with_a_value_is_found():
    point = point_of(cost, wrong_on_the_way, W, (X,))
    watched = watched_values(point, "gradient")
    assert last_with_value(watched, 3 * X @ W).text.strip() == "G = 3 * s"
    assert last_with_value(watched, X.T @ (3 * X @ W)).text.strip() == "return x.T @ G"
    assert last_with_value(watched, np.array([7.0, 7.0])) is None
    assert last_with_value([], W) is None


def named_twice(w, x):
    G = 3 * (x @ w)
    same = G
    return x.T @ same


def test_of_several_lines_with_a_value_the_last_is_meant():
    watched = watched_values(point_of(cost, named_twice, W, (X,)), "gradient")
    assert last_with_value(watched, 3 * X @ W).text.strip() == "same = G"


def test_a_program_that_fails_while_it_is_watched_gives_no_values():
    def fails(w, x):
        raise ValueError("no")

    assert watched_values(point_of(cost, fails, W, (X,)), "gradient") == []
    assert watched_values(point_of(cost, wrong_on_the_way, W, (X,)), "numeric") == []


def test_code_that_a_replaced_value_does_not_suit_is_no_reason_to_stop():
    def particular(w, x):
        five = 5 * (x @ w)
        if not np.allclose(five / 5, x @ w):
            raise ValueError("no")
        G = 3 * (x @ w)
        return x.T @ G

    assert line_of(particular) == "G = 3 * (x @ w)"


def test_what_forms_the_gradients_of_several_parameters_is_mended_for_all_of_them_at_once():
    def pair(p):
        return (p["v"] ** 2).sum() + (p["w"] ** 2).sum()

    def shared(value):
        return 3 * value

    def gradients(p):
        return {name: shared(value) for name, value in p.items()}

    given = {"v": np.array([1.0, 2.0]), "w": np.array([3.0, 4.0, 5.0])}
    line = in_the_gradient(checked_at(gradients, (), cost=pair, parameters=given), Expected([], []))
    assert line is not None
    assert line.text.strip() == "return 3 * value"


def halved(values, by):
    return values / by


def cost_by_a_helper(w, x):
    return halved((x @ w) ** 2, 2.0).sum()


def calls_a_helper_otherwise(w, x):
    G = halved(x @ w, 2.0)
    return x.T @ G


def test_a_helper_that_is_right_for_the_cost_is_not_to_blame():
    point = checked_at(calls_a_helper_otherwise, (X,), cost=cost_by_a_helper, parameters=W)
    right = [RightValue("s", 1, X @ W), RightValue("G", 1, X @ W)]
    line = in_the_gradient(point, Expected(right, right[1:]))
    assert line is not None
    assert line.text.strip() == "G = halved(x @ w, 2.0)"


def cost_of_a_vector(theta, x):
    return ((x @ theta[:2] + theta[2]) ** 2).sum() / 2


def puts_together(theta, x):
    error = x @ theta[:2] + theta[2]
    dw = x.T @ error
    db = np.array([error.mean()])
    return np.concatenate([dw, db])


def test_a_vector_that_is_put_together_is_not_where_a_value_goes_wrong():
    point = checked_at(puts_together, (X,), cost=cost_of_a_vector, parameters=np.array([0.5, -1.0, 0.3]))
    assert in_the_gradient(point, Expected([], [])) is None


def times_two(v):
    return 2 * v


def called_with_another_value(w, x):
    s = x @ w
    G = times_two(s)
    error = times_two(s**2 + G)
    return x.T @ error


def test_of_a_helper_that_is_right_elsewhere_the_call_goes_wrong():
    assert line_of(called_with_another_value) == "error = times_two(s**2 + G)"
