"""Nets with filters as large as the patches into which images are cut: how patches, filters and layers may lie."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.filters import is_flat
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.spoken import speaks_of
from chainrule.gradcheck.recognition.conventions import Convention, Sizes
from chainrule.gradcheck.recognition.made_sizes import size_of
from chainrule.gradcheck.recognition.patch_filters import Filters

_WHOLE_IMAGES = Filters(side=16)
"""Filters for images of 32 rows and columns, where a file writes their size down."""

_IMAGE_SIDE = 32
_SIZES_READ = ("kernel", "output channels", "patches")
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
    small, large = [Filters(), *whole], [*whole, Filters()]
    usual = _conventions(sizes, small, ["patches"], [_COLUMNS])
    images = _conventions(sizes, large, ["columns", "images"], [_COLUMNS])
    others = [
        *_conventions(sizes, small, ["patches"], [("out, in", "(K,)")]),
        *_conventions(sizes, small, ["rows of patches", "rows"], _ROWS),
    ]
    biases = [
        replace(c, filters=replace(c.filters, bias=bias))
        for bias in ("(F,)", "(1, F, 1)")
        for c in usual
        if c.filters is not None
    ]
    return [usual + images, biases, others, []]


def filter_sizes_read(
    file: Definitions, functions: Sequence[Function], convention: Convention
) -> dict[str, str]:
    """The sizes of filters and patches that functions read from the module, which has those of the images that it
    loads: ``f``, ``nf``, ``n_p``."""
    if convention.filters is None:
        return {}
    read = dict.fromkeys(n for f in file.used(functions) for n in f.uses if n in file.bound)
    roles = {name: size_role(name) for name in read}
    return {name: size_of(role, convention) for name, role in roles.items() if role in _SIZES_READ}


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
    sizes: Sizes, every: Sequence[Filters], samples: Sequence[str], layers: Sequence[tuple[str, str]]
) -> list[Convention]:
    """Those of filters, in the order of these, whose inputs and layers lie so."""
    ways = itertools.product(every, samples, layers, ("one-hot", "integers"), _WEIGHTS)
    return [
        Convention(
            inputs,  # type: ignore[arg-type]
            labels,  # type: ignore[arg-type]
            weights,  # type: ignore[arg-type]
            bias,  # type: ignore[arg-type]
            replace(sizes, inputs=filters.outputs),
            filters=replace(filters, weights=of_filters),  # type: ignore[arg-type]
        )
        for filters, inputs, (weights, bias), labels, of_filters in ways
    ]
