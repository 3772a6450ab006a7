"""Lists that a function makes longer or shorter."""

import ast

from chainrule.gradcheck.program.resized import resized_in


def test_methods_of_names_alone_count():
    text = """
def forward(X, W, b, gamma, layers):
    last = W.pop()
    b.reverse(), layers[0].append(1), self.b.clear()
    return gamma.copy()
"""
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert resized_in(node) == {"W", "b"}
