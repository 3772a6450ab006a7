"""How a user's function wants its parameters and its data, read from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.program.leaves import lives_in_place
from chainrule.gradcheck.program.names import is_parameter


class Binding(NamedTuple):
    """A way to call a function: ``call(parameters, data)``.

    Attributes:
        data_names: what the function calls the data, in their order.
        parameter_names: the arguments that get the parameters, in the order of these.
    """

    call: Callable[[Any, tuple[Any, ...]], Any]
    data_names: tuple[str, ...]
    parameter_names: tuple[str, ...] = ()


def bind(function: Callable[..., Any], parameters: Any, count: int, what: str) -> Binding:
    """How to call ``function`` with ``parameters`` and ``count`` further arguments.

    In this order: a method of the parameters, or a function of the module that holds them, takes the data alone; a
    dictionary whose keys are names of the function's arguments is passed by name; else the parameters come first, as
    one argument; else one argument each, where the names of the arguments tell which, or in front of the data.

    Args:
        function: the user's.
        parameters: the nest that it is to be called with.
        count: how many arguments follow the parameters.
        what: what to call the function in an error.

    Raises:
        CheckError: it takes another number of arguments.
    """
    if not callable(function):
        raise CheckError(f"{what}: is {type(function).__name__}, not a function; give one to be called")
    signature = _signature(function)
    names = _positional(signature)
    owner = getattr(function, "__self__", None)
    if owner is parameters or (
        lives_in_place(parameters) and _fits(signature, count) and not _fits(signature, count + 1)
    ):
        return Binding(lambda p, data: function(*data), names[:count])
    if isinstance(parameters, dict) and parameters and all(key in names for key in parameters):
        rest = tuple(n for n in names if n not in parameters)[:count]
        if len(rest) == count:
            by_name = lambda p, data: function(**p, **dict(zip(rest, data, strict=True)))  # noqa: E731
            return Binding(by_name, rest, tuple(parameters))
    if _fits(signature, count + 1):
        return Binding(lambda p, data: function(p, *data), names[1 : count + 1], names[:1])
    if isinstance(parameters, list | tuple | dict) and _fits(signature, count + len(parameters)):
        return _spread(function, len(parameters), count, names)
    name = getattr(function, "__name__", what)
    raise CheckError(
        f"{what} {name}: takes {len(names)} arguments, not the parameters and {count} more; wrap it: "
        f"lambda parameters, *data: {name}(...)"
    )


def _spread(function: Callable[..., Any], size: int, count: int, names: tuple[str, ...]) -> Binding:
    """One argument for each of ``size`` parameters: those whose names look like it, else the first ones."""
    places = [index for index, n in enumerate(names) if is_parameter(n)]
    if len(places) != size:
        places = list(range(size))
    others = [index for index in range(size + count) if index not in places]

    def call(p: Any, data: tuple[Any, ...]) -> Any:
        values = list(p.values()) if isinstance(p, dict) else list(p)
        arguments: list[Any] = [None] * (size + count)
        for index, value in zip([*places, *others], [*values, *data], strict=True):
            arguments[index] = value
        return function(*arguments)

    data_names, parameter_names = (
        tuple(names[index] for index in taken if index < len(names)) for taken in (others, places)
    )
    return Binding(call, data_names, parameter_names)


def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    """None of what is written in C and does not say."""
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _positional(signature: inspect.Signature | None) -> tuple[str, ...]:
    kinds = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    return tuple(p.name for p in signature.parameters.values() if p.kind in kinds) if signature else ()


def _fits(signature: inspect.Signature | None, count: int) -> bool:
    """Whether so many arguments may be given; what does not say takes any."""
    if signature is None:
        return True
    try:
        signature.bind(*[None] * count)
    except TypeError:
        return False
    return True
