"""Modules that a file writes itself before it imports them, as notebooks do with helpers that would not be there:

with open("helpers.py", "w") as file:
    file.write(code)
from helpers import *
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from chainrule.gradcheck.loading.statements import TopStatement

_WRITES = ("write_text", "write_bytes")
_MAGICS = ("writefile", "file")
_LONGEST_NAME = 255


def statements_that_write(statements: Sequence[TopStatement], module: str) -> list[TopStatement]:
    """Those of some statements that write the file of a module of this name, or use the file that they open.

    >>> tree = ast.parse("f = open('helpers.py', 'w')\\nf.write('a = 1')\\nopen('other.py', 'w')")
    >>> every = [TopStatement(node, "net.py", "rest", frozenset("f")) for node in tree.body]
    >>> [statement.first for statement in statements_that_write(every, "helpers")]
    [1, 2]
    """
    opened = frozenset[str]()
    found = []
    for statement in statements:
        inner = list(ast.walk(statement.node))
        if _writes_module(inner, module):
            opened |= statement.binds
            found.append(statement)
        elif any(isinstance(n, ast.Name) and n.id in opened for n in inner):
            found.append(statement)
    return found


def _writes_module(nodes: Sequence[ast.AST], module: str) -> bool:
    file = f"{module.rpartition('.')[2]}.py"
    texts = (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return any(_is_path_of(text, file) for text in texts) and any(map(_writes, nodes))


def _is_path_of(text: str, file: str) -> bool:
    return text.endswith(file) and len(text) <= _LONGEST_NAME and Path(text).name == file


def _writes(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name in _WRITES:
            return True
        case ast.Call(func=ast.Attribute(attr="run_cell_magic"), args=[ast.Constant(value=magic), *_]):
            return magic in _MAGICS
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open"), args=args, keywords=keywords):
            given = [*args, *(k.value for k in keywords if k.arg == "mode")]
            modes = (a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str))
            return any({*mode} <= {*"wabtx+"} and not {*mode}.isdisjoint("wax") for mode in modes)
    return False
