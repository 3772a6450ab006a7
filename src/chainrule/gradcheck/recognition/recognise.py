"""Adapters for files that declare none: written from the usual names, then tried until one fits.

What is tried is the text of an adapter, the very one that ``chainrule check --init`` writes; so whatever was assumed
can be read, and changed.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import PARAMETER_ROLES, FunctionKind, meaning
from chainrule.gradcheck.program.signatures import Argument, Definitions, Function
from chainrule.gradcheck.recognition import adapter, conventions, layer_guess, layers, objects, parameters
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.calling import AdapterPlan, CannotCallError
from chainrule.gradcheck.recognition.choices import Functions, choices, named
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import DataNames, called, data_names
from chainrule.gradcheck.recognition.fitness import Fitness, fitness
from chainrule.gradcheck.recognition.layer_pairs import only_layers
from chainrule.gradcheck.recognition.texts import AdapterText, adapter_texts

_MOST_TRIES = 5000
_MOST_SECONDS = 8.0
"""What the tries may take of the processor's time."""

_MOST_SECONDS_BESIDE_LAYERS = 2.0
"""The same where the file has nothing to be checked but layers, unless these fit a cost of it."""

_MOST_SECONDS_RUNNING = 2.0
"""How long adapters whose functions run are held against each other where no gradient agrees with its cost."""

_OWN = NameError, ImportError, OSError, NotImplementedError, MemoryError, RecursionError
"""What the user's code raises whatever it is given; a convention that is not its own raises other things."""


class Recognised(NamedTuple):
    """An adapter that runs, what it gives, and what was assumed, in words."""

    text: str
    program: LocalProgram
    notes: tuple[str, ...]


class Candidate(NamedTuple):
    """An adapter to try, how it lays out arrays, the functions that it calls, and what it calls the data.

    Attributes:
        beginning: what it has in common with those that cannot run where it does not: its arrays, and its cost, or
            the forward pass of one that is not the file's own.
    """

    adapter: AdapterText
    convention: Convention
    functions: Functions
    names: DataNames
    beginning: str


def recognise(file: Definitions, namespace: dict[str, Any], seed: int) -> Recognised:
    """The first adapter whose gradient is that of its cost; where there is none, the one that fits best.

    Args:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.

    Raises:
        CheckError: there is no cost or no gradient of a usual name, or no convention lets the cost run.
        Exception: what the user's own code raises, when no convention can be the reason.
    """
    values = _module_values(file, namespace)
    try:
        fit, candidate = _best(file, namespace, values, seed)
    except Exception:
        if (layer := _layer(file, namespace, seed)) is None:
            raise
        return layer
    if not fit.runs and (layer := _layer(file, namespace, seed)) is not None:
        return layer
    text, calls = candidate.adapter
    shown = "; ".join(f"{kind} {call}" for kind, call in calls.items())
    if fit.cost and fit.shapes >= 2 and not fit.depends:
        raise CheckError(
            f"called as {shown}, cost or gradient are the same whatever the parameters and labels are; say how they "
            "are called: chainrule check --init FILE"
        )
    notes = [f"assumed {candidate.convention.words}", f"assumed {shown}"]
    if candidate.functions.usual_cost:
        notes.append(f"the file has no cost: its gradient is that of {calls['cost']}")
    if candidate.functions.by_update:
        notes.append("the gradient is what an update with a learning rate of 1 takes from the parameters")
    if left := _not_checked(file, candidate.functions):
        notes.append(f"not checked: {', '.join(left)}")
    return Recognised(text, adapter.declared(text, namespace, default_rng(seed)), tuple(notes))


def _best(
    file: Definitions, namespace: dict[str, Any], values: Mapping[str, Any], seed: int
) -> tuple[Fitness, Candidate]:
    """The adapter that fits best, and how well.

    Of several costs and gradients, the first pair that can be compared is the one that is checked: were it the one
    that agrees, a right pair would hide a wrong one.

    Raises:
        Exception: as :func:`recognise`.
    """
    best: tuple[Fitness, Candidate] | None = None
    errors: list[Exception] = []
    failed: set[str] = set()
    seconds = _MOST_SECONDS_BESIDE_LAYERS if only_layers(file) else _MOST_SECONDS
    end = time.process_time() + seconds
    for candidate in itertools.islice(candidates(file, values, failed), _MOST_TRIES):
        if time.process_time() > end:
            break
        functions = candidate.functions
        if best is not None and best[0].runs and functions.pair != best[1].functions.pair:
            continue
        try:
            program = adapter.declared(candidate.adapter.text, namespace, default_rng(seed))
            fit = fitness(program, candidate.names, seed)
        except Exception as error:
            errors.append(error)
            # A usual cost may have no value where another has one: the logarithm of what is negative.
            if not (functions.usual_cost and isinstance(error, CheckError)):
                failed.add(candidate.beginning)
            continue
        # A cost that is not the file's own convicts nobody. And where scores of one class let a cost run but no
        # gradient, a sum over classes may have taken the place of one over samples.
        says_nothing = functions.usual_cost and not (fit and fit.best)
        if fit is None or says_nothing or (candidate.convention.single and fit.shapes == 0):
            continue
        if best is None or fit > best[0]:
            best = fit, candidate
            if fit.best:
                break
        if fit.runs:
            end = min(end, time.process_time() + _MOST_SECONDS_RUNNING)
    if best is None:
        raise _refusal(file, values, errors)
    return best


def _not_checked(file: Definitions, functions: Functions) -> list[str]:
    """The file's own costs and gradients beside those that are checked."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient")
    every = [f for kind in kinds for f in named(file, kind) if not f.imported]
    return list(dict.fromkeys(f.shown for f in every if f not in functions.given))


def _layer(file: Definitions, namespace: dict[str, Any], seed: int) -> Recognised | None:
    """The first layer of a file that can be checked; None where there is none.

    Raises:
        CheckError: it has nothing but layers, and none can be checked.
    """
    every = list(layers.readings(file, namespace, seed))
    usable = next((reading for reading in every if reading.text), None)
    left = [reading.label for reading in every if reading is not usable]
    if usable is None and every and only_layers(file):
        raise CheckError(
            *(f"{r.label}: {r.why}; say how it is called: chainrule check --init FILE" for r in every)
        )
    if usable is None:
        return None
    notes = (*usable.notes, *([f"not checked: {', '.join(left)}"] if left else []))
    return Recognised(usable.text, adapter.declared(usable.text, namespace, default_rng(seed)), notes)


def guess(file: Definitions) -> str:
    """An adapter that has not been tried: the likeliest for the functions of a file, or one to fill in."""
    if only_layers(file) and (text := layer_guess.guess(file)):
        return text
    likeliest = next(candidates(file, {}), None)
    if likeliest is not None:
        return likeliest.adapter.text
    arguments = tuple(Argument(name) for name in ("X", "Y", "W", "b", "lam"))
    costs, gradients = named(file, "cost"), named(file, "gradient")
    cost = costs[0] if costs else Function("compute_cost", arguments)
    gradient = gradients[0] if gradients else Function("compute_gradients", arguments)
    own = next(parameters.separate(["W", "b"], Convention(), (1,)))
    functions = Functions(cost._replace(owner=""), gradient._replace(owner=""))
    plan = AdapterPlan(functions, data_names(functions.given)[0], own, Convention(), file, open=True)
    return next(adapter_texts(plan)).text


def _refusal(file: Definitions, values: Mapping[str, Any], errors: list[Exception]) -> Exception:
    """Why nothing fits: the user's own exception where it is no matter of convention, else what was found."""
    first = next(candidates(file, values), None)
    if first is None:
        return CheckError(_missing(file))
    own = next((error for error in errors if isinstance(error, _OWN)), None)
    if own is not None:
        return own
    if first.functions.usual_cost and first.functions.gradient is not None:
        return CheckError(
            f"no cost of a usual name (compute_cost) in it, and the gradient {first.functions.gradient.name} is that "
            "of none of the usual costs (cross-entropy, squared error); say how they are called: chainrule check "
            "--init FILE"
        )
    names = " and ".join(f.name for f in first.functions[:2] if f is not None)
    last = str(errors[0]) if errors else ""
    return CheckError(
        f"{names} {'were' if ' and ' in names else 'was'} found, but no usual layout of X, labels, W and b lets the "
        f"cost run{f' ({last:.200})' if last else ''}; say how they are called: chainrule check --init FILE"
    )


def _missing(file: Definitions) -> str:
    """Which functions of usual names a file lacks, in words."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient")
    lacking = [kind for kind in kinds if not named(file, kind)]
    names = ", ".join(function.name for function in file.functions[:8])
    wanted = " and no ".join(lacking) or "cost and gradient that can be called together"
    return (
        f"no {wanted} of a usual name (compute_cost, compute_gradients) {f'among {names}' if names else 'in it'}; "
        f"say how it is called: chainrule check --init FILE writes a {NAME} to start from"
    )


def candidates(
    file: Definitions, values: Mapping[str, Any], failed: Container[str] = ()
) -> Iterator[Candidate]:
    """Adapters to try, the likely ones first.

    Args:
        file: its functions.
        values: arrays, numbers and lists of the module, by name.
        failed: the beginnings of those that have not run; none with such a beginning is given any more.
    """
    asked = [(chosen, names) for chosen in choices(file) for names in data_names(_asking(chosen, file))]
    for tier, (functions, names) in itertools.product(range(conventions.TIERS), asked):
        for convention in conventions.tiers(has_bias=_mentions_bias(functions, file, values))[tier]:
            if functions.usual_cost and not names.labels:
                # Such a cost is one of labels.
                continue
            if convention.samples == "column" and not functions.usual_cost:
                # Of a single sample, an array of losses would pass for their mean.
                continue
            for given in itertools.chain(
                parameters.parameter_sets(file, called(functions, file), convention, values),
                objects.attribute_sets(file, called(functions, file), convention),
            ):
                plan = AdapterPlan(functions, names, given, convention, file)
                arrays = f"{functions.cost.name} {names} {convention} {given.values} {given.net} {given.held}"
                if functions.usual_cost and arrays in failed:
                    continue
                try:
                    for text in adapter_texts(plan):
                        beginning = arrays if functions.usual_cost else text.text.partition("gradient=")[0]
                        if beginning not in failed:
                            yield Candidate(text, convention, functions, names, beginning)
                except CannotCallError:
                    continue


def _asking(functions: Functions, file: Definitions) -> list[Function]:
    """All that asks for data: the functions that are called, and the attributes that they read."""
    reached = called(functions, file)
    return [*reached, objects.as_arguments(file, reached)]


def _mentions_bias(functions: Functions, file: Definitions, values: Mapping[str, Any]) -> bool:
    """Whether there is a bias beside the weights; True where it cannot be told."""
    arguments = {meaning(a.name).role for f in _asking(functions, file) for a in f.arguments}
    roles = arguments if arguments & set(PARAMETER_ROLES) else {meaning(name).role for name in values}
    return "bundle" in arguments or "weights" not in roles or "bias" in roles


def _module_values(file: Definitions, namespace: dict[str, Any]) -> dict[str, Any]:
    """The module's arrays and lists that its functions may read as parameters; asking for one gives it its value."""
    used = {name for function in file.functions for name in function.uses}
    values = {}
    for name in [name for name in used if meaning(name).role in PARAMETER_ROLES] + list(namespace):
        with contextlib.suppress(KeyError, NameError):
            values[name] = namespace[name]
    kinds = (np.ndarray, list, tuple)
    return {name: value for name, value in values.items() if isinstance(value, kinds) and name[:1] != "_"}
