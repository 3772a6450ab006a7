"""Where a file computes the error of its outputs itself and hands it to backward passes: these may be right, and the
error wrong.

    out = net.forward(x)
    error = 2 * (out - y) / len(y)
    for layer in reversed(net.layers):
        error = layer.backward(error)
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import meaning


def own_errors(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """The functions that do so, as they are shown, and loops of the top level, ``the loop on line 12``.

    >>> tree = ast.parse("def train(net, x, y):\\n    g = net.forward(x) - y\\n    net.backward(g)")
    >>> list(own_errors(tree.body))
    ['train']
    """
    for node in statements:
        match node:
            case ast.FunctionDef(name=name) if _is_one(node):
                yield name
            case ast.ClassDef(name=owner, body=body):
                methods = (n for n in body if isinstance(n, ast.FunctionDef))
                yield from (f"{owner}.{n.name}" for n in methods if _is_one(n))
            case ast.For(lineno=line) | ast.While(lineno=line) if _is_one(node):
                yield f"the loop on line {line}"


def _is_one(node: ast.stmt) -> bool:
    inner = list(ast.walk(node))
    return any(map(_hands_back, inner)) and any(map(_is_error, inner))


def _hands_back(node: ast.AST) -> bool:
    """Whether it is a call of a backward pass that is given something."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_, *_]):
            return rank(name, "gradient") is not None
    return False


def _is_error(node: ast.AST) -> bool:
    """Whether labels are subtracted in it, or 1 is from what they pick."""
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _are_labels(left) or _are_labels(right)
        case ast.AugAssign(target=ast.Subscript(slice=picked), op=ast.Sub()):
            return any(_are_labels(n) for n in ast.walk(picked))
    return False


def _are_labels(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and meaning(node.id).role == "labels"
