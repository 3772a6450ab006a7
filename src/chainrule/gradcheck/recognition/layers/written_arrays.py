"""The shapes that a function says its arrays have, in numbers: each size that it names has one of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.written_shapes import WrittenShape
from chainrule.gradcheck.recognition.layers.shapes import WORDS, Shape

_OF_INPUTS = {1: (6,), 2: (7, 6), 3: (2, 7, 6), 4: (2, 3, 4, 6)}
_CHANNELS_LAST = (2, 4, 6, 3)
_CHANNELS = re.compile(r"c|c_?in|(in_?)?ch(annels)?", re.IGNORECASE)
_VOCABULARY = re.compile(r"v|vocab\w*|(n|num)_?(words|tokens|embeddings)", re.IGNORECASE)
_CLASSES = re.compile(r"k|c|classes|(n|num)_?(classes|labels)", re.IGNORECASE)
_NUMBER_OF_CLASSES = 3
_WIDTHS = (6, 5, 4, 8)
_OTHERS = (5, 4, 8, 3, 9, 10, 11, 12, 13)
_MOST = 64


def in_numbers(written: Mapping[str, WrittenShape], inputs: str, *, of_loss: bool) -> dict[str, Shape]:
    """Shapes in numbers; without those that cannot be told.

    Args:
        written: the shapes, each size as it is called.
        inputs: which of the arrays the inputs are.
        of_loss: whether there are labels, of few classes.

    >>> in_numbers({"x": ("N", "D"), "W": ("D", "4*H")}, "x", of_loss=False)
    {'x': (7, 6), 'W': (6, 20)}
    """
    first = written.get(inputs, ())
    usual = (
        _CHANNELS_LAST
        if len(first) == 4 and _CHANNELS.fullmatch(first[-1])
        else _OF_INPUTS.get(len(first), ())
    )
    sizes: dict[str, int] = {}
    for size, number in zip(first, usual, strict=False):
        for name in _names_in(size):
            sizes.setdefault(name, number)
    named = dict.fromkeys(name for shape in written.values() for size in shape for name in _names_in(size))
    for name in named:
        if name not in sizes:
            sizes[name] = _number_for(name, sizes, of_loss=of_loss)
    shapes = {name: tuple(_evaluated(size, sizes) for size in shape) for name, shape in written.items()}
    return {name: shape for name, shape in shapes.items() if all(0 < size <= _MOST for size in shape)}


def in_chain(names: Iterable[str]) -> dict[str, Shape]:
    """Shapes of parameters that are counted, where each layer takes what the one before it puts out.

    >>> in_chain(["X", "W1", "b1", "W2", "b2"])
    {'W1': (6, 5), 'b1': (5,), 'W2': (5, 3), 'b2': (3,)}
    """
    meant = {name: meaning(name.rpartition(".")[2]) for name in names}
    counted = {n: m.layer for n, m in meant.items() if m.role in ("weights", "bias") and m.layer is not None}
    first, last = min(counted.values(), default=0), max(counted.values(), default=0)
    if not 0 < last - first < len(_WIDTHS):
        return {}
    widths = [*_WIDTHS[: last - first + 1], _NUMBER_OF_CLASSES]
    return {
        name: tuple(widths[layer - first + (meant[name].role == "bias") : layer - first + 2])
        for name, layer in counted.items()
    }


def _number_for(name: str, sizes: Mapping[str, int], *, of_loss: bool) -> int:
    if _VOCABULARY.fullmatch(name):
        return WORDS
    if of_loss and _CLASSES.fullmatch(name):
        return _NUMBER_OF_CLASSES
    return next((number for number in _OTHERS if number not in sizes.values()), _OTHERS[0])


def _names_in(size: str) -> Iterator[str]:
    yield from re.findall(r"[A-Za-z_]\w*", size)


def _evaluated(size: str, sizes: Mapping[str, int]) -> int:
    """A size in numbers; 0 where it is none: ``4H`` is four times ``H``."""
    try:
        tree = ast.parse(re.sub(r"(?<=\d)(?=[A-Za-z])", "*", size), mode="eval")
        return int(_value(tree.body, sizes))
    except (SyntaxError, ZeroDivisionError, KeyError):
        return 0


def _value(node: ast.expr, sizes: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return sizes[name]
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, sizes), _value(right, sizes)
            match op:
                case ast.Mult():
                    return one * other
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.FloorDiv():
                    return one // other
    return 0
