"""Another number of entries where one stands: the product of other sizes, as ``N * H * W`` for ``N``."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from chainrule.gradcheck.program.scope import InScope

_MOST_SIZES = 5


def other_sizes(node: ast.expr, known: InScope) -> Iterator[ast.expr]:
    """Products of a function's sizes for one of these or a product of them."""
    sizes = [name for name in known.names if name in known.sizes][:_MOST_SIZES]
    factors = _factors(node)
    if not factors or not factors <= known.sizes:
        return
    for count in range(1, len(sizes) + 1):
        for chosen in itertools.combinations(sizes, count):
            if {*chosen} != factors:
                yield ast.parse(" * ".join(chosen), mode="eval").body


def _factors(node: ast.expr) -> set[str]:
    """The names that a product is made of; none of anything else."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return {name}
        case ast.BinOp(op=ast.Mult(), left=left, right=right):
            both = _factors(left), _factors(right)
            return both[0] | both[1] if all(both) else set()
    return set()
