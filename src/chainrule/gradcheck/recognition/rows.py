"""What is told of a gradient that is recognised: a row of the answer, or two where it cannot be told what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank, words_shared
from chainrule.gradcheck.program.names import meaning, parameter_names, plain_name
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.training_loops import is_total_cost, loop_line
from chainrule.gradcheck.recognition import clipping, penalties
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch
from chainrule.gradcheck.recognition.held_copies import agrees_elsewhere, doubt_of_copies
from chainrule.gradcheck.recognition.layers.reading import LayerReading
from chainrule.gradcheck.recognition.number_options import held_numbers
from chainrule.gradcheck.recognition.pairing import averaged_in, lacks_l2
from chainrule.gradcheck.recognition.penalties import OF_THE_SUM
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.recognition.refusals import shown
from chainrule.gradcheck.recognition.rivals import FittingAdapter
from chainrule.gradcheck.recognition.shared_arrays import copies_of
from chainrule.gradcheck.recognition.totals import times_as_large
from chainrule.gradcheck.recognition.undefined import undefined_name
from chainrule.gradcheck.recognition.witnessed.other_steps import knows_other_rates, may_be_meant


def layer_row(layer: LayerReading, namespace: dict[str, Any]) -> Recognised:
    row = Recognised(
        gradient=layer.label,
        cost="",
        text=layer.text,
        declared="",
        notes=list(layer.notes),
        variants=list(layer.variants),
        doubt=layer.why,
        unchecked=list(layer.unchecked),
        is_unwritten=layer.is_unwritten,
    )
    if row.runs or row.is_unwritten:
        return row
    # Of the two passes, the one that goes back.
    return next(iter(undefined_rows(row, layer.functions[:2][-1:], namespace)), row)


def undefined_rows(
    row: Recognised, gradients: Iterable[Function], namespace: dict[str, Any]
) -> list[Recognised]:
    """What is said of a gradient that cannot be computed, as a name is undefined; nothing where that is not so.

    Args:
        row: what is said of it else.
        gradients: the function that gives it, if it is known.
        namespace: the module's own.
    """
    found = filter(None, (undefined_name(function, namespace) for function in gradients))
    return [
        row._replace(undefined=name, line=line, doubt=f"it reads {name}, which nothing gives a value")
        for name, line in found
    ]


def rows_of(search: AdapterSearch, best: FittingAdapter, rival: FittingAdapter | None) -> list[Recognised]:
    """A gradient that can be checked; twice, with a doubt, where it cannot be told which cost or arrays are meant."""
    if rival is None:
        return [_row(search, best, _sums_doubt(search, best))]
    if best.candidate.functions.pair == rival.candidate.functions.pair:
        words = [fit.candidate.plan.convention.words for fit in (best, rival)]
        said = f"it is right with {words[0]}, and not with {words[1]}"
        return [
            _row(search, best, f"{said}; if the first is meant"),
            _row(search, rival, f"{said}; if the second is meant"),
        ]
    if times := _total_times(search, best, rival):
        return [_row(search, rival, "", times)]
    first, second = (
        (f.usual_cost and fit.candidate.adapter.calls["cost"]) or _cost_in_words(f.cost)
        for fit in (best, rival)
        for f in [fit.candidate.functions]
    )
    doubt = f"it is the gradient of {second}, not of {first}; if {{}} is meant"
    return [_row(search, fit, doubt.format(name)) for fit, name in ((best, first), (rival, second))]


def _cost_in_words(cost: Function) -> str:
    """A cost as the file's author knows it."""
    line = loop_line(cost.name)
    return cost.shown if line is None else f"the cost that the loop on line {line} computes"


def _total_times(search: AdapterSearch, best: FittingAdapter, rival: FittingAdapter) -> str:
    """How many times a usual cost the sum or the mean is that a training loop computes; empty where it is something
    else."""
    plan = rival.candidate.plan
    if not is_total_cost(best.candidate.functions.cost.name) or not rival.candidate.functions.usual_cost:
        return ""
    if not plan.names.labels:
        return ""
    axis = -1 if plan.convention.samples == "columns" else 0
    return times_as_large(
        search.program(best.candidate), search.program(rival.candidate), plan.names.labels, axis
    )


def _sums_doubt(search: AdapterSearch, fit: FittingAdapter) -> str:
    """Why a cost that was assumed tells nothing of a gradient that is one number, though the weights' are its own: the
    bias may be one number too. Where the file makes it an array it is none; and another cost with the same gradients of
    the weights differs by something of the biases alone, which no such sum is the gradient of."""
    functions = fit.candidate.functions
    if not functions.is_assumed or fit.fitness.best or search.are_summed(fit.candidate):
        return ""
    return (
        f"the file has no cost; held against {fit.candidate.adapter.calls['cost']} the gradients of the weights are "
        "right, but the others are one number each, as a sum over samples and units is, and not one over the samples; "
        "if that cost is meant"
    )


def _row(search: AdapterSearch, fit: FittingAdapter, doubt: str, times: str = "") -> Recognised:
    candidate = fit.candidate
    functions = candidate.functions
    clipped, reached = _clipping(search, fit)
    doubt = doubt or search.doubles_doubt(candidate)
    doubt = doubt or (
        f"{clipped}, and reaches that bound where it would be compared, or close by" if reached else ""
    )
    doubt = doubt or _step_doubt(search, fit) or _penalty_doubt(search, fit)
    doubt = doubt or _copies_doubt(search, fit)
    held = held_numbers(candidate.plan)
    variants = search.variants(candidate) if fit.fitness.agrees and not doubt else []
    return Recognised(
        gradient=functions.shown,
        cost=candidate.adapter.calls["cost"] if functions.usual_cost else functions.cost.shown,
        text=candidate.adapter.text,
        declared="",
        notes=[
            *_notes(fit, times),
            *([f"{clipped}, which is not reached where it was compared"] if clipped else []),
            *([f"held as they are: {', '.join(held)}"] if held else []),
        ],
        variants=variants,
        doubt=doubt,
        unchecked=_unchecked(search, fit, variants) if fit.fitness.agrees and not doubt else [],
        is_assumed=functions.is_assumed and fit.fitness.agrees and not search.are_summed(candidate),
        is_of_usual_cost=bool(functions.usual_cost) and not times,
    )


def _copies_doubt(search: AdapterSearch, fit: FittingAdapter) -> str:
    """Why the object of an adapter tells nothing: it holds copies of its parameters, and where these are others the
    gradient is wrong."""
    if not fit.candidate.functions.owner:
        return ""
    program = search.program(fit.candidate)
    held = copies_of(fit.candidate.plan, program.describe().names)
    if not held or agrees_elsewhere(program, search.seed):
        return ""
    return doubt_of_copies(program, fit.candidate.adapter.text, held, search.program_of, search.seed)


def _unchecked(search: AdapterSearch, fit: FittingAdapter, variants: Sequence[Variant]) -> list[str]:
    """What a gradient gives of arguments that were taken for no parameters, of the inputs, of a temperature; and what
    others make of it."""
    program = search.program(fit.candidate)
    given = program.describe()
    returned = program.gradient(given.arrays, given.data)
    compared = {plain_name(name) for name in given.names}
    taken = {plain_name(a.name): a.name for f in fit.candidate.functions.given for a in f.arguments}
    named = [parameter_names(name) - {plain_name(name)} for name in returned.names]
    beside = dict.fromkeys(n for names in named if not names & compared for n in names & taken.keys())
    return [f"the gradient of {taken[name]}" for name in beside] + [
        *_made_of_it(search.file, fit),
        *_left_out(fit, variants),
    ]


def _left_out(fit: FittingAdapter, variants: Sequence[Variant]) -> list[str]:
    """Batch norm, where an adapter leaves out scales and shifts as nothing depends on them, and no variant has them."""
    options = fit.candidate.plan.options
    names = [n for n, value in options.items() if value == "None" and meaning(n).role in ("scale", "shift")]
    given = (v.text for v in variants if all(f"{n}=" in v.text and f"{n}=None" not in v.text for n in names))
    if any(given):
        return []
    return [f"batch norm with {' and '.join(names)}, which is switched off"] if names else []


def _made_of_it(file: Definitions, fit: FittingAdapter) -> list[str]:
    """The arithmetic of the functions that make the gradient of the cost of what is compared."""
    functions = fit.candidate.functions
    if functions.penalty != OF_THE_SUM or functions.gradient is None:
        return []
    callers = [f.shown for f in averaged_in(file, functions.gradient)]
    return [f"the division by the number of samples and the penalty in {name}" for name in callers]


def _clipping(search: AdapterSearch, fit: FittingAdapter) -> tuple[str, bool]:
    """That a gradient is clipped, in words, and whether its bound is reached; empty where it is not."""
    if not fit.fitness.runs:
        return "", False
    program = search.program(fit.candidate)
    at = clipping.bound(program, with_large_parameters=not fit.candidate.plan.convention.state)
    if at is None:
        return "", False
    return f"the gradient is {at.words}", clipping.is_reached(program, at)


def _step_doubt(search: AdapterSearch, fit: FittingAdapter) -> str:
    """Why a step that is not the gradient of its cost may be meant all the same; empty where it may not."""
    functions, file = fit.candidate.functions, search.file
    gradient = functions.gradient
    if gradient is None or not functions.by_update or not fit.fitness.runs or fit.fitness.agrees:
        return ""
    if not knows_other_rates(file.used([gradient]), file.used([functions.cost])):
        return ""
    if not may_be_meant(search.program(fit.candidate), search.seed):
        return ""
    return (
        f"what {functions.shown} takes is the gradient with a decay, or a rate of its own for each parameter, of which "
        f"{functions.cost.shown} knows nothing; if it should be that of the cost alone"
    )


def _penalty_doubt(search: AdapterSearch, fit: FittingAdapter) -> str:
    """Why a gradient that knows no l2 need not be that of a cost that takes one: another gradient of the file takes it,
    and is called like the cost. Empty where it is meant."""
    functions, file = fit.candidate.functions, search.file
    gradient, cost = functions.gradient, functions.cost
    if gradient is None or fit.fitness.agrees or not lacks_l2(file, gradient, cost):
        return ""
    others = (
        f
        for f in file.functions
        if f.owner == gradient.owner
        and rank(f.name, "gradient") is not None
        and lacks_l2(file, gradient, f)
        and words_shared(cost.name, f.name) > words_shared(cost.name, gradient.name)
    )
    other = next(others, None)
    if other is None:
        return ""
    return (
        f"it takes no l2, which {cost.shown} does, and {other.shown} too, which is called like that; if {cost.shown} "
        "is its cost"
    )


def _notes(fit: FittingAdapter, times: str) -> list[str]:
    """What an adapter assumes; ``times``: how many times its usual cost that of the training loop is."""
    candidate = fit.candidate
    calls, functions = candidate.adapter.calls, candidate.functions
    notes = [f"assumed {candidate.plan.convention.words}", f"assumed {shown(candidate)}"]
    if times:
        notes.append(
            f"the cost that the training loop computes is {times}: a step against one is that against the other at "
            "another rate"
        )
    elif functions.usual_cost:
        notes.append(f"the file has no cost: its gradient is that of {calls['cost']}")
    notes += penalties.notes(functions.penalty, shown(candidate), agrees=fit.fitness.agrees)
    if candidate.plan.seeded:
        notes.append(
            "what is drawn at random is the same in cost and gradient: NumPy's generator begins anew in each"
        )
    if line := loop_line(functions.shown):
        notes.append(
            f"the training loop on line {line} was read as functions: what a round computes, and its step"
        )
    if functions.by_update:
        notes.append("the gradient is what an update with a learning rate of 1 takes from the parameters")
    return notes
