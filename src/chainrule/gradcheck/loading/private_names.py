"""Names of a notebook that each cell has for itself, as those of marimo that begin with ``_``: where two cells have the
same, each gets its own."""

from __future__ import annotations

import ast
import io
import symtable
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from chainrule.errors import CheckError
from chainrule.gradcheck.program.source import tree_of


def with_private_names(text: str, cells: Sequence[ast.stmt]) -> str:
    """A text in whose cells each private name that several of them have is another, on the same lines.

    Raises:
        CheckError: a name cannot be changed alone.

    >>> two = "def a():\\n    _k = 1\\ndef b():\\n    _k = 2"
    >>> print(with_private_names(two, ast.parse(two).body))
    def a():
        _cell_1_k = 1
    def b():
        _cell_2_k = 2
    """
    counts = Counter(name for cell in cells for name in set(_names(cell)))
    several = {name for cell in cells for name in _bound(cell) if counts[name] > 1}
    if not several:
        return text
    problem = f"several cells have {', '.join(sorted(several))} each for itself; call it otherwise in each"
    if any(_holds_fast(node, several) for cell in cells for node in ast.walk(cell)):
        raise CheckError(problem)
    renamed = _renamed(text, cells, several)
    # Python 3.11 gives no tokens within f-strings.
    tree = tree_of(renamed)
    starts = {cell.lineno for cell in cells}
    rest = (name for node in tree.body if node.lineno in starts for name in _names(node)) if tree else several
    if not several.isdisjoint(rest):
        raise CheckError(problem)
    return renamed


def _body(cell: ast.stmt) -> list[ast.stmt]:
    assert isinstance(cell, ast.FunctionDef | ast.AsyncFunctionDef | ast.With)
    return cell.body


def _names(cell: ast.stmt) -> Iterator[str]:
    """The private names that stand in a cell."""
    for node in (node for statement in _body(cell) for node in ast.walk(statement)):
        match node:
            case ast.Name(id=str(name)) | ast.arg(arg=str(name)) | ast.alias(asname=str(name)):
                found = name
            case (
                ast.alias(name=name)
                | ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found = name
            case _:
                continue
        if found.startswith("_") and not found.startswith("__"):
            yield found


def _bound(cell: ast.stmt) -> Set[str]:
    """Those that a cell itself gives a value, not only a function in it."""
    body = [node for node in _body(cell) if not isinstance(node, ast.Return)]
    table = symtable.symtable(ast.unparse(ast.Module(body, [])), "cell", "exec")
    given = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    return given & set(_names(cell))


def _holds_fast(node: ast.AST, names: Set[str]) -> bool:
    """Whether something else goes by one of the names: an argument where it is called, a part of a module or class."""
    match node:
        case ast.keyword(arg=str(name)) | ast.alias(name=name):
            return name in names
        case ast.ImportFrom(module=str(module)):
            return module.partition(".")[0] in names
        case ast.ClassDef(body=body):
            within = (inner for statement in body for inner in _of_class(statement))
            return not names.isdisjoint(within)
    return False


def _of_class(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    else:
        yield from (
            n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        )


def _renamed(text: str, cells: Sequence[ast.stmt], names: Set[str]) -> str:
    lines = text.split("\n")
    of_line = {
        line: number
        for number, cell in enumerate(cells, 1)
        for line in range(cell.lineno + 1, (cell.end_lineno or cell.lineno) + 1)
    }
    tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    for before, token in reversed([*pairwise(tokens)]):
        (line, start), (_, end) = token.start, token.end
        if line in of_line and token.string in names and before.string != ".":
            own = f"_cell_{of_line[line]}{token.string}"
            lines[line - 1] = lines[line - 1][:start] + own + lines[line - 1][end:]
    return "\n".join(lines)
