"""Definitions in other forms: inside of a function that does everything, ``def main(): ...`` and then ``main()``, and
as a lambda with a name.

What such a function defines could as well stand on the top level, and is looked at as if it did.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence


def unfolded(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of the functions that a top level calls on their own, without arguments, and that define
    functions of their own.

    >>> tree = ast.parse("def main():\\n    def cost(W): ...\\n    W = 3\\nmain()")
    >>> [type(statement).__name__ for statement in unfolded(tree.body)]
    ['FunctionDef', 'Assign']
    """
    called = {statement.value.func.id for statement in _calls(body)}  # type: ignore[attr-defined]
    return [
        statement
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name in called and _could_stand_outside(node)
        for statement in node.body
    ]


def opened(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of a top level, those of such functions in front of them, and behind them those of its guard."""
    guarded = [inner for node in body if isinstance(node, ast.If) and is_guard(node) for inner in node.body]
    return [*unfolded(body), *body, *guarded]


def handed_out(node: ast.FunctionDef) -> list[ast.FunctionDef]:
    """The functions that one defines and returns together, in that order; none where it returns anything else.

    >>> tree = ast.parse("def make(X):\\n    def cost(W): ...\\n    def slope(W): ...\\n    return cost, slope")
    >>> [function.name for function in handed_out(tree.body[0])]
    ['cost', 'slope']
    """
    inner = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    match node.body[-1]:
        case ast.Return(value=ast.Tuple(elts=elements)):
            names = [element.id if isinstance(element, ast.Name) else "" for element in elements]
            return [inner[name] for name in names] if set(names) <= inner.keys() else []
    return []


def assigned(node: ast.AST) -> Iterator[str]:
    """The names that a statement of the top level assigns."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ListComp):
        for inner in ast.iter_child_nodes(node):
            yield from assigned(inner)


def counts(node: ast.stmt) -> Iterator[str]:
    """The names that a statement gives the lengths of arrays: ``m, n = data.shape``, ``N = len(X)``."""
    match node:
        case ast.Assign(targets=[target], value=value) if any(map(_is_length, ast.walk(value))):
            yield from assigned(target)


def _is_length(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="shape" | "size") | ast.Call(func=ast.Name(id="len")):
            return True
    return False


def is_guard(node: ast.stmt) -> bool:
    """Whether a statement is ``if __name__ == "__main__":``."""
    return isinstance(node, ast.If) and any(
        isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(node.test)
    )


def as_definition(node: ast.stmt) -> ast.stmt:
    """``cost = lambda W: ...`` as ``def cost(W): ...``; any other statement as it is."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)):
            returned = ast.copy_location(ast.Return(body), body)
            return ast.copy_location(ast.FunctionDef(name, arguments, [returned], []), node)
    return node


def _calls(body: Sequence[ast.stmt]) -> Iterator[ast.Expr]:
    """Statements that are a call of a name without arguments."""
    for node in body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(), args=[], keywords=[])):
                yield node
            case ast.If() if is_guard(node):
                yield from _calls(node.body)


def _could_stand_outside(node: ast.FunctionDef) -> bool:
    arguments = node.args
    takes = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
    return not takes and any(isinstance(inner, ast.FunctionDef) for inner in node.body)
