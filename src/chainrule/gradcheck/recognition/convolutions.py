"""Nets with filters as large as the patches into which images are cut: how patches, filters and layers may lie."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.filters import is_flat
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.spoken import speaks_of
from chainrule.gradcheck.recognition.conventions import Convention, Sizes
from chainrule.gradcheck.recognition.patch_filters import Filters

_WHOLE_IMAGES = Filters(side=16)
"""Filters for images of 32 rows and columns, where a file writes their size down."""

_IMAGE_SIDE = 32
_WEIGHTS = ("(d, F)", "(f, f, 3, F)")
_COLUMNS = ("out, in", "(K, 1)")
_ROWS = (("in, out", "(1, K)"), ("in, out", "(K,)"), ("out, in", "(K,)"))


def has_filters() -> bool:
    """Whether the file that is being recognised holds a net with filters."""
    return speaks_of("filters")


def filter_tiers(sizes: Sizes, file: Definitions, functions: Sequence[Function]) -> list[list[Convention]]:
    """Every convention of a net with filters whose layers have these sizes: the usual ones, then the others."""
    made = [file.constructors[owner] for owner in {f.owner for f in functions if f.owner}]
    numbers = {number for function in file.used([*functions, *made]) for number in function.numbers}
    whole = [_WHOLE_IMAGES] if _IMAGE_SIDE in numbers else []
    usual = [
        c for filters in [Filters(), *whole] for c in _conventions(sizes, filters, [("patches", *_COLUMNS)])
    ]
    images = [
        c for filters in [*whole, Filters()] for c in _conventions(sizes, filters, [("columns", *_COLUMNS)])
    ]
    layouts = [("patches", "out, in", "(K,)"), *(("rows of patches", *layer) for layer in _ROWS)]
    layouts += [("rows", *layer) for layer in _ROWS]
    others = [c for filters in [Filters(), *whole] for c in _conventions(sizes, filters, layouts)]
    biases = [
        replace(c, filters=replace(c.filters, bias=bias))
        for bias in ("(F,)", "(1, F, 1)")
        for c in usual
        if c.filters is not None
    ]
    return [usual + images, biases, others]


def lies_otherwise(name: str, convention: Convention) -> bool:
    """Whether filters of this name are those of a convention laid out in another way: of ``Fs`` and ``Fs_flat``, which
    an object may hold both, one is a matrix."""
    if convention.filters is None or meaning(name).role != "filters":
        return False
    return is_flat(name) == (convention.filters.weights == "(f, f, 3, F)")


def laid_out(name: str, filters: str, convention: Convention) -> str:
    """The filters of a convention under another name, in the shape that it says."""
    shape = "(d, F)" if is_flat(name) else "(f, f, 3, F)"
    assert convention.filters is not None
    return f"{filters}.reshape{convention.filters.shapes[shape]}"


def _conventions(
    sizes: Sizes, filters: Filters, layouts: Sequence[tuple[str, str, str]]
) -> Iterator[Convention]:
    sizes = replace(sizes, inputs=filters.outputs)
    for (samples, weights, bias), labels, of_filters in itertools.product(
        layouts, ("one-hot", "integers"), _WEIGHTS
    ):
        mine = replace(filters, weights=of_filters)  # type: ignore[arg-type]
        yield Convention(samples, labels, weights, bias, sizes, filters=mine)  # type: ignore[arg-type]
