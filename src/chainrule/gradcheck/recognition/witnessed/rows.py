"""Every gradient that the file itself calls, with its cost."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import FunctionKind, is_update, rank
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.runs import reached_backwards
from chainrule.gradcheck.recognition.own_failures import failed_on
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.recognition.witnessed.begun_trainings import BegunTraining, of_small_nets, trainings
from chainrule.gradcheck.recognition.witnessed.fitting import FittingPair, fitting
from chainrule.gradcheck.recognition.witnessed.own_calls import WaitingStatements, own_calls
from chainrule.gradcheck.recognition.witnessed.pairs import Pair, pairs_of
from chainrule.gradcheck.recognition.witnessed.passes import pairs_of_passes, passes_of
from chainrule.gradcheck.recognition.witnessed.running import Running
from chainrule.gradcheck.recognition.witnessed.telling import row_of
from chainrule.gradcheck.recognition.witnessed.tried_calls import calls_of, is_step
from chainrule.gradcheck.recognition.witnessed.witnessed_call import WitnessedCall

_MOST_OF_ONE = 3.0
"""What the search for the cost of one gradient may take of the processor's time."""

_MOST_OF_A_STEP = 6.0
"""The same of a step, which may be a whole training."""


_LEAST_SECONDS = 6.0

_SLOW = 2.0
"""How long a run of the file takes of which one with smaller nets is looked at first."""

_OTHERS = "what the file calls itself"

_OWN_ERROR = (
    "the error that the backward passes are handed is computed in it, and nothing says how it is called"
)


def with_witnessed(
    rows: Sequence[Recognised], file: Definitions, namespace: dict[str, Any], seed: int, end: float
) -> list[Recognised]:
    """The rows of a file, with what of the rest can be checked as the file calls it.

    Args:
        rows: those that run, and those that do not.
        file: its functions.
        namespace: the module's own.
        seed: of what is drawn.
        end: when the processor's time should be up.
    """
    seconds = max(end - time.process_time(), _LEAST_SECONDS)
    known = {name for row in rows if row.runs for name in _functions_of(row)}
    try:
        found = witnessed(file, namespace, seed, [f for f in file.functions if f.shown in known], seconds)
    except Exception as error:
        return [*rows, *([Recognised.not_checked(_OTHERS, failed_on(error))] if rows else [])]
    checked = {name for row in found for name in _functions_of(row)}
    gradients = [f for f in file.functions if f.shown in checked]
    settled = {f.shown for f in file.used(gradients)}
    # Of a step that uses one of them nothing is to be learnt.
    steps = [f for f in file.functions if is_update(f.name)]
    settled |= {f.shown for f in steps if any(used in gradients for used in file.used([f]))}
    settled |= reached_backwards((row.text for row in found), file.functions, namespace, seed)
    return [*(row for row in rows if row.runs or settled.isdisjoint(_functions_of(row))), *found]


def with_own_errors(
    rows: Sequence[Recognised], file: Definitions, namespace: dict[str, Any], seed: int, end: float
) -> list[Recognised]:
    """The rows of a file all of which run: where these are layers alone, with what computes the error that it hands to
    them, checked as the file calls it, or named.

    Args:
        rows: they.
        file: its functions.
        namespace: the module's own.
        seed: of what is drawn.
        end: when the processor's time should be up.
    """
    known = {name for row in rows for name in _functions_of(row)}
    checked = [f for f in file.functions if f.shown in known]
    used = {f.shown for f in file.used(checked)}
    left = [name for name in file.own_errors if name not in used]
    if not left or any(row.cost for row in rows):
        return list(rows)
    seconds = max(end - time.process_time(), _LEAST_SECONDS)
    try:
        found = witnessed(file, namespace, seed, checked, seconds)
    except Exception as error:
        return [*rows, *(Recognised.not_checked(name, failed_on(error)) for name in left)]
    reached = {
        f.shown for f in file.used(f for f in file.functions if f.shown in {r.gradient for r in found})
    }
    whole = [row for row in found if not reached.isdisjoint(left)]
    # A loop of the top level hands over what a function computes, or has one that is checked in it.
    others = [name for name in left if name not in reached and not (whole and " " in name)]
    return [*whole, *rows, *(Recognised.not_checked(name, _OWN_ERROR) for name in others)]


def _functions_of(row: Recognised) -> list[str]:
    """The functions that a row is of."""
    return [row.cost, *row.gradient.partition(" (")[0].split(" / ")]


def witnessed(
    file: Definitions, namespace: dict[str, Any], seed: int, known: Sequence[Function], seconds: float
) -> list[Recognised]:
    """The gradients of a file that can be checked as it calls them itself.

    Args:
        file: its functions.
        namespace: the module's own.
        seed: of what is drawn.
        known: the functions that are checked otherwise.
        seconds: what all of it may take of the processor's time.
    """
    if not isinstance(namespace, WaitingStatements) or not file.functions:
        # The names of a file that has been run as a whole, or nothing that could be called.
        return []
    calls = own_calls(namespace)
    begun = time.process_time()
    end = begun + seconds
    seen = calls.every()
    small = [of_small_nets()] if time.process_time() - begun > _SLOW else []
    found = _in_trainings(iter(small), file, namespace, seed, known, end)
    found = found or _found(seen, file, namespace, seed, known, end)
    if found:
        namespace.need_rest()
    else:
        found = _in_trainings(trainings(file, seen), file, namespace, seed, known, end)
    return [row_of(fit, namespace, seed) for fit in found]


def _in_trainings(
    every: Iterator[BegunTraining],
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    known: Sequence[Function],
    end: float,
) -> list[FittingPair]:
    """Those in trainings that are begun here: by a file beside it; else in the first in which a gradient is right, as
    we have chosen the data; else, where all have been tried, in the first in which one runs."""
    first: list[FittingPair] = []
    doubted = set[str]()
    for training in every:
        if time.process_time() > end:
            return []
        found = _found(own_calls(namespace).every(training.text), file, namespace, seed, known, end)
        found = [_with_doubt(fit, training, doubted) for fit in found]
        # That of an error, which is none of parameters, may be right whatever the data are.
        most = max((fit.pair.parameters for fit in found), default=0)
        is_right = any(fit.agrees for fit in found if fit.pair.parameters == most)
        if is_right or (found and training.is_own):
            return found
        first = first or (found if training.convicts else [])
    return first


def _with_doubt(fit: FittingPair, training: BegunTraining, doubted: set[str]) -> FittingPair:
    """A gradient, with what is not checked of it where it was not that of its cost in the same net, filled with
    layers of other sizes.

    Args:
        fit: it.
        training: in which it is called.
        doubted: such nets, with gradient and cost; what this one tells is added.
    """
    pair = fit.pair
    net = re.sub(r"\d+", "", training.text.partition("net := ")[2])
    name = f"{pair.gradient.shown} {pair.cost.shown} {net}"
    if not net.startswith("(") or not pair.is_told:
        return fit
    if not fit.agrees:
        doubted.add(name)
    if name not in doubted:
        return fit
    words = f"nets with another number of outputs, in which it is not the gradient of {pair.cost.shown}"
    return fit._replace(pair=pair._replace(beside=(*pair.beside, words)))


def _found(
    calls: Mapping[str, WitnessedCall],
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    known: Sequence[Function],
    end: float,
) -> list[FittingPair]:
    """The gradients among some calls that can be checked as they are called there."""
    left = [f for f in file.functions if f.shown in calls and not _is_idle(f, file.used(known), file)]
    found: list[FittingPair] = []

    def fit(gradient: Function, most: float = _MOST_OF_ONE) -> FittingPair | None:
        for call in calls_of(gradient, calls, namespace, file):
            left_seconds = end - time.process_time()
            if left_seconds <= 0:
                return None
            with contextlib.suppress(OutOfTimeError, Exception), limited(min(left_seconds, most)):
                own = pairs_of(gradient, Running(call, namespace), file)
                if (meant := _meant(_fitting(own, namespace, seed))) is not None:
                    return meant
        with contextlib.suppress(OutOfTimeError, Exception), limited(_MOST_OF_ONE):
            passes = passes_of(gradient, calls, namespace, file)
            return passes and _meant(_fitting(pairs_of_passes(gradient, passes, file), namespace, seed))
        return None

    for gradient in sorted(left, key=lambda f: _order(f, file)):
        if gradient not in file.used(each.pair.gradient for each in found) and (best := fit(gradient)):
            found.append(best)
    for step in (f for f in file.functions if f.shown in calls and is_step(f)):
        # A layer may step by itself; a step of its net is one of all of them. Where there is no gradient, it is all.
        parts = [each for each in found if each.agrees and _calls(step, each.pair.gradient, file)]
        if (found and not parts) or (best := fit(step, _MOST_OF_A_STEP)) is None:
            continue
        if best.pair.parameters > max((each.pair.parameters for each in parts), default=0):
            found = [best, *(each for each in found if each not in parts)]
    return found


def _is_idle(function: Function, known: Sequence[Function], file: Definitions) -> bool:
    """Whether a function gives no gradient that is not known: it compares one with numeric ones, say."""
    if function in known or is_step(function) or rank(function.name, "numeric") is not None:
        return True
    reached = file.names_reached(function)
    kinds: tuple[FunctionKind, ...] = ("numeric", "gradient")
    return all(any(rank(name, kind) is not None for name in reached) for kind in kinds)


def _calls(function: Function, other: Function, file: Definitions) -> bool:
    """Whether a function calls another, as that of an object that it has as well."""
    reached = file.used([function])
    return other in reached or any(other.name in names for f in reached for names in f.fields.values())


def _order(function: Function, file: Definitions) -> tuple[bool, int]:
    """Those that are called so first, and of these what uses others before them."""
    return rank(function.name, "gradient") is None, -len(file.used([function]))


def _fitting(pairs: Iterator[Pair], namespace: dict[str, Any], seed: int) -> Iterator[FittingPair]:
    for pair in pairs:
        fit = fitting(pair, namespace, seed)
        if fit is not None:
            yield fit


def _meant(fits: Iterator[FittingPair]) -> FittingPair | None:
    """The pair that counts: the likeliest; none where several costs may be meant and only another one's gradient it
    is. Of several numbers that one function gives, such as a cost with its penalty and without, any may be meant."""
    first = next(fits, None)
    if first is None or first.agrees:
        return first
    other = next((fit for fit in fits if fit.agrees), None)
    return first if other is None else other if other.pair.cost == first.pair.cost else None
