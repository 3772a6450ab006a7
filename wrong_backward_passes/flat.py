"""Programs without functions, run again with other values."""

from __future__ import annotations

import ast
import contextlib
import io
from pathlib import Path
from types import ModuleType
from typing import Any


class _Given(ast.NodeTransformer):
    """The first assignment of each name outside loops and functions takes the value given instead."""

    def __init__(self, names: set[str]) -> None:
        self.left = set(names)

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in self.left:
            self.left.discard(target.id)
            node.value = ast.parse(f"_given[{target.id!r}]", mode="eval").body
        return node


def rerun(program: ModuleType, values: dict[str, Any]) -> dict[str, Any]:
    """The names of a program after it ran with these values in place of those it first gives to their names."""
    file = Path(str(program.__file__))
    given = _Given(set(values))
    tree = ast.fix_missing_locations(given.visit(ast.parse(file.read_text())))
    if given.left:
        raise ValueError(f"{file.name} gives no value to {', '.join(sorted(given.left))}")
    names = {"_given": values, "__name__": "program"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(tree, str(file), "exec"), names)
    return names
