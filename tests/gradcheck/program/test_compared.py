"""The options of a file: names, and the texts among which they choose."""

import ast

import pytest

from chainrule.gradcheck.program.compared import options


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("kind == 'relu' or kind != 'tanh'", {"kind": ("'relu'", "'tanh'")}),
        ("'relu' == kind", {"kind": ("'relu'",)}),
        ("self.kind.lower() in ('a', 'b')", {"kind": ("'a'", "'b'")}),
        ("config['act'] == 'relu'", {"act": ("'relu'",)}),
        ("config.get('act', 'relu') == 'tanh'", {"act": ("'tanh'",)}),
        ("match kind:\n    case 'a' | 'b': ...\n    case _: ...", {"kind": ("'a'", "'b'")}),
        ("TABLE = {'a': f, 'b': g}\nTABLE[kind](x)", {"kind": ("'a'", "'b'")}),
        ("TABLE = {'a': f}\nTABLE.get(self.kind)", {"kind": ("'a'",)}),
        ("{'a': f}[kind]", {"kind": ("'a'",)}),
        (
            "def f(self, act):\n    self.kind = act\n    return self.kind == 'a'",
            {"kind": ("'a'",), "act": ("'a'",)},
        ),
        ("kind == 1", {}),
        ("'W1' in params", {}),
        ("params[key]", {}),
    ],
)
def test_what_a_name_is_compared_with_or_looked_up_by(text, known):
    assert options(ast.parse(text).body) == known
