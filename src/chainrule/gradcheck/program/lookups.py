"""What a function does with what it is given: keys of dictionaries, attributes of objects, pairs of lists.

Something is known by its name, or, where it is an attribute of the function's own object, by that name with a dot
before it: ``config`` and ``.config``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning


def is_abstract(node: ast.FunctionDef) -> bool:
    """Whether a method says nothing but that others are to be written in its place."""
    if any(ast.unparse(decorator).endswith("abstractmethod") for decorator in node.decorator_list):
        return True
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return bool(body) and all(isinstance(s, ast.Raise) and "NotImplemented" in ast.unparse(s) for s in body)


def keys_in(node: ast.FunctionDef, owner: str) -> dict[str, tuple[str, ...]]:
    """The text keys by which a function looks something up, by what it looks them up in."""
    keys: dict[str, list[str]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and (key := _text(inner.slice)):
            target, depth = inner.value, 0
            while isinstance(target, ast.Subscript):
                target, depth = target.value, depth + 1
            if name := _place(target, node, owner):
                keys.setdefault(name + "[]" * depth, []).append(key)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in keys.items()}


def pairs_in(node: ast.FunctionDef) -> Iterator[str]:
    """The names that loops go through two by two, but for those of layers: ``for w, b in net``."""
    for inner in ast.walk(node):
        match inner:
            case (
                ast.For(target=ast.Tuple(elts=[_, _] as both), iter=ast.Name(id=name))
                | ast.comprehension(target=ast.Tuple(elts=[_, _] as both), iter=ast.Name(id=name))
            ):
                called = (each.id for each in both if isinstance(each, ast.Name))
                if not any(meaning(each).role in PARAMETER_ROLES for each in called):
                    yield name


def fields_in(node: ast.FunctionDef, owner: str) -> dict[str, tuple[str, ...]]:
    """The attributes that a function reads, by what it reads them of."""
    fields: dict[str, list[str]] = {}
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Attribute) or not isinstance(inner.ctx, ast.Load):
            continue
        if name := _place(inner.value, node, owner):
            fields.setdefault(name, []).append(inner.attr)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in fields.items()}


def _place(node: ast.expr, function: ast.FunctionDef, owner: str) -> str:
    """A name, or ``.params`` for ``self.params``; empty for what is neither."""
    if isinstance(node, ast.Name):
        return node.id
    itself = function.args.args[0].arg if owner and function.args.args else ""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself:
        return f".{mangled(node.attr, owner)}"
    return ""


def _text(key: ast.expr) -> str:
    """A key that is text; the constant start of one that counts layers, as in ``"W" + str(i)``, with a # after it."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    start = (
        key.left if isinstance(key, ast.BinOp) else key.values[0] if isinstance(key, ast.JoinedStr) else None
    )
    if isinstance(start, ast.Constant) and isinstance(start.value, str):
        return f"{start.value}#"
    return ""
