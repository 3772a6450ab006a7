"""Functions that do everything."""

import ast

import pytest

from chainrule.gradcheck.program.unfolding import as_definition, assigned, unfolded


def statements(text):
    return [ast.unparse(statement) for statement in unfolded(ast.parse(text).body)]


INNER = "    def cost(W):\n        return W\n    W = 1\n"


@pytest.mark.parametrize("call", ["main()", "if __name__ == '__main__':\n    main()"])
def test_what_is_called_on_its_own_and_defines_functions_is_unfolded(call):
    assert statements(f"def main():\n{INNER}{call}") == ["def cost(W):\n    return W", "W = 1"]


@pytest.mark.parametrize(
    "text",
    [
        f"def main():\n{INNER}",
        f"def main(n):\n{INNER}main(3)",
        f"def main(n=3):\n{INNER}main()",
        "def main():\n    W = 1\nmain()",
        f"def main():\n{INNER}x = main()",
    ],
)
def test_other_functions_are_left_alone(text):
    assert statements(text) == []


def test_only_a_lambda_with_a_name_is_made_a_definition():
    (named, other) = ast.parse("f = lambda x: x + 1\ng = 3").body
    assert ast.unparse(as_definition(named)) == "def f(x):\n    return x + 1"
    assert as_definition(other) is other


def test_names_inside_of_functions_are_not_assigned_by_the_top_level():
    tree = ast.parse("for i in x:\n    a, b[0] = i\ndef f():\n    c = 1\nd = [e for e in x]\n")
    assert {name for node in tree.body for name in assigned(node)} == {"i", "a", "d"}
