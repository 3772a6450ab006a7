"""What a whole formula, or a term that is missing from it, may be: products of a function's variables, and their sums
along an axis."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from chainrule.gradcheck.program.earlier_versions import copied
from chainrule.gradcheck.program.slips import Slip

_MOST_OPERANDS, _MOST_SUMMED, _MOST_DIVISORS, _MOST_INDICES = 20, 24, 2, 6
_OF_TWO = ("{0} * {1}", "{0} @ {1}", "{1} @ {0}", "{0} @ {1}.T", "{1} @ {0}.T", "{0}.T @ {1}", "{1}.T @ {0}")
_OF_ONE = ("-{0}", "{0}.sum(axis=0)", "{0}.sum(axis=1)", "-{0}.sum(axis=0)", "-{0}.sum(axis=1)", "len({0})",
           "{0}.shape[0]", "{0}.shape[1]")  # fmt: skip
_ALONG = ("{0}.sum(axis=0)", "{0}.sum(axis=1, keepdims=True)", "{0}.sum(axis=-1, keepdims=True)",
          "{0}.mean(axis=0)", "{0}.mean(axis=1, keepdims=True)", "{0}.mean(axis=-1, keepdims=True)")  # fmt: skip


def lines_of_operands(unit: ast.AST) -> dict[str, list[int]]:
    """On which lines of a function variables, attributes and items stand; those that it is given on none."""
    found: dict[str, list[int]] = {node.arg: [] for node in ast.walk(unit) if isinstance(node, ast.arg)}
    for node in ast.walk(unit):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            lines = found.setdefault(ast.unparse(node), [node.lineno])
            # What is given is near everywhere.
            lines += [node.lineno] if lines else []
    return found


def nearest_first(
    operands: Sequence[ast.expr], statement: ast.stmt, lines: Mapping[str, Sequence[int]]
) -> list[ast.expr]:
    """What is given, and what stands closest to a statement: of many not all can be tried.

    >>> function = ast.parse("def f(d):\\n  a = d\\n  b = a * d\\n  return b").body[0]
    >>> names = [ast.Name(name, ast.Load()) for name in "abd"]
    >>> [name.id for name in nearest_first(names, function.body[-1], lines_of_operands(function))]
    ['d', 'b', 'a']
    """

    def away(operand: ast.expr) -> float:
        stands = lines.get(ast.unparse(operand))
        if stands is None:
            return math.inf
        return min((abs(line - statement.lineno) for line in stands), default=-1)

    return sorted(operands, key=away)


def products(values: Sequence[ast.expr]) -> Iterator[Slip]:
    """Formulas of one variable or two that may stand in the place of another."""
    for value in values[:_MOST_OPERANDS]:
        yield from (("call", filled(form, value)) for form in _OF_ONE)
    for pair in itertools.combinations(values[:_MOST_OPERANDS], 2):
        yield from (("call", filled(form, *pair)) for form in _OF_TWO)


def terms(whole: ast.expr, values: Sequence[ast.expr], divisors: Sequence[ast.expr]) -> Iterator[Slip]:
    """A formula with a term more or less: a product of two variables, twice that as of a penalty, a part of it; or what
    a mean or a deviation gives, ``- x * (d * x).mean(axis=0)``."""
    for one, other in itertools.combinations(values[:_MOST_OPERANDS], 2):
        product = ast.BinOp(one, ast.Mult(), other)
        twice = ast.BinOp(ast.BinOp(ast.Constant(2), ast.Mult(), one), ast.Mult(), other)
        parts = [ast.BinOp(product, ast.Div(), divisor) for divisor in divisors[:_MOST_DIVISORS]]
        for term in (product, twice, *parts):
            yield "another term", ast.BinOp(whole, ast.Add(), term)
            yield "another term", ast.BinOp(whole, ast.Sub(), term)
    for summed in _first_and_all(whole):
        for form in _ALONG:
            yield "another term", ast.BinOp(whole, ast.Sub(), filled(form, summed))
            for value in values[:_MOST_SUMMED]:
                for inner in (summed, ast.BinOp(summed, ast.Mult(), value)):
                    along = ast.BinOp(value, ast.Mult(), filled(form, inner))
                    yield "another term", ast.BinOp(whole, ast.Sub(), along)


def rows_taken(index: ast.expr, indices: Sequence[ast.expr]) -> Iterator[Slip]:
    """By what else an array may be indexed: as others are; one of each row, or of each column."""
    here = ast.unparse(index)
    yield from (("index", other) for other in indices[:_MOST_INDICES] if ast.unparse(other) != here)
    match index:
        case ast.Tuple(elts=[ast.Slice(lower=None, upper=None), ast.Name() as labels]):
            yield "index", ast.Tuple([_each_of(labels), labels], ast.Load())
        case ast.Name() as labels:
            yield "index", ast.Tuple([_each_of(labels), labels], ast.Load())
            yield "index", ast.Tuple([labels, _each_of(labels)], ast.Load())


def _each_of(labels: ast.expr) -> ast.expr:
    return filled("np.arange(len({0}))", labels)


def _first_and_all(whole: ast.expr) -> list[ast.expr]:
    """A formula, and what its terms begin with."""
    first = whole
    while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Sub):
        first = first.left
    return [whole] if first is whole else [first, whole]


def filled(form: str, *values: ast.expr) -> ast.expr:
    """A form with values in it."""
    names = {f"_{place}": value for place, value in enumerate(values)}
    tree: ast.expr = ast.parse(form.format(*names), mode="eval").body
    return _Filled(names).visit(tree)  # type: ignore[no-any-return]


class _Filled(ast.NodeTransformer):
    """Puts values in the place of names."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._values.get(node.id, node)


def calling_numpy(formula: ast.expr, name: str) -> ast.expr:
    """A formula in which numpy, called ``np`` in it, is called what a file calls it.

    >>> ast.unparse(calling_numpy(ast.parse("np.exp(a)", mode="eval").body, "numpy"))
    'numpy.exp(a)'
    """
    if name == "np":
        return formula
    renamed: ast.expr = _NumpyRenamed(name).visit(copied(formula))
    return renamed


class _NumpyRenamed(ast.NodeTransformer):
    """Calls numpy by another name than ``np``."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._name, node.ctx) if node.id == "np" else node
