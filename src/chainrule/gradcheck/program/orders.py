"""In which order functions take their arguments: the parameters first, or as the names of their arguments say.

``cost(parameters, X, Y, lam)`` is the usual order, and the first that is tried. Where it does not run, what is called
like parameters gets these, and what is called like inputs, labels or l2 gets the data that look so.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.program.binding import Binding, bind
from chainrule.gradcheck.program.interface import Data, FunctionName
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import Role, is_parameter, meaning
from chainrule.gradcheck.program.roles import find_roles
from chainrule.gradcheck.program.user_functions import called_so

_GIVEN_OTHERS = TypeError, ValueError, LookupError, AttributeError
"""What functions raise that are given other arguments than they expect."""


class _Holder(NamedTuple):
    """Arguments that take the parameters, and what each of them gets."""

    names: tuple[str, ...]
    values: Callable[[Any], Iterable[Any]]


class _NotRun(NamedTuple):
    """A function that did not run, how it was called, and what it raised."""

    name: FunctionName
    binding: Binding
    error: Exception


def programs(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    data: Data,
    *,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
) -> Iterator[LocalProgram]:
    """A program of these functions, in every order of their arguments in which they run; the usual one first.

    Args:
        cost, gradient, parameters, data, update, numeric: as of
            :class:`chainrule.gradcheck.program.local.LocalProgram`.

    Raises:
        CheckError: they run in none.
        Exception: what the user's code raises, where that is no matter of its arguments.
    """
    functions: dict[FunctionName, Callable[..., Any]] = {"cost": cost, "gradient": gradient}
    if numeric is not None:
        functions["numeric"] = numeric
    failures = []
    runs = False
    for called in _every_way(functions, parameters, data):
        program = LocalProgram(
            cost, gradient, parameters, data, update=update, numeric=numeric, called=called
        )
        failure = _failure(program, called)
        if failure is None:
            runs = True
            yield program
        else:
            failures.append(failure)
    if not runs:
        raise _refusal(functions[failures[0].name], failures[0]) from failures[0].error


def _every_way(
    functions: Mapping[FunctionName, Callable[..., Any]], parameters: Any, data: Data
) -> Iterator[dict[FunctionName, Binding]]:
    """Every way to call all of them: what calls its data by the cost's names gets the same under each."""
    for cost in _ways(functions["cost"], parameters, data, "cost"):
        others = {name: f for name, f in functions.items() if name != "cost"}
        ways = [_ways(function, parameters, data, name, cost) for name, function in others.items()]
        for bindings in itertools.product(*ways):
            yield {"cost": cost, **dict(zip(others, bindings, strict=True))}


def _failure(program: LocalProgram, called: Mapping[FunctionName, Binding]) -> _NotRun | None:
    """The first function that does not run with what was given; None where all do."""
    given = program.describe()
    for name, binding in called.items():
        try:
            if name == "cost":
                program.cost(given.arrays, given.data)
            else:
                program.gradient(given.arrays, given.data, function=name)
        except Exception as error:
            return _NotRun(name, binding, error)
    return None


def _refusal(function: Callable[..., Any], failure: _NotRun) -> Exception:
    """What is said of a function that runs in no order: the user's own exception where its arguments are no reason."""
    name, binding, error = failure
    certain = all(_is_bundle(n) or is_parameter(n) for n in binding.parameter_names)
    if certain or not binding.data_names or not isinstance(error, _GIVEN_OTHERS):
        return error
    called = getattr(function, "__name__", "function")
    arguments = ", ".join(inspect.signature(function).parameters)
    return CheckError(
        f"{called_so(name)} {called}({arguments}): with the parameters for {', '.join(binding.parameter_names)} it "
        f"ends in {type(error).__name__}: {error}; where another argument takes them, wrap it: "
        f"lambda parameters, *data: {called}(...)"
    )


def _ways(
    function: Callable[..., Any], parameters: Any, data: Data, name: FunctionName, cost: Binding | None = None
) -> list[Binding]:
    """Ways to call a function, the likely ones first; ``cost`` is how the cost is called.

    Raises:
        CheckError: there is none.
    """
    like_cost, others = [], []
    arguments = _by_keyword(function)
    for holder in _holders(function, arguments, parameters, data, cost):
        rest = {argument: needed for argument, needed in arguments.items() if argument not in holder.names}
        if cost and _fits(rest, cost.data_names):
            like_cost.append(_by_names(function, holder, cost.data_names))
        for taken in (_by_looks(rest, data), {}):
            names = _filled(rest, len(data), taken)
            others += [_by_names(function, holder, names)] if names is not None else []
    try:
        usual = [bind(function, parameters, len(data), called_so(name))]
    except CheckError:
        if not others:
            raise
        usual = []
    distinct: dict[object, Binding] = {}
    for way in (*like_cost, *usual, *others):
        distinct.setdefault((way.parameter_names, way.data_names), way)
    return list(distinct.values())


def _by_keyword(function: Callable[..., Any]) -> dict[str, bool]:
    """The arguments that can be given by name, and whether they must be; none where one cannot be given so."""
    try:
        every = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    if any(p.kind is p.POSITIONAL_ONLY for p in every):
        return {}
    named = (p for p in every if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
    return {p.name: p.default is p.empty for p in named}


def _holders(
    function: Callable[..., Any],
    arguments: Mapping[str, bool],
    parameters: Any,
    data: Data,
    cost: Binding | None,
) -> Iterator[_Holder]:
    """The arguments that may take the parameters: none of a method of theirs, one for all, or one each."""
    if getattr(function, "__self__", None) is parameters:
        yield _Holder((), lambda p: ())
        return
    if isinstance(parameters, dict) and parameters and all(key in arguments for key in parameters):
        yield _Holder(tuple(parameters), lambda p: p.values())
    for kind in (_is_bundle, is_parameter):
        like = [name for name in arguments if kind(name)]
        if len(like) == 1:
            yield _whole(like[0])
        elif isinstance(parameters, list | tuple | dict) and len(like) == len(parameters):
            yield _Holder(tuple(like), lambda p: p.values() if isinstance(p, dict) else p)
    if cost and len(cost.parameter_names) == 1 and cost.parameter_names[0] in arguments:
        yield _whole(cost.parameter_names[0])
    left = [name for name in arguments if name not in _by_looks(arguments, data).values()]
    if len(left) == 1 and len(arguments) == len(data) + 1:
        yield _whole(left[0])


def _whole(name: str) -> _Holder:
    """An argument that takes all parameters at once."""
    return _Holder((name,), lambda p: (p,))


def _is_bundle(name: str) -> bool:
    return meaning(name).role == "bundle"


def _fits(arguments: Mapping[str, bool], names: Sequence[str]) -> bool:
    """Whether these arguments are there, and others can be left out."""
    return set(names) <= set(arguments) and all(n in names or not arguments[n] for n in arguments)


def _by_looks(arguments: Mapping[str, bool], data: Data) -> dict[int, str]:
    """Arguments for inputs, labels and l2 by the place of the value that looks like it."""
    roles = find_roles(data, ())
    numbers = [place for place, value in enumerate(data) if isinstance(value, int | float)]
    places: dict[Role, int | None] = {"l2": numbers[0] if len(numbers) == 1 else None}
    if roles is not None:
        places |= {"inputs": roles.inputs, "labels": roles.labels}
    like = {role: [name for name in arguments if meaning(name).role == role] for role in places}
    return {
        place: like[role][0] for role, place in places.items() if place is not None and len(like[role]) == 1
    }


def _filled(arguments: Mapping[str, bool], count: int, taken: Mapping[int, str]) -> tuple[str, ...] | None:
    """Arguments for all data: those that are ``taken``, the others in order; None where the number does not fit."""
    left = [name for name in arguments if name not in taken.values()]
    needed = [name for name in left if arguments[name]]
    missing = count - len(taken)
    optional = [name for name in left if not arguments[name]][: max(missing - len(needed), 0)]
    filling = iter([name for name in left if name in needed or name in optional])
    if len(needed) + len(optional) != missing:
        return None
    return tuple(taken[place] if place in taken else next(filling) for place in range(count))


def _by_names(function: Callable[..., Any], holder: _Holder, names: tuple[str, ...]) -> Binding:
    """Every argument given by its name; the data to ``names``, in order."""

    def call(p: Any, data: tuple[Any, ...]) -> Any:
        held = dict(zip(holder.names, holder.values(p), strict=True))
        return function(**held, **dict(zip(names, data, strict=True)))

    return Binding(call, names, holder.names)
