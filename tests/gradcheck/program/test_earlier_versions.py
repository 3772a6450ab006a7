"""What was written for earlier versions is run, and compiled again, as they ran it."""

import ast
import linecache

import numpy as np

from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.earlier_versions import CALLED, compiled
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.program.wrapping import wrapped

TEXT = "def cost(p):\n    l = 0\n    l -= float(p)\n    return l\n"


def test_both_at_once():
    names = dict(CALLED)
    tree = ast.parse("def f(a):\n    return int(a) / 2")
    exec(compiled(tree, "two.py", classic=True), names)
    assert names["f"](np.array([[7.0]])) == 3
    assert ast.unparse(tree).endswith("int(a) / 2")


def test_a_file_is_run_and_watched_so():
    names = Namespace(top_level(Source((Part("net.py", TEXT),))), {**CALLED})
    names.run()
    cost = names["cost"]
    assert cost(np.array([[0.5]])) == -0.5
    linecache.cache["net.py"] = (len(TEXT), None, TEXT.splitlines(keepends=True), "net.py")
    seen = []
    code = wrapped(cost.__code__, lambda place, line, file, use, text, value: seen.append(value) or value)
    del linecache.cache["net.py"]
    assert code is not None
    cost.__code__ = code
    assert cost(np.array([[0.5]])) == -0.5
    assert 0.5 in seen


def test_what_others_hang_on_shared_nodes_is_left_alone():
    """``executing``, with which IPython shows tracebacks, sets the parent of every node, and all trees share these."""
    shared = ast.parse("x").body[0].value.ctx
    shared.parent = shared
    try:
        values = {}
        exec(compiled(ast.parse("y = 2 * 3"), "a.py", classic=False), values)
    finally:
        del shared.parent
    assert values["y"] == 6


def test_what_is_not_loaded_so_is_watched_as_it_is():
    text = "def put(Z, v):\n    Z[0] = float(v)\n    return Z\n"
    linecache.cache["own.py"] = (len(text), None, text.splitlines(keepends=True), "own.py")
    exec(compile(text, "own.py", "exec"), names := {})
    code = wrapped(names["put"].__code__, lambda place, line, file, use, text, value: value)
    del linecache.cache["own.py"]
    names["put"].__code__ = code
    assert names["put"](np.zeros(1), 0.5).tolist() == [0.5]
