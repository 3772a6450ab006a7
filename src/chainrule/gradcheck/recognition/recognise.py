"""Adapters for files that declare none: written from the usual names, then tried until one runs.

What is tried is the text of an adapter, the very one that ``chainrule check --init`` writes; so whatever was assumed
can be read, and changed.
"""

from __future__ import annotations

import itertools
import linecache
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import PARAMETER_ROLES, FunctionKind, meaning, rank
from chainrule.gradcheck.program.signatures import Argument, Definitions, Function
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.recognition import adapter, conventions, parameters
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.calling import (
    AdapterPlan,
    AdapterText,
    CannotCallError,
    Functions,
    adapter_texts,
    data_names,
)
from chainrule.gradcheck.recognition.conventions import Convention

_MOST_TRIES = 5000
_PERFECT = 6
_MOST_OF_A_KIND = 3
_OWN = NameError, ImportError, OSError, NotImplementedError, MemoryError, RecursionError
"""What the user's code raises whatever it is given; a convention that is not its own raises other things."""


class Recognised(NamedTuple):
    """An adapter that runs, what it gives, and what was assumed, in words."""

    text: str
    program: LocalProgram
    notes: tuple[str, ...]


class Candidate(NamedTuple):
    """An adapter to try, how it lays out arrays, and the functions that it calls."""

    adapter: AdapterText
    convention: Convention
    functions: Functions


def recognise(file: Definitions, namespace: dict[str, Any], seed: int) -> Recognised:
    """The first adapter whose functions run, or the one that gets furthest.

    Args:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.

    Raises:
        CheckError: there is no cost or no gradient of a usual name, or no convention lets the cost run.
        Exception: what the user's own code raises, when no convention can be the reason.
    """
    best: tuple[int, Candidate] | None = None
    errors: list[Exception] = []
    values = _module_values(namespace)
    for candidate in itertools.islice(candidates(file, values), _MOST_TRIES):
        try:
            program = declared(candidate.adapter.text, namespace, default_rng(seed))
        except Exception as error:
            errors.append(error)
            continue
        score = _score(program, errors)
        if score and (best is None or score > best[0]):
            best = score, candidate
        if score == _PERFECT:
            break
    if best is None:
        raise _refusal(file, values, errors)
    _, candidate = best
    text, calls = candidate.adapter
    shown = "; ".join(f"{kind} {call}" for kind, call in calls.items())
    notes = f"assumed {candidate.convention.words}", f"assumed {shown}"
    return Recognised(text, declared(text, namespace, default_rng(seed)), notes)


def guess(file: Definitions) -> str:
    """An adapter that has not been tried: the likeliest for the functions of a file, or one to fill in."""
    likeliest = next(candidates(file, {}), None)
    if likeliest is not None:
        return likeliest.adapter.text
    arguments = tuple(Argument(name) for name in ("X", "Y", "W", "b", "lam"))
    costs, gradients = _named(file, "cost"), _named(file, "gradient")
    cost = costs[0] if costs else Function("compute_cost", arguments)
    gradient = gradients[0] if gradients else Function("compute_gradients", arguments)
    own = next(parameters.separate(["W", "b"], Convention(), (1,)))
    functions = Functions(cost._replace(owner=""), gradient._replace(owner=""))
    plan = AdapterPlan(functions, data_names(functions), own, Convention(), file.numpy, open=True)
    return next(adapter_texts(plan)).text


def declared(text: str, namespace: dict[str, Any], rng: np.random.Generator) -> LocalProgram:
    """What an adapter given as text declares, in the module whose names it uses."""
    declaring: dict[str, Any] = {}
    linecache.cache[ADAPTER] = len(text), None, text.splitlines(keepends=True), ADAPTER
    exec(compile(text, ADAPTER, "exec"), namespace, declaring)
    return adapter.declared_program(declaring[NAME], rng)


def _score(program: LocalProgram, errors: list[Exception]) -> int:
    """How far an adapter gets: 0 where its cost does not run, 6 where shapes of gradients are those of parameters."""
    given = program.describe()
    arrays, data = given.arrays, given.data
    number = True
    try:
        program.cost(arrays, data)
    except CheckError:
        number = False
    except Exception as error:
        errors.append(error)
        return 0
    try:
        returned = program.gradient(arrays, data)
    except Exception:
        return 2 if number else 1
    if given.has_numeric:
        try:
            program.gradient(arrays, data, function="numeric")
        except Exception:
            # It was taken for one by its name only.
            return 0
    shapes = [a.shape for a in arrays]
    gradients = [a.shape for a in returned.arrays if a.shape]
    if sorted(shapes) == sorted(gradients):
        return _PERFECT if number else 3
    loose = sorted(_loosely(s) for s in shapes) == sorted(_loosely(s) for s in gradients)
    return (5 if loose else 4) if number else (3 if loose else 1)


def _loosely(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _refusal(file: Definitions, values: Mapping[str, Any], errors: list[Exception]) -> Exception:
    """Why nothing fits: the user's own exception where it is no matter of convention, else what was found."""
    first = next(candidates(file, values), None)
    if first is None:
        return CheckError(_missing(file))
    own = next((error for error in errors if isinstance(error, _OWN)), None)
    if own is not None:
        return own
    names = " and ".join(f.name for f in first.functions[:2] if f is not None)
    last = str(errors[0]) if errors else ""
    return CheckError(
        f"{names} {'were' if ' and ' in names else 'was'} found, but no usual layout of X, labels, W and b lets the "
        f"cost run{f' ({last:.200})' if last else ''}; say how they are called: chainrule check --init FILE"
    )


def _missing(file: Definitions) -> str:
    """Which functions of usual names a file lacks, in words."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient")
    lacking = [kind for kind in kinds if not _named(file, kind)]
    names = ", ".join(function.name for function in file.functions[:8])
    wanted = " and no ".join(lacking) or "cost and gradient that can be called together"
    return (
        f"no {wanted} of a usual name (compute_cost, compute_gradients) {f'among {names}' if names else 'in it'}; "
        f"say how it is called: chainrule check --init FILE writes a {NAME} to start from"
    )


def candidates(file: Definitions, values: Mapping[str, Any]) -> Iterator[Candidate]:
    """Adapters to try, the likely ones first.

    Args:
        file: its functions.
        values: arrays, numbers and lists of the module, by name.
    """
    for functions in _choices(file):
        names = data_names(functions)
        has_bias = _mentions_bias(functions, values)
        for convention in conventions.every_convention(has_bias=has_bias):
            for given in parameters.parameter_sets(file, functions.given, convention, values):
                try:
                    for text in adapter_texts(AdapterPlan(functions, names, given, convention, file.numpy)):
                        yield Candidate(text, convention, functions)
                except CannotCallError:
                    continue


def _choices(file: Definitions) -> Iterator[Functions]:
    """Costs and gradients of usual names, with forward passes, all of one class or of none."""
    for cost in _named(file, "cost"):
        numeric = next(iter(_beside(cost, _named(file, "numeric"))), None)
        # A cost that gives several values may give the gradient as its second.
        alone: list[Function | None] = [None] if len(cost.returns) > 1 else []
        for gradient in _beside(cost, _named(file, "gradient")) or alone:
            forwards = _beside(cost, _named(file, "forward"))
            for forward in [None, *forwards]:
                if numeric:
                    yield Functions(cost, gradient, forward, numeric)
                yield Functions(cost, gradient, forward)


def _beside(cost: Function, others: Sequence[Function]) -> list[Function | None]:
    return [f for f in others if f != cost and f.owner in (cost.owner, "")]


def _named(file: Definitions, kind: FunctionKind) -> list[Function]:
    ranked = [(rank(function.name, kind), function) for function in file.functions]
    usable = [(place, function) for place, function in ranked if place is not None]
    return [function for _, function in sorted(usable, key=lambda pair: pair[0])][:_MOST_OF_A_KIND]


def _mentions_bias(functions: Functions, values: Mapping[str, Any]) -> bool:
    """Whether there is a bias beside the weights; True where it cannot be told."""
    arguments = {meaning(a.name).role for f in functions.given for a in f.arguments}
    roles = arguments if arguments & set(PARAMETER_ROLES) else {meaning(name).role for name in values}
    return "bundle" in arguments or "weights" not in roles or "bias" in roles


def _module_values(namespace: Mapping[str, Any]) -> dict[str, Any]:
    kinds = (np.ndarray, list, tuple)
    return {name: value for name, value in namespace.items() if isinstance(value, kinds) and name[:1] != "_"}
