"""Code compiled again with a look at every value."""

import linecache
from types import FunctionType
from typing import NamedTuple

import numpy as np
import pytest

from chainrule.gradcheck.program.wrapping import FIRST_USE, side_by_side, wrapped
from support.corpus.mutation import load
from support.watched import SOURCE, X


class Seen(NamedTuple):
    number: int
    line: int
    file: str
    use: str
    text: str
    value: object


def probed(function, change=lambda seen: seen.value, *, uses=False):
    """The function as wrapped code, and what its probe sees, with the ``uses`` of values; ``change`` gives what takes a
    value's place."""
    values = []

    def probe(number, line, file, use, text, value):
        if number >= FIRST_USE and not uses:
            return value
        values.append(
            Seen(number, line, file, use, text, np.copy(value) if isinstance(value, np.ndarray) else value)
        )
        return change(values[-1]._replace(value=value))

    code = wrapped(function.__code__, probe)
    return FunctionType(code, function.__globals__, closure=function.__closure__), values


def unprobed(number, line, file, use, text, value):
    raise AssertionError


def on_line(values, text):
    line = SOURCE.splitlines().index(text) + 1
    return [seen for seen in values if seen.line == line]


@pytest.mark.parametrize(
    "name", ["plain", "in_place", "parts", "loops", "nested", "unpacking", "counted", "texts"]
)
def test_wrapped_code_does_what_the_code_does(program, name):
    function = getattr(program, name)
    arguments = (X, X) if name == "plain" else (X,)
    np.testing.assert_equal(probed(function)[0](*arguments), function(*arguments))


def test_every_value_is_seen_with_its_file_and_line(program):
    function, values = probed(program.plain)
    function(X, X)
    assert {seen.file for seen in values} == {program.__file__}
    (total,) = on_line(values, "    a = x + y")
    assert total.value.tolist() == (2 * X).tolist()
    assert [np.asarray(seen.value).tolist() for seen in on_line(values, "    return b / 4")] == [
        4,
        (np.sqrt(2 * X) / 4).tolist(),
    ]


def test_what_the_probe_gives_takes_the_place_of_the_value(program):
    function, _ = probed(program.plain, lambda seen: 8 if isinstance(seen.value, int) else seen.value)
    np.testing.assert_allclose(function(X, X), np.sqrt(2 * X) / 8)


def test_an_expression_has_a_number_of_its_own_that_is_the_same_each_time(program):
    function, values = probed(program.loops)
    function(X)
    products = on_line(values, "        total += x[0] * i")
    numbers = [seen.number for seen in products]
    assert len(set(numbers)) * 3 == len(numbers)
    before = list(values)
    values.clear()
    function(X)
    assert [seen.number for seen in values] == [seen.number for seen in before]


def test_what_is_changed_in_part_is_seen_whole_under_a_negative_number(program):
    function, values = probed(program.in_place)
    function(X)
    whole = [seen for seen in values if seen.number < 0]
    assert [seen.value.tolist() for seen in whole] == [[4, 0], [5, 12]]


@pytest.mark.parametrize(
    ("name", "uses"),
    [
        ("aliasing", {"    h = g": {"alias"}, "    g = x * 2": {""}}),
        ("dropping", {"    g = x": {"drops"}, "    return g": {"drops"}, "    extra = y * 2": {""}}),
        ("unpacking", {"    a, unused = x + 1, x + 2": {""}}),
    ],
)
def test_bare_names_say_how_they_are_used(program, name, uses):
    function, values = probed(getattr(program, name))
    function(*([X, X] if name == "dropping" else [X]))
    lines = SOURCE.splitlines()
    start = lines.index(f"def {name}(x):" if name != "dropping" else "def dropping(x, y):")
    for text, use in uses.items():
        line = lines.index(text, start) + 1
        assert {seen.use for seen in values if seen.line == line} == use


def test_texts_are_not_looked_into(program):
    function, values = probed(program.texts)
    assert function(X)[0] == "[2. 8.]"
    assert [2, 8] not in [np.asarray(seen.value).tolist() for seen in values]


def test_lambdas_on_one_line_are_told_apart():
    module = load("up, down = (lambda x: x + 1), (lambda x: x - 1)\n", "lambdas")
    for function, wanted in ((module.up, 5), (module.down, 3)):
        again, values = probed(function)
        assert again(4) == wanted
        assert [seen.value for seen in values] == [wanted]


def test_a_function_without_a_source_is_not_wrapped():
    namespace = {}
    exec("def f(x): return x + 1", namespace)
    assert wrapped(namespace["f"].__code__, unprobed) is None


def test_a_source_that_does_not_give_the_code_is_not_taken_for_it(program):
    namespace = {}
    exec(compile("\n\n\ndef elsewhere(x): return x + 1", program.__file__, "exec"), namespace)
    assert wrapped(namespace["elsewhere"].__code__, unprobed) is None


@pytest.mark.parametrize("text", ["def f(x:\n", "x = '\0'\n"])
def test_a_source_that_is_none_wraps_nothing(text):
    name = f"<broken {len(text)}>"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    namespace = {}
    try:
        exec(compile("def f(x): return x", name, "exec"), namespace)
        assert wrapped(namespace["f"].__code__, unprobed) is None
    finally:
        del linecache.cache[name]


def test_what_is_read_is_a_use_and_shown_as_it_stands(program):
    function, values = probed(program.plain, uses=True)
    function(X, X)
    read = [seen for seen in values if seen.use == "read" and isinstance(seen.value, np.ndarray)]
    assert [seen.text for seen in read] == ["x", "y", "a", "b"]
    assert [seen.text for seen in on_line(values, "    a = x + y") if seen.use != "read"] == ["x + y"]


def test_a_use_that_gives_another_value_leaves_the_others_alone(program):
    first = {}

    def change(seen):
        is_first = seen.text == "x" and first.setdefault("number", seen.number) == seen.number
        return seen.value + 1 if is_first and seen.use == "read" else seen.value

    function, _ = probed(program.plain, change, uses=True)
    np.testing.assert_allclose(function(X, X), np.sqrt(2 * X + 1) / 4)


def test_a_function_that_a_change_has_taken_away_is_in_no_others_place():
    """What runs for a function in another's place ends the process."""
    text = "def f(x):\n    g = lambda y: y\n    return [g(z) for z in x]\n"
    whole, without = (compile(t, "f.py", "exec") for t in (text, text.replace("lambda y: y", "abs")))
    pairs = [(a.co_name, b.co_name) for a, b in side_by_side(whole, without)]
    assert pairs == [("f", "f"), ("<listcomp>", "<listcomp>")]
