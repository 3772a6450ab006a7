"""What a file keeps in single precision, computed in double: differences drown in the rounding of the first.

Every ``np.float32`` becomes ``np.float64``; the text, which is what is shown, keeps it as it is. Bytes are read as they
lie in files.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.source import Part, Source, tree_of
from chainrule.gradcheck.result import Line

_DOUBLES = {
    "float32": "float64", "float16": "float64", "f4": "float64", "<f4": "float64", "complex64": "complex128",
}  # fmt: skip
_LETTERS = {"f": "d", "e": "d", "F": "D"}
_OF_NUMPY = {"single": "float64", "half": "float64", "csingle": "complex128"}
"""Names that are words, too."""

_NUMPY = {"np", "numpy"}
_READ_BYTES = {"frombuffer", "fromfile", "fromstring", "memmap", "view"}


class DoublePrecision(ast.NodeTransformer):
    """Puts double precision in the place of single.

    >>> ast.unparse(DoublePrecision().visit(ast.parse("h = np.zeros(3, np.float32) + x.astype('float32')")))
    "h = np.zeros(3, np.float64) + x.astype('float64')"
    >>> ast.unparse(DoublePrecision().visit(ast.parse("h = np.empty((N, T), dtype='f')")))
    "h = np.empty((N, T), dtype='d')"
    """

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name):
            named = _DOUBLES | (_OF_NUMPY if node.value.id in _NUMPY else {})
            node.attr = named.get(node.attr, node.attr)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.value = _DOUBLES.get(node.value, node.value) if isinstance(node.value, str) else node.value
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        for alias in node.names if node.module == "numpy" else ():
            alias.asname = alias.asname or alias.name
            alias.name = (_DOUBLES | _OF_NUMPY).get(alias.name, alias.name)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Attribute) and node.func.attr in _READ_BYTES:
            return node
        is_cast = isinstance(node.func, ast.Attribute) and node.func.attr == "astype"
        given = [k.value for k in node.keywords if k.arg == "dtype"]
        for kind in (*given, *(node.args[:1] if is_cast else ())):
            # A letter is a kind of number nowhere else.
            if isinstance(kind, ast.Constant) and kind.value in _LETTERS:
                kind.value = _LETTERS[str(kind.value)]
        return self.generic_visit(node)


def told(content: Source) -> list[str]:
    """That a file is computed so, in words; nothing where it keeps nothing in single precision."""
    places = dict.fromkeys(place for part in content.parts for place in _places(part))
    if not places:
        return []
    first, *others = places
    also = f" and {len(others)} further lines" if others else ""
    return [
        f"single precision ({first}{also}) is too coarse for differences: computed in double precision, so that what "
        "its rounding does is not seen"
    ]


def _places(part: Part) -> Iterator[str]:
    """Where something is in single precision."""
    trees = [tree_of(part.text) for _ in range(2)]
    before, after = ([] if tree is None else [*ast.walk(tree)] for tree in trees)
    for tree in after[:1]:
        DoublePrecision().visit(tree)
    for old, new in zip(before, after, strict=True):
        if _word(old) != _word(new):
            yield Line.of_source(part.name, getattr(old, "lineno", 0), "").place


def _word(node: ast.AST) -> object:
    """The name or text that a node itself holds."""
    match node:
        case ast.Attribute(attr=word) | ast.Constant(value=word) | ast.alias(name=word):
            return word
    return None
