"""An adapter with other sizes: what is right where a size happens to be another, or a number that is written somewhere,
is wrong with these.

Which of the numbers in an adapter are one size is not said in it, so that those which are equal are changed all
together, as most of them are one, each alone, and some of them; what does not run then is none of its sizes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.calling import RATE
from chainrule.gradcheck.recognition.texts import RATE_LINE

_MOST_EQUAL, _MOST_TOGETHER = 6, 3
_LARGEST = 64
"""What is larger is no size that somebody draws arrays of for a check."""


class OtherSizes(NamedTuple):
    """Adapters in which the same numbers are others.

    Attributes:
        size: what these numbers were; 1 where axes are filled that are broadcast, 0 where it is the learning rate of a
            step.
        texts: the adapters.
    """

    size: int
    texts: list[str]


def with_other_sizes(text: str) -> list[OtherSizes]:
    """Groups of adapters: in those of one the same numbers are others, as far as they may be told apart.

    >>> groups = with_other_sizes("def chainrule_check(rng):\\n    x = rng.normal(size=(2, 7))")
    >>> [group.texts[0].splitlines()[1].strip() for group in groups]
    ['x = rng.normal(size=(4, 7))', 'x = rng.normal(size=(2, 9))']
    """
    tree = ast.parse(text)
    sizes: dict[int, list[ast.Constant]] = {}
    for node in _numbers(tree):
        sizes.setdefault(node.value, []).append(node)  # type: ignore[arg-type]
    alone_or_some = [(size, subset) for size, equal in sizes.items() for subset in _subsets(equal)]
    chosen = [(size, equal) for size, equal in sizes.items() if len(equal) > 1]
    chosen += sorted(alone_or_some, key=lambda each: len(each[1]))
    return [
        *(OtherSizes(0, [_at_another_rate(text)]) for line in text.splitlines() if line.strip() == RATE_LINE),
        *(OtherSizes(1, [_changed(tree, ones, size)]) for ones, size in _broadcast(tree)),
        *(
            OtherSizes(size, [_changed(tree, subset, other) for other in _others(size, set(sizes))])
            for size, subset in chosen
        ),
    ]


def _at_another_rate(text: str) -> str:
    """An adapter with a step that is so many times the gradient, of so many times the cost."""
    tree = ast.parse(text.replace(RATE_LINE, f"{RATE} = 2.0", 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "cost" and isinstance(node.value, ast.Lambda):
            node.value.body = ast.BinOp(ast.Name(RATE, ast.Load()), ast.Mult(), node.value.body)
    return ast.unparse(ast.fix_missing_locations(tree))


def _numbers(tree: ast.Module) -> Iterator[ast.Constant]:
    """The whole numbers that may be sizes: those of what is drawn and made, outside brackets and functions."""
    for node in _outside(tree):
        match node:
            case ast.Constant(value=int() as value) if not isinstance(value, bool) and 1 < value <= _LARGEST:
                yield node


def _broadcast(tree: ast.Module) -> Iterator[tuple[list[ast.Constant], int]]:
    """The axes of one entry, counted from the last, that meet longer ones, and how long these are."""
    shapes = [
        [each for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, int)]
        for node in _outside(tree)
        if isinstance(node, ast.Tuple)
    ]
    for back in range(1, 1 + max(map(len, shapes), default=0)):
        along = [shape[-back] for shape in shapes if len(shape) >= back]
        ones = [each for each in along if each.value == 1]
        longer = dict.fromkeys(each.value for each in along if each.value != 1)
        yield from ((ones, size) for size in longer if ones and isinstance(size, int) and size > 1)


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Lambda | ast.Subscript | ast.FunctionDef) and _name(node) != NAME:
        # Of an indexed array the rest counts: ``np.eye(3)[rng.integers(3, size=7)]``.
        yield from _outside(node.value) if isinstance(node, ast.Subscript) else ()
        inner = node.slice if isinstance(node, ast.Subscript) and _has_sizes(node) else None
        yield from _outside(inner) if inner is not None else ()
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        # By it every other entry is taken for a mask, whatever its size.
        yield from _outside(node.left)
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _outside(child)


def _has_sizes(node: ast.Subscript) -> bool:
    """Whether sizes stand in brackets: of labels that are drawn there, and of ``np.ogrid[:7, :2]``."""
    match node.value:
        case ast.Attribute(attr="ogrid"):
            return True
    return isinstance(node.slice, ast.Call)


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _subsets(equal: list[ast.Constant]) -> Iterator[list[ast.Constant]]:
    """Some of those that are equal: not all, where they are several."""
    for count in range(1, _MOST_TOGETHER + 1):
        every = map(list, combinations(equal[:_MOST_EQUAL], count))
        yield from (some for some in every if len(some) < max(len(equal), 2))


def _others(size: int, taken: set[int]) -> list[int]:
    """What else a size may be: of strides and heads it has to be a multiple, or as odd."""
    every = dict.fromkeys((size + 2, 2 * size, size + 1))
    return [other for other in every if other not in taken] or [max(taken) + 1]


def _changed(tree: ast.Module, chosen: list[ast.Constant], other: int) -> str:
    before = [node.value for node in chosen]
    try:
        for node in chosen:
            node.value = other
        return ast.unparse(tree)
    finally:
        for node, value in zip(chosen, before, strict=True):
            node.value = value
