"""Changes of formulas that are known from one run of all of them."""

import ast
import warnings

import numpy as np
import pytest

from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.program.formula_values import CHANGES_NOTHING, FAILS, FormulaValues
from chainrule.gradcheck.program.wrapping import with_probe

_TAKING = ast.Assign | ast.AugAssign | ast.Return
X, W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])


def keys(text, others, line=0):
    """What is known of the formula of a line with others in its place, once a function of ``x`` and ``w`` has run."""
    body = "\n".join(f"    {each}" for each in text.split("\n"))
    tree = ast.parse(f"def f(x, w):\n{body}")
    (function,) = tree.body
    statement = [s for s in ast.walk(function) if isinstance(s, _TAKING)][line]
    new = [ast.parse(each, mode="eval").body for each in others]
    place = NodePlace(statement, "value")
    changes = {i: SmallChange("name", statement, ((place, each),), ()) for i, each in enumerate(new)}
    values = FormulaValues(function, changes)
    looking = values.change()
    if looking is None:
        return {}
    before = ast.dump(tree)
    undo = looking.make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        code = with_probe(compile(ast.fix_missing_locations(tree), "f", "exec"), values.look)
    undo()
    assert ast.dump(tree) == before
    given = {"np": np}
    exec(code, given)
    given["f"](X.copy(), W.copy())
    return dict(values.keys())


def test_what_gives_the_same_is_known_by_the_same():
    known = keys("d = x @ w\nreturn d", ["x @ w.T", "np.dot(x, w.T)", "w @ x.T"])
    assert known[0] == known[1] != known[2]


def test_what_gives_what_stands_there_and_what_gives_nothing_is_told():
    known = keys("d = x @ w\nreturn d", ["np.dot(x, w)", "w @ x", "x @ w * 2"])
    assert known[0] == CHANGES_NOTHING
    assert known[1] == FAILS
    assert known[2] not in (CHANGES_NOTHING, FAILS)


def test_every_turn_of_a_loop_counts():
    text = "d = 0 * w[0]\nfor i in range(2):\n    d += w[i] * 1\nreturn d"
    known = keys(text, ["w[i] * 2", "w[0] * 2", "w[i + 2] * 1"], 2)
    assert known[0] != known[1]
    assert known[2] == FAILS


def test_what_fails_in_a_later_turn_may_run_with_the_change():
    assert keys("d = x\nfor i in range(2):\n    d = d.T * 1\nreturn d", ["d @ w"], 2) == {}


@pytest.mark.parametrize(
    ("formula", "other"),
    [("x @ w", "w"), ("x", "x * 1"), ("x @ w", "np.random.rand(3, 2)"), ("x @ w", "np.add(x, x, out=x)"),
     ("[x].pop()", "x * 2"), ("x @ w", "np.sum")],
    ids=["another name for an array", "an array itself", "drawn", "written elsewhere", "taken away", "no number"],
)  # fmt: skip
def test_what_is_more_than_its_value_is_not_known(formula, other):
    assert keys(f"d = {formula}\nreturn d", [other]) == {}
