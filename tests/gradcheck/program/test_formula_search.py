"""Formulas found by what they give."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from chainrule.gradcheck.program.formula_search import WantedValue, formulas_giving
from chainrule.gradcheck.program.value_forms import WrittenForms

rng = np.random.default_rng(0)
GIVEN = {
    "d": rng.normal(size=(4, 3)),
    "h": rng.normal(size=(4, 3)),
    "s": rng.uniform(1, 2, size=(4, 1)),
    "k": rng.normal(size=(4, 3)),
    "p": rng.dirichlet(np.ones(3), size=4),
    "W": rng.normal(size=(3, 5)),
    "e": rng.normal(size=(4, 5)),
    "n": 7.0,
}
WAYS = rng.normal(size=(5, 12))


def value(text, values=GIVEN):
    return np.asarray(eval(text, {"np": np, **values}))  # noqa: S307


def texts(stands, meant, values=GIVEN):
    """What is found where one formula stands and another is meant."""
    here, there = (value(text, values) for text in (stands, meant))
    forms = WrittenForms([(ast.Name(name, ast.Load()), (its,)) for name, its in values.items()])
    wanted = WantedValue(WAYS, WAYS @ there.reshape(-1))
    return [
        (each.kind, ast.unparse(ast.fix_missing_locations(each.new)))
        for each in formulas_giving(ast.parse(stands, mode="eval").body, [here], forms, [wanted])
    ]


@pytest.mark.parametrize(
    ("stands", "meant", "kind"),
    [
        ("h * 1", "d", "call"),
        ("d", "d * (h > 0)", "scale"),
        ("d", "d / s", "scale"),
        ("d", "d / n", "scale"),
        ("d", "2 * d", "scale"),
        ("d - h", "d - h - d.mean(axis=1, keepdims=True)", "another term"),
        ("d", "d - h * (d * h).mean(axis=1, keepdims=True)", "another term"),
        ("d * h", "d * h + e @ W.T", "another term"),
        ("d * h", "d * (1 - h ** 2)", "call"),
        ("d + h", "d + h + d * np.exp(h) / n", "another term"),
        ("d", "d - h * k / s ** 2", "another term"),
        ("d * p", "p * (d - (d * p).sum(axis=-1, keepdims=True)) * s", "call"),
        ("d * h", "d * h * (h < 0)", "scale"),
    ],
)
def test_what_is_meant_is_found(stands, meant, kind):
    every = texts(stands, meant)
    right = value(meant)
    assert kind in {its for its, _ in every}
    for _, text in every:
        np.testing.assert_allclose(value(text), right, rtol=1e-6)


def test_the_shortest_comes_first():
    assert texts("d", "d / s")[0] == ("scale", "d / s")
    assert texts("d", "-d")[0] == ("call", "-d")


def test_what_is_right_already_or_cannot_be_written_is_not_another():
    assert not texts("d", "d")
    assert not texts("d", "1.2345 * d + 0.3 * h")


def test_every_turn_counts():
    d, h = (rng.normal(size=(2, 4, 3)) for _ in range(2))
    forms = WrittenForms([(ast.Name("d", ast.Load()), tuple(d)), (ast.Name("h", ast.Load()), tuple(h))])
    ways = rng.normal(size=(5, 24))
    wanted = WantedValue(ways, ways @ (d + h).reshape(-1))
    first = formulas_giving(ast.parse("d", mode="eval").body, [*d], forms, [wanted])[0]
    assert (first.kind, ast.unparse(first.new)) == ("another term", "d + h")


@pytest.mark.parametrize(
    ("number", "gives_way"), [(0.25, True), (0.5, True), (4, True), (3, True), (2, False)]
)
def test_a_number_gives_way_to_a_size_but_for_twice(number, gives_way):
    """0.5 is 2 / 4 where 4 samples are; it stands behind that, to be held against other sizes."""
    given = {"d": GIVEN["d"], "e": rng.normal(size=(4, 3)), "two": np.ones((1, 2))}
    every = [text for _, text in texts("e", f"{number} * d", given)]
    named = [place for place, text in enumerate(every) if "len(" in text or "shape" in text]
    assert named
    assert (named[0] < every.index(f"{number} * d")) is gives_way


def test_of_settings_that_are_the_same_each_may_be_meant():
    values = {"d": GIVEN["d"], "size": 2.0, "stride": 2.0, "heads": 2.0}
    found = {text for _, text in texts("d", "d / 4", values)}
    assert {f"d / {name} ** 2" for name in ("size", "stride", "heads")} < found
