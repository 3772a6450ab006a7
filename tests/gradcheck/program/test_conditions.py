"""What is a condition by itself."""

import ast

from chainrule.gradcheck.program.conditions import switches_in


def test_what_is_compared_or_computed_is_no_condition_by_itself():
    text = """
if args.size > 2 and len(rows):
    total = 0 if n % 2 else 1
elif (quiet or self.options["frozen"]) and n is not None:
    assert done
y = not ready
"""
    assert switches_in(ast.parse(text)) == {"quiet", "frozen", "done", "ready"}
