"""The same small change in all that is written alike."""

import ast

import pytest

from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.program.parallel import in_parallel


def changed(text: str, old: str, new: str) -> list[str]:
    """What stands there with a change of an expression of the first statement, made in parallel."""
    body = ast.parse(text).body
    places = [
        NodePlace(node, field, at)
        for node in ast.walk(body[0])
        for field, value in ast.iter_fields(node)
        for at, item in (enumerate(value) if isinstance(value, list) else [(None, value)])
        if isinstance(item, ast.expr) and ast.unparse(item) == old
    ]
    change = SmallChange("scale", body[0], ((places[0], ast.parse(new, mode="eval").body),), ())
    texts = []
    for each in in_parallel([change], body):
        undo = each.make()
        texts.append("; ".join(map(ast.unparse, body)))
        undo()
    return texts


@pytest.mark.parametrize(
    ("text", "old", "new", "meant"),
    [
        ("rows = i + di; cols = j + dj", "i", "i * s", "rows = i * s + di; cols = j * s + dj"),
        ("top, left = i, j", "i", "i * s", "top, left = (i * s, j * s)"),
        ("d = w[n - 1 - k, m - 1 - l]", "n - 1 - k", "k", "d = w[k, l]"),
        ("a = f(x, y)", "x", "-x", "a = f(-x, -y)"),
    ],
)
def test_what_is_alike_is_changed_alike(text, old, new, meant):
    assert meant in changed(text, old, new)


@pytest.mark.parametrize(
    "text", ["rows = i + di; cols = j * dj", "rows = i + i; cols = j + k", "top, left = i, f(j)"]
)
def test_what_is_written_otherwise_is_left_alone(text):
    assert changed(text, "i", "i * s") == []
