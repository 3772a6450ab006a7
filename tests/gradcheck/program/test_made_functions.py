"""Functions that are made of a file are in its source, so that they can be watched."""

import ast
import linecache
from types import CodeType

from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.training_loops import training_loops
from chainrule.gradcheck.program.unfolding import opened
from chainrule.gradcheck.program.wrapping import wrapped

TEXT = """\
import numpy as np

def main():
    def cost(W, X):
        return (X @ W).sum()
    W = 1

main()
for epoch in range(9):
    P = X @ W
    loss = np.mean((P - y) ** 2)
    dW = 2 * X.T @ (P - y) / len(y)
    W -= eta * dW
"""


def names(tree):
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_what_a_main_function_defines_and_training_loops_stand_behind_the_rest():
    first, *made = names(with_made_functions(TEXT))
    assert first == "main"
    assert {"cost", "cost_of_loop_9", "update_of_loop_9"} <= set(made)


def test_a_function_that_was_made_of_a_loop_can_be_watched():
    linecache.cache["loop.py"] = len(TEXT), None, TEXT.splitlines(keepends=True), "loop.py"
    functions = list(training_loops(opened(ast.parse(TEXT).body)))
    module = compile(ast.Module(functions, []), "loop.py", "exec")
    codes = [code for code in module.co_consts if isinstance(code, CodeType)]
    assert len(codes) == len(functions) > 1
    for code in codes:
        watched = wrapped(code, print)
        assert watched is not None
        assert watched.co_name == code.co_name
        assert print in watched.co_consts


def test_a_derivative_that_a_flag_asks_for_stands_behind_the_rest_too():
    text = "def f(x, deriv=False):\n    return 2 * x if deriv else x ** 2"
    assert names(with_made_functions(text)) == ["f", "f_derivative"]
