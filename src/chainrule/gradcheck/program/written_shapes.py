"""The shapes of arrays that are written in a function, each size as it is called there: in its description, in its
Einstein sums, and where a shape is unpacked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

WrittenShape = tuple[str, ...]

_SIZE = r"[A-Za-z0-9_]\w{0,11}(?:\s*(?://|[*+-])\s*\w+)*"
_SHAPE = re.compile(
    rf"\b(?P<name>[^\W\d]\w*)\b(?P<between>[^()\[\]\n]{{0,60}}?)"
    rf"(?:\(\s*(?P<round>{_SIZE}\s*,(?:\s*{_SIZE}\s*,?)*)\s*\)|\[\s*(?P<square>{_SIZE}(?:\s*,\s*{_SIZE})*)\s*\])"
)
"""``x (N, D)``, ``x: input of shape (N, D)``, ``b (K,)``, ``x[b, t, i]``."""

_NO_SIZES = re.compile(
    r"optional|default|array|ndarray|float|int|bool|str|list|tuple|dict|none|true|false", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s:=`*'-]*|.*\bshaped?\b[^,;]*|\s*(is\b|are\b|has\b|:|--?)[^,;]*", re.IGNORECASE)
_SUMMED = re.compile(r"[A-Za-z]+(,[A-Za-z]+)*(->[A-Za-z]*)?")


def written_shapes(node: ast.FunctionDef, of_class: str = "") -> dict[str, WrittenShape]:
    """The shape of each name that has one: as it is described, with its class, else as it is summed or unpacked.

    >>> written_shapes(ast.parse('def f(x, w):\\n    "x (N, D), w (D, K)"').body[0])
    {'x': ('N', 'D'), 'w': ('D', 'K')}
    """
    described = {**dict(_described(of_class)), **dict(_described(ast.get_docstring(node) or ""))}
    summed = dict(_summed(node))
    return {**_unpacked(node), **_in_sizes_of(described, summed), **described}


def _described(text: str) -> Iterator[tuple[str, WrittenShape]]:
    """Those in a description; what stands in round brackets says more than what may be an entry of a formula."""
    found: dict[str, list[tuple[bool, int, WrittenShape]]] = {}
    for start in re.finditer(r"(?<![\w.])[^\W\d]", text):
        match = _SHAPE.match(text, start.start())
        if match is None or not _BETWEEN.fullmatch(match["between"]):
            continue
        sizes = tuple(
            re.sub(r"\s", "", size) for size in (match["round"] or match["square"]).split(",") if size.strip()
        )
        if not any(_NO_SIZES.fullmatch(size) for size in sizes):
            found.setdefault(match["name"], []).append((match["round"] is not None, len(sizes), sizes))
    for name, shapes in found.items():
        yield name, max(shapes, key=lambda shape: shape[:2])[2]


def _summed(node: ast.FunctionDef) -> Iterator[tuple[str, WrittenShape]]:
    """Those of the operands of Einstein sums."""
    for call in ast.walk(node):
        match call:
            case ast.Call(
                func=ast.Attribute(attr="einsum") | ast.Name(id="einsum"),
                args=[ast.Constant(value=str(text)), *operands],
            ) if _SUMMED.fullmatch(text := text.replace(" ", "")):
                for letters, operand in zip(text.partition("->")[0].split(","), operands, strict=False):
                    if name := _name_of(operand):
                        yield name, tuple(letters)


def _name_of(operand: ast.expr) -> str:
    match operand:
        case ast.Name(id=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _unpacked(node: ast.FunctionDef) -> dict[str, WrittenShape]:
    """Those that are unpacked: ``N, D = x.shape``."""
    found: dict[str, WrittenShape] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.Assign(
                targets=[ast.Tuple(elts=sizes)], value=ast.Attribute(value=operand, attr="shape")
            ) if (name := _name_of(operand)) and all(isinstance(size, ast.Name) for size in sizes):
                found.setdefault(name, tuple(ast.unparse(size) for size in sizes))
    # What is not looked at stands for no size of others.
    return {
        name: tuple(f"{name}{i}" if size == "_" else size for i, size in enumerate(sizes))
        for name, sizes in found.items()
    }


def _in_sizes_of(
    described: Mapping[str, WrittenShape], summed: Mapping[str, WrittenShape]
) -> dict[str, WrittenShape]:
    """Summed shapes with the sizes that descriptions give their letters."""
    pairs = [(described[name], letters) for name, letters in summed.items() if name in described]
    known = {
        letter: size
        for sizes, letters in pairs
        if len(sizes) == len(letters)
        for size, letter in zip(sizes, letters, strict=True)
    }
    return {name: tuple(known.get(letter, letter) for letter in letters) for name, letters in summed.items()}
