"""Parameters and gradients as other people keep them: any nest of arrays, taken apart into named leaves.

A nest is an array; a dictionary, list, tuple, named tuple, dataclass or array of objects of nests; an object or a
module with nests for attributes. Everything in it that is no array is left alone.
"""

from __future__ import annotations

import copy
import dataclasses
import operator
from collections.abc import Iterable, Iterator, Sequence
from numbers import Number
from types import GeneratorType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.names import is_gradient, is_parameter, parameter_names, plain_name


class Leaf(NamedTuple):
    """An array of a nest, and where it stands: ``W1``, ``[0]``, ``layers[1].W``."""

    name: str
    array: Array


def named_leaves(names: Sequence[str], arrays: Sequence[Array]) -> list[Leaf]:
    """Leaves from their names and their arrays."""
    return [Leaf(name, array) for name, array in zip(names, arrays, strict=True)]


def returned_leaves(nest: Any, wanted: int | None = None) -> list[Leaf]:
    """Like :func:`leaves`, numbers included, as arrays of no dimension; or lists of numbers, and of such lists, as
    arrays, where these are as many as are wanted and the others more."""
    nest = _with_iterators_run(nest)
    apart = list(_walk(with_arrays(nest), ""))
    if wanted is None or len(apart) <= wanted:
        return apart
    joined = list(_walk(with_arrays(_with_lists_joined(nest)), ""))
    return joined if len(joined) == wanted else apart


_RUN_ONCE: tuple[type[Iterable[Any]], ...] = (
    reversed,
    zip,
    map,
    filter,
    GeneratorType,
    type(reversed([])),
    type({}.values()),
)


def _with_iterators_run(nest: Any) -> Any:
    """A nest with lists in the place of what is gone through once: ``return reversed(grads_W), reversed(grads_b)``.
    Where there is nothing of the kind, it is the same object."""
    if isinstance(nest, _RUN_ONCE):
        return [_with_iterators_run(each) for each in nest]
    if isinstance(nest, dict):
        run = {key: _with_iterators_run(value) for key, value in nest.items()}
        return nest if all(map(operator.is_, run.values(), nest.values())) else run
    if isinstance(nest, list | tuple) and not hasattr(nest, "_fields"):
        parts = [_with_iterators_run(value) for value in nest]
        if all(map(operator.is_, parts, nest)):
            return nest
        return tuple(parts) if isinstance(nest, tuple) else parts
    return nest


def _with_lists_joined(nest: Any) -> Any:
    """A nest whose lists of numbers, and of such lists, are arrays: so nets are written without NumPy."""
    if isinstance(nest, dict):
        return {key: _with_lists_joined(value) for key, value in nest.items()}
    if not isinstance(nest, list | tuple):
        return nest
    parts = [_with_lists_joined(value) for value in nest]
    is_row = isinstance(nest, list) and len({np.shape(part) for part in parts}) == 1
    numbers = all(isinstance(part, float | np.floating | np.ndarray) for part in parts)
    return np.array(parts) if is_row and numbers and all(isinstance(v, list | float) for v in nest) else parts


def with_arrays(nest: Any) -> Any:
    """A nest with its floating-point numbers as arrays of no dimension; a bare number becomes one."""
    if isinstance(nest, float | np.floating):
        return np.asarray(nest)
    if isinstance(nest, dict):
        return {key: with_arrays(value) for key, value in nest.items()}
    if isinstance(nest, list | tuple) and not hasattr(nest, "_fields"):
        return [with_arrays(value) for value in nest]
    if isinstance(nest, np.ndarray) and nest.dtype == object:
        return [with_arrays(value) for value in nest] if _is_list(nest) else _of_numbers(nest)
    return nest


def _is_list(nest: Array) -> bool:
    """Whether an array holds arrays or other objects, as a list does: ``np.array([W1, W2], dtype=object)``."""
    return nest.dtype == object and nest.ndim > 0 and not all(isinstance(each, Number) for each in nest.flat)


def _of_numbers(nest: Array) -> Array:
    """An array of objects that are numbers, as one of numbers."""
    is_complex = any(isinstance(each, complex | np.complexfloating) for each in nest.flat)
    try:
        return nest.astype(np.complex128 if is_complex else np.float64)
    except (TypeError, ValueError):
        return nest


def with_parameter_arrays(nest: Any) -> Any:
    """A nest of parameters whose numbers are arrays of no dimension where they are parameters as well: in lists, and in
    dictionaries under the name of one, as a scalar bias is; ``"eps": 1e-5`` beside them stays a number."""
    if isinstance(nest, dict):
        changed_items = {key: _parameter_array(value, str(key)) for key, value in nest.items()}
        return nest if all(changed_items[key] is nest[key] for key in nest) else changed_items
    if isinstance(nest, list | tuple) and not hasattr(nest, "_fields"):
        changed = [_parameter_array(value, "b") for value in nest]
        same = all(new is old for new, old in zip(changed, nest, strict=True))
        return nest if same else changed
    return nest


def _parameter_array(value: Any, name: str) -> Any:
    if isinstance(value, float | np.floating):
        return np.asarray(value) if is_parameter(name) else value
    return with_parameter_arrays(value)


def leaves(nest: Any) -> list[Leaf]:
    """Every array of ``nest``, in the order in which it stands there.

    Attributes of objects and modules count only where they hold floating-point numbers, and not under the name of a
    gradient (``dW1``, ``grad_W1``, ``grads``): an object that keeps its gradients beside its parameters is usual.
    An array to which an object refers in several places counts once, where it is met first: its layers may share the
    arrays of its dictionary of parameters.
    """
    met = list(_walk(nest, ""))
    if not _has_attributes(nest):
        return met
    once = {id(leaf.array): leaf for leaf in reversed(met)}
    return list(reversed(once.values()))


def _walk(nest: Any, name: str) -> Iterator[Leaf]:
    if isinstance(nest, np.ndarray) and not _is_list(nest):
        yield Leaf(name or "parameters", nest)
    elif isinstance(nest, dict):
        for key, value in nest.items():
            yield from _walk(value, _below(name, key))
    elif isinstance(nest, tuple) and hasattr(nest, "_fields"):
        for key in nest._fields:
            yield from _walk(getattr(nest, key), _below(name, key))
    elif isinstance(nest, list | tuple | np.ndarray):
        for index, value in enumerate(nest):
            yield from _walk(value, f"{name}[{index}]")
    elif _has_attributes(nest):
        for key, value in _attributes(nest).items():
            if not is_gradient(key):
                yield from (leaf for leaf in _walk(value, _below(name, key)) if leaf.array.dtype.kind in "fc")


def _below(name: str, key: Any) -> str:
    return f"{name}.{key}" if name else str(key)


def _has_attributes(nest: Any) -> bool:
    if dataclasses.is_dataclass(nest) or isinstance(nest, ModuleType):
        return True
    return is_own_object(nest)


def is_own_object(value: Any) -> bool:
    """Whether a value is an object of a class that somebody wrote, with attributes of its own: no function, no class
    and nothing of Python's or NumPy's."""
    of_library = type(value).__module__.partition(".")[0] in ("builtins", "functools", "numpy")
    return hasattr(value, "__dict__") and not of_library and not isinstance(value, type)


def _attributes(nest: Any) -> dict[str, Any]:
    public = {key: value for key, value in vars(nest).items() if not key.startswith("__")}
    if isinstance(nest, ModuleType):
        return {
            key: value for key, value in public.items() if isinstance(value, np.ndarray | list | dict | tuple)
        }
    return public


def lives_in_place(nest: Any) -> bool:
    """Whether new arrays are put into ``nest`` itself (objects, modules) rather than into a copy."""
    return not isinstance(nest, dict | list | tuple | np.ndarray) and not dataclasses.is_dataclass(nest)


def holds_objects(nest: Any) -> bool:
    """Whether new arrays are put into objects somewhere in the nest, rather than into a copy."""
    if isinstance(nest, dict):
        return any(holds_objects(value) for value in nest.values())
    if isinstance(nest, list | tuple):
        return any(holds_objects(value) for value in nest)
    return lives_in_place(nest) and _has_attributes(nest)


def filled(nest: Any, arrays: Sequence[Array], names: Sequence[str] | None = None) -> Any:
    """``nest`` with leaves replaced by ``arrays``; a copy, but for objects and modules.

    Args:
        nest: it may have come to hold more than its leaves, as an object does that keeps what it has computed.
        arrays: the new leaves.
        names: which leaves these are, all of the nest by default.

    Raises:
        CheckError: there are more arrays than leaves.
    """
    shares = _has_attributes(nest)
    now = {leaf.name: leaf.array for leaf in leaves(nest)} if shares or names is None else {}
    places = list(now) if names is None else names
    if len(arrays) > len(places):
        raise CheckError("parameters: there are more arrays than the nest holds")
    by_name = dict(zip(places, arrays, strict=True))
    # What an object refers to in several places is replaced in all of them.
    shared = {id(now[name]): new for name, new in by_name.items() if name in now} if shares else {}
    return _fill(nest, "", by_name, shared)


def _fill(nest: Any, name: str, by_name: dict[str, Array], shared: dict[int, Array]) -> Any:
    if isinstance(nest, np.ndarray) and _is_list(nest):
        filling = np.empty_like(nest)
        for index, value in enumerate(nest):
            filling[index] = _fill(value, f"{name}[{index}]", by_name, shared)
        return filling
    if isinstance(nest, np.ndarray):
        return shared.get(id(nest), by_name.get(name or "parameters", nest))
    if isinstance(nest, dict):
        return {key: _fill(value, _below(name, key), by_name, shared) for key, value in nest.items()}
    if isinstance(nest, tuple) and hasattr(nest, "_fields"):
        return type(nest)(
            *(_fill(getattr(nest, key), _below(name, key), by_name, shared) for key in nest._fields)
        )
    if isinstance(nest, list | tuple):
        return type(nest)(
            _fill(value, f"{name}[{index}]", by_name, shared) for index, value in enumerate(nest)
        )
    if _has_attributes(nest):
        target = copy.copy(nest) if dataclasses.is_dataclass(nest) else nest
        for key, value in _attributes(nest).items():
            changed = _fill(value, _below(name, key), by_name, shared)
            if changed is not value:
                object.__setattr__(target, key, changed)
        return target
    return nest


def gradient_attributes(owner: Any) -> list[Leaf]:
    """The arrays that an object, or the layers that it or a list holds, keep under the name of a gradient: ``dW1``,
    ``grads``."""
    if isinstance(owner, list | tuple | dict):
        return list(_gradients_below(owner, ""))
    if not _has_attributes(owner):
        return []
    kept = {key: _as_array(value) for key, value in _attributes(owner).items() if is_gradient(key)}
    if kept:
        return leaves(next(iter(kept.values())) if len(kept) == 1 else kept)
    return list(_gradients_below(owner, ""))


def _as_array(value: Any) -> Any:
    """A gradient that is a number, as ``np.sum(G)`` is, as an array; one in an array of objects as a list."""
    is_list = isinstance(value, np.ndarray) and value.dtype == object
    return with_arrays(value) if is_list or isinstance(value, np.inexact) else value


def _gradients_below(nest: Any, name: str) -> Iterator[Leaf]:
    """The gradients that layers keep, under the names of what they belong to: ``layers[0].W`` for its ``dW``."""
    if isinstance(nest, list | tuple):
        for index, value in enumerate(nest):
            yield from _gradients_below(value, f"{name}[{index}]")
    elif isinstance(nest, dict):
        for key, value in nest.items():
            yield from _gradients_below(value, _below(name, key))
    elif _has_attributes(nest):
        parameters = {plain_name(key): key for key in _attributes(nest) if not is_gradient(key)}
        for key, value in _attributes(nest).items():
            if is_gradient(key):
                named = next((parameters[p] for p in parameter_names(key) if p in parameters), None)
                gradient = _as_array(value)
                if named is not None and isinstance(gradient, np.ndarray):
                    yield Leaf(_below(name, named), gradient)
            else:
                yield from _gradients_below(value, _below(name, key))
