"""What is a condition by itself."""

import ast

from chainrule.gradcheck.program.conditions import switches_in, switches_set


def test_what_is_compared_or_computed_is_no_condition_by_itself():
    text = """
if args.size > 2 and len(rows):
    total = 0 if n % 2 else 1
elif (quiet or self.options["frozen"]) and n is not None:
    assert done
z = 1 if svm is not True else 2 if k == 1 else 3
y = not ready
"""
    assert switches_in(ast.parse(text)) == {"quiet", "frozen", "done", "ready", "svm"}


def test_what_is_always_a_switch_is_set_as_it_was_last():
    text = "norm: bool = True\nif x:\n    norm = 2\nsvm = False\nsvm = True\nlam = 1"
    assert switches_set(ast.parse(text).body) == {"svm": "True"}
