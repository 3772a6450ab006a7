"""What NumPy had once: a file that was written for an earlier version finds names, and keywords of functions, all the
same.

What each was is in NumPy's release notes: of 1.24 for ``np.int`` and its like, of 2.0, 2.3 and 2.4 for the others.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import GeneratorType, MappingProxyType
from typing import Any

import numpy as np

_TYPES = {
    "int": int,
    "float": float,
    "bool": bool,
    "object": object,
    "str": str,
    "complex": complex,
    "long": int,
    "unicode": str,
    "bool8": np.bool_,
    "float_": np.float64,
    "complex_": np.complex128,
    "cfloat": np.complex128,
    "longfloat": np.longdouble,
    "string_": np.bytes_,
    "unicode_": np.str_,
}
_NUMBERS = {
    "Inf": math.inf,
    "Infinity": math.inf,
    "PINF": math.inf,
    "infty": math.inf,
    "NINF": -math.inf,
    "NaN": math.nan,
    "NAN": math.nan,
    "PZERO": 0.0,
    "NZERO": -0.0,
}


def _as_scalar(a: Any) -> Any:
    return np.asarray(a).item()


def _as_floats(a: Any, dtype: Any = np.float64) -> Any:
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


def _in_1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    return np.isin(np.ravel(ar1), ar2, assume_unique, invert)


_FUNCTIONS = {
    "mat": np.asmatrix,
    "product": np.prod,
    "cumproduct": np.cumprod,
    "sometrue": np.any,
    "alltrue": np.all,
    "round_": np.round,
    "rank": np.ndim,
    "alen": len,
    "row_stack": np.vstack,
    "trapz": getattr(np, "trapezoid", None),
    "msort": lambda a: np.sort(a, axis=0),
    "in1d": _in_1d,
    "asscalar": _as_scalar,
    "asfarray": _as_floats,
}

OLD_NAMES = MappingProxyType(_TYPES | _NUMBERS | _FUNCTIONS | {"math": math})
"""What NumPy does not have any more, by name."""

_OF_LIB = MappingProxyType({"pad": np.pad})
"""What ``np.lib`` does not have any more."""


_BY_METHOD = MappingProxyType({"interpolation": "method"})
OLD_KEYWORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "reshape": MappingProxyType({"newshape": "shape"}),
        "histogram": MappingProxyType({"normed": "density"}),
        **dict.fromkeys(("percentile", "quantile", "nanpercentile", "nanquantile"), _BY_METHOD),
    }
)
"""What functions do not take any more, and what that is called now."""


_OF_SEQUENCES = ("stack", "vstack", "hstack", "dstack", "column_stack")
"""What took whatever gives arrays one after the other, and takes sequences of them alone."""

OF_SIZES = ("zeros", "ones", "empty", "full")
"""What took floats for sizes, up to NumPy 1.11."""

RAGGED = ("array", "asarray", "copy")
"""What made of a list of arrays of several shapes an array that holds them, up to NumPy 1.23."""


def give_old_names() -> dict[str, None]:
    """Let NumPy have what it has no longer, in this process.

    Returns:
        What was made use of, as it is called: what comes later is added to it.
    """
    used: dict[str, None] = {}
    for module, before, names in ((np, "", OLD_NAMES), (np.lib, "lib.", _OF_LIB)):
        _give(module, before, names, used)
    for name, keywords in OLD_KEYWORDS.items():
        function = getattr(np, name)
        if keywords.keys().isdisjoint(inspect.signature(function).parameters):
            setattr(np, name, _with_keywords(function, keywords, used))
    np.sum = _with_generators(np.sum, used)
    for name in _OF_SEQUENCES:
        setattr(np, name, _with_iterators(getattr(np, name), used))
    for name in OF_SIZES:
        setattr(np, name, _with_whole_sizes(getattr(np, name), used))
    for name in RAGGED:
        setattr(np, name, _with_ragged(getattr(np, name), used))
    return used


def _with_keywords(
    function: Callable[..., Any], keywords: Mapping[str, str], used: dict[str, None]
) -> Callable[..., Any]:
    """The same function, which takes the keywords of earlier versions as well."""

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        used.update({f"{function.__name__}({old}=)": None for old in keywords if old in options})
        return function(*arguments, **{keywords.get(name, name): each for name, each in options.items()})

    return called


def _with_generators(function: Callable[..., Any], used: dict[str, None]) -> Callable[..., Any]:
    """The same sum, which adds up what a generator gives as well, ``np.sum(np.sum(W**2) for W in weights)``."""

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        if not (options or len(arguments) != 1) and isinstance(arguments[0], GeneratorType):
            used["sum(generator)"] = None
            return sum(arguments[0])
        return function(*arguments, **options)

    return called


def _with_iterators(function: Callable[..., Any], used: dict[str, None]) -> Callable[..., Any]:
    """The same function, which takes what gives arrays one after the other as well, ``np.stack(map(f, xs))``."""

    @functools.wraps(function)
    def called(arrays: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(arrays, Iterator):
            used[f"{function.__name__}(iterator)"] = None
            arrays = list(arrays)
        return function(arrays, *arguments, **options)

    return called


def _with_ragged(function: Callable[..., Any], used: dict[str, None]) -> Callable[..., Any]:
    """The same function, which makes an array of objects of what has no shape: ``np.array([W1, W2])``."""

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except ValueError:
            several = arguments[0] if len(arguments) == 1 and not options else None
            if not isinstance(several, list | tuple) or not _is_ragged(several):
                raise
        used[f"{function.__name__}(of several shapes)"] = None
        return _of_objects(several)

    return called


def _with_whole_sizes(function: Callable[..., Any], used: dict[str, None]) -> Callable[..., Any]:
    """The same function, which takes whole numbers for sizes where they are floats, ``np.zeros((n, 6 / 2))``."""

    @functools.wraps(function)
    def called(shape: Any, *arguments: Any, **options: Any) -> Any:
        try:
            return function(shape, *arguments, **options)
        except TypeError:
            sizes = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
            if not any(isinstance(size, float) for size in sizes) or any(size % 1 for size in sizes):
                raise
        used[f"{function.__name__}(of floats)"] = None
        return function(tuple(map(int, sizes)), *arguments, **options)

    return called


def _is_ragged(several: Sequence[Any]) -> bool:
    """Whether arrays have shapes that begin with other lengths: what begins alike was no array even then."""
    lengths = {(len(each),) if isinstance(each, list | tuple) else np.shape(each)[:1] for each in several}
    return len(lengths) > 1


def _of_objects(several: Sequence[Any]) -> Any:
    made = np.empty(len(several), dtype=object)
    for place, each in enumerate(several):
        made[place] = each
    return made


def _give(module: Any, before: str, names: Mapping[str, Any], used: dict[str, None]) -> None:
    has_none = module.__getattr__

    def attribute(name: str) -> Any:
        if name not in names:
            return has_none(name)
        used[f"{before}{name}"] = None
        return names[name]

    module.__getattr__ = attribute


def told(used: dict[str, None]) -> list[str]:
    """What a reader should know of it."""
    if not used:
        return []
    names = ", ".join(f"np.{name}" for name in used)
    return [f"NumPy {np.__version__} has {names} no more; what it was in earlier versions stands in"]
