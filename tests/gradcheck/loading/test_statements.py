"""A file's top level is taken apart: what runs at once, what waits, and which names each statement binds."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.source import Part, Source


def taken_apart(*texts):
    return top_level(Source(tuple(Part(f"net.ipynb, cell {i}", text) for i, text in enumerate(texts, 1))))


def only(text):
    statements = taken_apart("import numpy as np, sys\nK = 10\ndef f(): global W\n" + text).statements
    return statements[3]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def g(): pass", "definition"),
        ("class Net: pass", "definition"),
        ("import matplotlib.pyplot as plt", "import"),
        ("from scipy import special", "import"),
        ("from helper import *", "star import"),
        ("d = 3 * 32 * 32", "constant"),
        ("widths = [K, 2 * K, np.pi]", "constant"),
        ("g = f", "constant"),
        ("d, K = 6, 3", "constant"),
        ("K += 1", "constant"),
        ("np.random.seed(400)", "setting"),
        ("sys.path.append('..')", "setting"),
        ("W = np.zeros(3)", "rest"),
        ("Y = X", "rest"),
        ("squares = [i * i for i in widths]", "rest"),
        ("for i in range(3): pass", "rest"),
        ("with open('data') as file: X = file.read()", "rest"),
        ("train()", "rest"),
        ("try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp", "definition"),
        ("if sys.version_info[0] < 3:\n    K = 3", "definition"),
        ("if input():\n    K = 3", "rest"),
        ("if True:\n    K = input()", "rest"),
    ],
)
def test_what_defines_or_is_written_down_runs_at_once(text, kind):
    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("W, (b, c) = init()", {"W", "b", "c"}),
        ("params['W'] = 3", {"params"}),
        ("net.layers[0].W = 3", {"net"}),
        ("costs.append(3)", {"costs"}),
        ("for i, x in enumerate(X):\n    for j in x:\n        s += j", {"i", "x", "j", "s"}),
        ("f()", {"W"}),
        ("with open('a') as file:\n    pass", {"file"}),
        ("try:\n    a = g()\nexcept OSError as error:\n    pass", {"a", "error"}),
        ("y = [k for k in X]", {"y"}),
        ("y = (z := 3) + g()", {"y", "z"}),
        ("def g(a):\n    h = a", {"g"}),
        ("print(X)", set()),
    ],
)
def test_the_names_that_a_statement_binds(text, names):
    assert only(text).binds == names


def test_what_the_main_program_does_waits_at_the_end():
    statements = taken_apart("if __name__ == '__main__':\n    lam = 0.1\n    train()\nK = 3").statements
    assert [(s.kind, s.first) for s in statements] == [("constant", 4), ("rest", 2), ("rest", 3)]


@pytest.mark.parametrize("empty", ["[]", "{}", "()", "None"])
def test_what_begins_empty_waits_with_what_fills_it(empty):
    filled = taken_apart(f"W = {empty}\nfor i in range(3): W.append(i)").statements
    assert [s.kind for s in filled] == ["rest", "rest"]
    assert [s.kind for s in taken_apart(f"W = {empty}").statements] == ["constant"]


def test_a_cell_that_is_no_python_is_left_out_and_said():
    assert taken_apart("a = 1", "a b c").unread == [
        "net.ipynb, cell 2, line 1: left out, as it is no Python: invalid syntax"
    ]
    with pytest.raises(SyntaxError):
        taken_apart("a b c")


def test_a_parser_of_the_command_line_is_told_its_arguments_at_once():
    text = "parser = ArgumentParser()\nparser.add_argument('--lam')\nargs = parser.parse_args()"
    kinds = [statement.kind for statement in top_level(Source((Part("net.py", text),))).statements]
    assert kinds == ["rest", "setting", "rest"]
