"""Arrays that know which arguments they are made of: those that meet where a layer fails have no shapes that fit."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from chainrule.arrays import Array

_MAKING = ("array", "asarray", "ascontiguousarray")
"""What makes arrays of NumPy's own class of those of any."""


class Meeting:
    """What a run has told so far.

    Attributes:
        read: the arguments whose shapes or parts were read.
        computed: those of which something was computed.
        sized: those whose shapes were read.
        in_numbers: those of which numbers were computed, which do not say what they are made of.
        failed: those that met in what raised; empty where that was no operation on them.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.computed: set[str] = set()
        self.sized: set[str] = set()
        self.in_numbers: set[str] = set()
        self.failed: frozenset[str] = frozenset()

    def blamed(self, every: Iterable[str]) -> frozenset[str]:
        """The arguments of which at least one has a shape that is not its own, after a run that failed."""
        return (self.failed and self.failed | self.in_numbers) or frozenset(self.touched) or frozenset(every)

    @property
    def touched(self) -> set[str]:
        """The arguments that were used in any way."""
        return self.read | self.computed

    def is_made(self) -> None:
        """What was computed so far has made an object: only the sizes that it has kept may matter later."""
        self.computed.clear()


class TracedArray(np.ndarray[Any, Any]):
    """An array that says what it is made of, and notes in a :class:`Meeting` what is done with it."""

    names: frozenset[str]
    meeting: Meeting | None
    is_given: bool
    """Whether it is an argument as it was given, rather than made of one."""

    def __array_finalize__(self, other: Any) -> None:
        self.is_given = False
        self.names = getattr(other, "names", frozenset())
        self.meeting = getattr(other, "meeting", None)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **settings: Any) -> Any:
        if ufunc in (np.add, np.subtract) and method == "__call__" and self.meeting is not None:
            _refuse_spread(inputs[0], inputs[1], self.meeting)
        return self._computed(getattr(ufunc, method), inputs, settings)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return self._computed(function, args, kwargs)

    def _note(self, names: Iterable[str]) -> None:
        if self.meeting is not None:
            self.meeting.read |= {*names}

    def _computed(self, function: Any, args: Any, kwargs: Any) -> Any:
        names, has_others = _names_in((args, kwargs))
        if self.meeting is not None:
            self.meeting.computed |= names
            # Room that was made for results has the sizes of what was read before.
            names |= self.meeting.touched if has_others else set()
        try:
            value = function(*_plain(args), **_plain(kwargs))
        except Exception:
            if self.meeting is not None:
                self.meeting.failed = frozenset(names)
            raise
        return _traced(value, frozenset(names), self.meeting)


def _refuse_spread(one: Any, other: Any, meeting: Meeting) -> None:
    """Two arrays, one of them an argument, that are each spread over the other lie otherwise than it was meant: a
    column of labels beside a vector of outputs.

    Raises:
        ValueError: they are so.
    """
    if not any(getattr(each, "is_given", False) for each in (one, other)):
        return
    shapes = [np.shape(_plain(each)) for each in (one, other)]
    try:
        together = np.broadcast_shapes(*shapes)
    except ValueError:
        return
    # Distances to several centres are meant: (N, 1, d) beside (k, d).
    meant = all(shape and shape[-1] == together[-1] > 1 for shape in shapes)
    if together not in shapes and not meant:
        meeting.failed = frozenset(_names_in((one, other))[0])
        raise ValueError(f"shapes {shapes[0]} and {shapes[1]} are spread over each other")


def _shape(array: TracedArray) -> tuple[int, ...]:
    array._note(array.names)
    if array.meeting is not None:
        array.meeting.sized |= array.names
    shape: tuple[int, ...] = array.view(np.ndarray).shape
    return shape


def _hash(array: TracedArray) -> int:
    if array.meeting is not None:
        array.meeting.failed = array.names
    raise TypeError("unhashable type: 'numpy.ndarray'")


def _noting(method: str) -> Any:
    """A method of arrays that notes which arguments have to do with it."""
    plain = getattr(np.ndarray, method)

    def noting(array: TracedArray, *args: Any, **settings: Any) -> Any:
        names = array.names | _names_in((args, settings))[0]
        array._note(names)
        if method == "reshape" and array.meeting is not None:
            # The sizes that it is given may be those of others.
            names |= array.meeting.sized
        try:
            return _traced(plain(array, *args, **settings), frozenset(names), array.meeting)
        except Exception:
            if array.meeting is not None:
                # What is no index picks nothing from an array of any shape.
                array.meeting.failed = frozenset(
                    _of_numbers(args[0]) if "item__" in method else ()
                ) or frozenset(names)
            raise

    return noting


for _method in (
    "__getitem__", "__setitem__", "__len__", "__iter__", "dot", "transpose", "reshape", "swapaxes", "squeeze",
    "repeat", "take", "diagonal", "astype", "trace", "__index__", "__int__", "__float__", "__bool__", "__contains__",
):  # fmt: skip
    setattr(TracedArray, _method, _noting(_method))

TracedArray.__hash__ = _hash  # type: ignore[assignment]

# A property of the class itself is not seen by what NumPy does inside.
TracedArray.shape = property(_shape)  # type: ignore[assignment,method-assign]


def traced(arrays: Mapping[str, Any]) -> tuple[dict[str, Any], Meeting]:
    """Copies of some arrays that say what they are made of, and where that is noted; numbers stay as they are."""
    meeting = Meeting()
    copies = {
        n: _traced(a.copy(), frozenset({n}), meeting) if isinstance(a, np.ndarray) and a.ndim else a
        for n, a in arrays.items()
    }
    for copy in (copy for copy in copies.values() if isinstance(copy, TracedArray)):
        copy.is_given = True
    return copies, meeting


@contextlib.contextmanager
def traced_as_made_anew() -> Iterator[None]:
    """Within this, what ``np.asarray`` and its like make of traced arrays, or of lists of some, is traced too."""
    plain = {name: getattr(np, name) for name in _MAKING}
    for name, function in plain.items():
        setattr(np, name, _making(function))
    try:
        yield
    finally:
        for name, function in plain.items():
            setattr(np, name, function)


def _making(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def making(value: Any, *args: Any, **settings: Any) -> Any:
        made = function(value, *args, **settings)
        of = [array for array in _arrays(value) if isinstance(array, TracedArray)]
        return _traced(made, frozenset(_names_in(of)[0]), of[0].meeting) if of else made

    return making


def _traced(value: Any, names: frozenset[str], meeting: Meeting | None) -> Any:
    if type(value) in (tuple, list):
        return type(value)(_traced(part, names, meeting) for part in value)
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        if meeting is not None and isinstance(value, np.ndarray | np.generic):
            meeting.in_numbers |= names
        return value
    array = value.view(TracedArray)
    array.names, array.meeting = names, meeting
    return array


def _names_in(value: Any) -> tuple[set[str], bool]:
    """What the arrays in a nest are made of, and whether one of them does not say."""
    names: set[str] = set()
    others = False
    for array in _arrays(value):
        if isinstance(array, TracedArray) and array.names:
            names |= array.names
        else:
            others = others or array.ndim > 0
    return names, others


def _of_numbers(key: Any) -> set[str]:
    """What those arrays in a key are made of that are no indices."""
    of = [array for array in _arrays(key) if array.dtype.kind in "fc"]
    return _names_in(of)[0]


def _arrays(value: Any) -> Iterator[Array]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, dict):
        yield from _arrays([*value.values()])


def _plain(value: Any) -> Any:
    if isinstance(value, TracedArray):
        return value.view(np.ndarray)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(map(_plain, value))
    return value
