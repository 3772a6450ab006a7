"""Where a file computes the error of its outputs itself and hands it to backward passes: these may be right, and the
error wrong.

    out = net.forward(x)
    error = 2 * (out - y) / len(y)
    for layer in reversed(net.layers):
        error = layer.backward(error)
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import meaning


def own_errors(statements: Sequence[ast.stmt]) -> list[str]:
    """The functions that do so, as they are shown, and loops of the top level, ``the loop on line 12``; where they have
    a function of the file compute it, this one.

    >>> tree = ast.parse("def train(net, x, y):\\n    g = net.forward(x) - y\\n    net.backward(g)")
    >>> own_errors(tree.body)
    ['train']
    """
    own = {node.name for node in statements if isinstance(node, ast.FunctionDef)}
    helpers = [name for node in statements for name in _helpers(node) if name in own]
    return [*dict.fromkeys([*_in_place(statements), *helpers])]


def _in_place(statements: Iterable[ast.stmt]) -> Iterator[str]:
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
    if not any(map(_hands_back, inner)):
        return False
    return any(map(_is_error, inner)) or any(_is_from_given(part, node) for part in _handed(node))


def _helpers(node: ast.stmt) -> Iterator[str]:
    """The functions whose result is handed to backward passes, and which are given labels."""
    for part in _handed(node):
        match part:
            case ast.Call(func=ast.Name(id=name), args=given) if any(map(_are_labels, given)):
                yield name


def _handed(node: ast.stmt) -> list[ast.expr]:
    """What the values that are handed to backward passes are computed from: calls as they are, all else in parts."""
    inner = list(ast.walk(node))
    values: defaultdict[str, list[ast.expr]] = defaultdict(list)
    for assign in (n for n in inner if isinstance(n, ast.Assign)):
        for target in (t for t in assign.targets if isinstance(t, ast.Name)):
            values[target.id].append(assign.value)
    found: list[ast.expr] = []
    left = [n.args[0] for n in inner if isinstance(n, ast.Call) and _hands_back(n)]
    while left:
        part = left.pop()
        found.append(part)
        if isinstance(part, ast.Name):
            left += values.pop(part.id, [])
        elif not isinstance(part, ast.Call):
            left += [n for n in ast.iter_child_nodes(part) if isinstance(n, ast.expr)]
    return found


def _is_from_given(part: ast.expr, node: ast.stmt) -> bool:
    """Whether an argument of the function is subtracted in it, or something from one, whatever it is called."""
    if not (
        isinstance(node, ast.FunctionDef) and isinstance(part, ast.BinOp) and isinstance(part.op, ast.Sub)
    ):
        return False
    arguments = {argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]}
    return any(isinstance(side, ast.Name) and side.id in arguments for side in (part.left, part.right))


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
