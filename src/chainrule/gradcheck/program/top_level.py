"""The statements of a file's top level, and what another file imports of them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from chainrule.gradcheck.program.made_functions import made_functions
from chainrule.gradcheck.program.source import Source, tree_of
from chainrule.gradcheck.program.unfolding import as_definition, opened


def statements_of(source: Source) -> Iterator[ast.stmt]:
    """Those of a file, in order, with those of its guard, and functions that expressions make."""
    for part in source.parts:
        tree = tree_of(part.text)
        every = opened(tree.body if tree is not None else [])
        yield from map(as_definition, [*every, *made_functions(every)])


def defines_one(node: ast.stmt, names: Collection[str]) -> bool:
    """Whether a statement defines something that is imported, all where a star stands among the names: a function, a
    class, or a table.

    >>> [defines_one(node, ["f", "TABLE"]) for node in ast.parse("def f(): ...\\nTABLE = {}\\nN = 1").body]
    [True, True, False]
    """
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return "*" in names or name in names
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict()):
            return "*" in names or name in names
    return False
