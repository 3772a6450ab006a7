"""What the methods of a class read from their object and put on it, and what the constructor writes down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple


class Attributes(NamedTuple):
    """What a method does to its object: names of attributes and methods.

    Attributes:
        reads: those that it reads or calls, in order.
        sets: those that it gives a value.
        constants: of a constructor: the expressions that it gives to attributes and that need none of its required
            arguments.
    """

    reads: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()


def attributes(node: ast.FunctionDef, owner: str) -> Attributes:
    """What a method of the class ``owner`` does to its object.

    >>> text = "def cost(self, X): self.P = X @ self.W; return self.P.sum() + self.lam * 2"
    >>> method = ast.parse(text).body[0]
    >>> attributes(method, "Net")
    Attributes(reads=('P', 'W', 'lam'), sets=('P',), constants=())
    """
    if not node.args.args:
        return Attributes()
    itself = node.args.args[0].arg
    reads: dict[str, None] = {}
    sets: dict[str, None] = {}
    for inner in ast.walk(node):
        for name, is_set in _touched(inner, itself):
            (sets if is_set else reads)[mangled(name, owner)] = None
    constants = {mangled(name, owner): text for name, text in _constants(node, itself)}
    ordered = sorted(
        (n for n in ast.walk(node) if isinstance(n, ast.Attribute)), key=lambda n: (n.lineno, n.col_offset)
    )
    places = {mangled(n.attr, owner): None for n in ordered}
    return Attributes(tuple(n for n in places if n in reads), tuple(sets), tuple(constants.items()))


def mangled(name: str, owner: str) -> str:
    """An attribute's name as its object keeps it: ``__W`` of a class ``Net`` is ``_Net__W``."""
    private = name.startswith("__") and not name.endswith("__")
    return f"_{owner.lstrip('_')}{name}" if private else name


def _touched(node: ast.AST, itself: str) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself:
        yield node.attr, isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.AugAssign):
        yield from ((name, False) for name, _ in _touched(node.target, itself))


def _constants(node: ast.FunctionDef, itself: str) -> Iterator[tuple[str, str]]:
    """``self.a = 0.1``, and ``self.b = b`` where ``b`` has a default."""
    arguments = node.args.args
    defaults = dict(zip([a.arg for a in arguments][::-1], node.args.defaults[::-1], strict=False))
    defaults |= {a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d}
    local = {a.arg for a in [*arguments, *node.args.kwonlyargs]}
    local |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign | ast.AnnAssign) and inner.value is not None:
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            value = (
                defaults.get(inner.value.id, inner.value)
                if isinstance(inner.value, ast.Name)
                else inner.value
            )
            used = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
            if not used & local:
                for name, is_set in (t for target in targets for t in _touched(target, itself)):
                    if is_set:
                        yield name, ast.unparse(value)
