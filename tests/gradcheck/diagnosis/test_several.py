"""Two mistakes told apart by the changes that mend them together."""

from dataclasses import replace

import numpy as np

from chainrule.gradcheck.diagnosis import by_true_values, patched
from chainrule.gradcheck.diagnosis.diagnose import case_of, diagnose
from chainrule.gradcheck.diagnosis.several import Pairs, Wanted
from chainrule.gradcheck.numeric.checked_point import compare_at
from support.points import point_of

RNG = np.random.default_rng(2)
P = {"x": RNG.normal(size=(4, 5)), "g": RNG.normal(size=5)}
DOUT = RNG.normal(size=(4, 5))
X = np.array([0.7, -1.3])


def normed(p):
    centred = p["x"] - p["x"].mean(axis=1, keepdims=True)
    r = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return centred, r, centred * r


def cost(p, dout):
    return (normed(p)[2] * p["g"] * dout).sum()


def two_terms(p, dout):
    _, r, n = normed(p)
    d = dout * p["g"]
    m = d.sum(axis=1, keepdims=True)
    s = (d * n).mean(axis=0, keepdims=True)
    return {"x": r * (d - m - n * s), "g": (dout * n).sum(axis=0)}


def one_behind_the_other(p, dout):
    _, r, n = normed(p)
    d = dout * p["g"]
    m = d.mean(axis=1, keepdims=True)
    s = (d * n).sum(axis=1, keepdims=True)
    return {"x": r * (d - m + n * s), "g": (dout * n).sum(axis=0)}


def one_mistake(p, dout):
    _, r, n = normed(p)
    d = dout * p["g"]
    m = d.sum(axis=1, keepdims=True)
    s = (d * n).mean(axis=1, keepdims=True)
    return {"x": r * (d - m - n * s), "g": (dout * n).sum(axis=0)}


def at(gradient):
    return compare_at(point_of(cost, gradient, P, (DOUT,)), np.random.default_rng(0))


def lines(parts):
    return [part.patch.line.text.strip() for part in parts]


def test_two_mistakes_that_add_up_are_told_from_single_changes():
    first, second = Pairs([at(two_terms)]).adding_up()
    assert lines([first, second]) == [
        "m = d.sum(axis=1, keepdims=True)",
        "s = (d * n).mean(axis=0, keepdims=True)",
    ]
    assert first.tensors == second.tensors == ("x",)


def test_a_mistake_behind_another_is_found_in_pairs():
    point = at(one_behind_the_other)
    assert Pairs([point]).adding_up() == []
    assert lines(Pairs([point]).one_after_another()) == [
        "s = (d * n).sum(axis=1, keepdims=True)",
        'return {"x": r * (d - m + n * s), "g": (dout * n).sum(axis=0)}',
    ]


def test_both_have_to_be_right_wherever_it_was_compared():
    elsewhere = compare_at(
        point_of(cost, lambda p, dout: {"x": 2 * p["x"], "g": p["g"]}, P, (DOUT,)), np.random.default_rng(0)
    )
    assert Pairs([at(two_terms), elsewhere]).adding_up() == []


def test_the_causes_say_that_there_are_two_and_what_to_write():
    first, second = by_true_values.of_two([at(two_terms)])
    assert all("there are two mistakes" in cause.evidence for cause in (first, second))
    assert "with both lines changed the gradient is right" in first.repair
    assert first.line.number < second.line.number


def test_one_mistake_stays_one():
    (cause,) = by_true_values.causes([at(one_mistake)])
    assert cause.name == "mean-for-sum"


def test_a_patch_is_on_the_line_of_what_it_changes():
    def in_several_lines(p, dout):
        return {
            "x": 2 * p["x"],
            "g": -p["g"],
        }

    def of_squares(p, dout):
        return (p["x"] ** 2).sum() + (p["g"] ** 2).sum() / 2

    point = compare_at(point_of(of_squares, in_several_lines, P, (DOUT,)), np.random.default_rng(0))
    patch = patched.mending([point])
    assert patch.line.text.strip() == '"g": -p["g"],'


def softmax_loss(p, labels):
    scores = p["X"] @ p["W"] + p["b"]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = e / e.sum(axis=1, keepdims=True)
    cost = -np.log(probabilities[np.arange(7), labels]).mean()
    error = probabilities.copy()
    error[np.arange(7), labels] -= 1
    error /= 7
    return cost, {"X": error @ p["W"].T, "W": p["X"].T @ error * 2, "b": error.mean(axis=0)}


def test_one_function_may_give_the_cost_and_the_gradient():
    parameters = {"X": RNG.normal(size=(7, 5)), "W": RNG.normal(size=(5, 3)), "b": RNG.normal(size=3)}
    labels = RNG.integers(3, size=7)
    point = compare_at(
        point_of(
            lambda p, y: softmax_loss(p, y)[0], lambda p, y: softmax_loss(p, y)[1], parameters, (labels,)
        ),
        np.random.default_rng(0),
    )
    causes = diagnose(case_of([point], np.random.default_rng(0))).causes
    assert {cause.tensors for cause in causes} >= {("W",), ("b",)}


def of_tanh(p, dout):
    return (np.tanh(p["x"]) * p["g"] * dout).sum()


def one_of_them_missing(p, dout):
    t = np.tanh(p["x"])
    dx = dout * p["g"]
    dg = -(dout * t).sum(axis=0)
    return {"x": dx, "g": dg}


def test_what_may_be_missing_in_a_line_is_one_of_two_where_it_is_wanted():
    checked = compare_at(point_of(of_tanh, one_of_them_missing, P, (DOUT,)), np.random.default_rng(0))
    every = checked.point.program.patches(checked.point.arrays, checked.point.data)
    (line,) = {patch.line for patch in every if "dx = " in patch.line.text}
    assert Pairs([checked]).adding_up() == []
    parts = Pairs([checked], [Wanted(), Wanted(line, additions=True)]).adding_up()
    assert [part.patch.kind for part in parts] == ["derivative", "sign"]


TABLES = {"E": RNG.normal(size=(2, 2)), "F": RNG.normal(size=(2, 2)), "m": RNG.normal(size=3)}
AT = np.array([0, 1, 0])


def looked_up(p, at):
    return (((p["E"][at] * p["F"][at]).sum(axis=1) * p["m"]) ** 2).sum()


def lost(p, at):
    s = (p["E"][at] * p["F"][at]).sum(axis=1)
    d = 2 * s * p["m"]
    ds = (d * p["m"])[:, np.newaxis]
    g = {name: np.zeros_like(array) for name, array in p.items()}
    g["E"][at] += ds * p["F"][at]
    g["F"][at] += ds * p["E"][at]
    g["m"] = d * s / 3
    return g


def test_what_a_place_leaves_unexplained_is_mended_parameter_by_parameter():
    point = compare_at(point_of(looked_up, lost, TABLES, (AT,)), np.random.default_rng(0))
    causes = by_true_values.causes([point])
    assert [(cause.name, cause.tensors, cause.line.text.strip()) for cause in causes] == [
        ("wrong-factor", ("m",), 'g["m"] = d * s / 3'),
        ("duplicate-indices-lost", ("E",), 'g["E"][at] += ds * p["F"][at]'),
        ("duplicate-indices-lost", ("F",), 'g["F"][at] += ds * p["E"][at]'),
    ]


def three(p, at):
    return (p["a"][at] ** 2).sum() + (p["b"][at] ** 3).sum() + np.exp(p["c"][at]).sum()


def three_lost(p, at):
    g = {name: np.zeros_like(array) for name, array in p.items()}
    g["a"][at] += 2 * p["a"][at]
    g["b"][at] += 3 * p["b"][at] ** 2
    g["c"][at] += np.exp(p["c"][at])
    return g


def test_without_a_place_the_changes_of_parameters_are_the_causes():
    point = point_of(three, three_lost, {name: RNG.normal(size=2) for name in "abc"}, (AT,))
    causes = diagnose(case_of([compare_at(point, np.random.default_rng(0))], RNG)).causes
    assert [(cause.name, *cause.tensors) for cause in causes] == [
        ("duplicate-indices-lost", n) for n in "abc"
    ]


def test_where_a_gradient_is_suspect_alone_its_parameters_are_mended_too():
    point = point_of(three, three_lost, {name: np.ones(2) for name in "abc"}, (AT,))
    checked = compare_at(point, np.random.default_rng(0))
    suspect = replace(checked, tensors=[replace(tensor, verdict="suspect") for tensor in checked.tensors])
    causes = by_true_values.with_the_rest([], [suspect])
    assert [cause.tensors for cause in causes] == [("a",), ("b",), ("c",)]


def scaled(x):
    return -3.0 * x


def of_scaled(p, x):
    return (scaled(x) * p["a"]).sum()


def turned_back(p, x):
    return {"a": np.negative(scaled(x))}


def test_what_changes_the_cost_too_mends_no_parameter():
    point = compare_at(
        point_of(of_scaled, turned_back, {"a": RNG.normal(size=2)}, (X,)), np.random.default_rng(0)
    )
    (part,) = Pairs([point]).of_parameters(["a"])
    assert "np.negative" in part.patch.line.text


def of_squared(p, x):
    return ((p["a"] * x) ** 2).sum()


def twice(p, x):
    e = x * 2
    s = p["a"] * x * 2
    return {"a": s * e}


def test_of_two_lines_one_of_which_mends_a_parameter_none_is_named():
    point = compare_at(point_of(of_squared, twice, {"a": RNG.normal(size=2)}, (X,)), np.random.default_rng(0))
    assert Pairs([point]).of_parameters(["a"]) == []
