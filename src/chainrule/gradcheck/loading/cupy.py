"""Files written for CuPy, where there is none: NumPy has the functions that CuPy took from it, by the same names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec

from chainrule.gradcheck.program.source import Part, Source, tree_of

_CUPY = "cupy"
_NOTE = "CuPy is not installed: NumPy stands in for it, whose functions of the same names compute the same"


def with_numpy(content: Source) -> Source:
    """A file that imports NumPy in the place of a CuPy that is not there; unchanged where it is, or where a file tries
    whether it is, as that knows what else to do."""
    if not any(_CUPY in part.text for part in content.parts) or find_spec(_CUPY) is not None:
        return content
    parts = tuple(map(_of_numpy, content.parts))
    return content if parts == content.parts else Source(parts, (*content.notes, _NOTE))


def _of_numpy(part: Part) -> Part:
    tree = tree_of(part.text)
    imports = [*_imports(tree)] if tree is not None else []
    lines = part.text.split("\n")
    for number in {n for node in imports for n in range(node.lineno - 1, node.end_lineno or node.lineno)}:
        lines[number] = re.sub(rf"\b{_CUPY}\b", "numpy", lines[number])
    names = [a.asname or _CUPY for node in imports for a in node.names if a.name == _CUPY]
    text = "\n".join(lines)
    for name in names:
        # What brings an array back from the device.
        text = re.sub(rf"\b{name}\.asnumpy\(", f"{name}.asarray(", text)
    if _CUPY in names:
        text = re.sub(rf"\b{_CUPY}\.", "numpy.", text)
    return part._replace(text=text)


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of CuPy, without those that are tried."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import() if any(alias.name.partition(".")[0] == _CUPY for alias in child.names):
                yield child
            case ast.ImportFrom() if (child.module or "").partition(".")[0] == _CUPY and not child.level:
                yield child
            case _ if not isinstance(child, ast.Try):
                yield from _imports(child)
