"""The gradients of a file that declares no adapter: written from the usual names, then tried until one fits.

What is tried is the text of an adapter, the very one that ``chainrule check --init`` writes; so whatever was assumed
can be read, and changed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import parameter_names, plain_name
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.training_loops import loop_line
from chainrule.gradcheck.recognition import clipping, parameters, penalties
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch, Found
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import candidates, module_values
from chainrule.gradcheck.recognition.choices import Functions, by_gradient, choices
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import data_names
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.guess import guessed_layer
from chainrule.gradcheck.recognition.layers.pairs import only_layers
from chainrule.gradcheck.recognition.layers.reading import LayerReading, readings
from chainrule.gradcheck.recognition.layers.unrun import with_unrun
from chainrule.gradcheck.recognition.pairing import named
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.recognition.refusals import is_unplain, missing, refusal, says_nothing, shown
from chainrule.gradcheck.recognition.rivals import FittingAdapter
from chainrule.gradcheck.recognition.sequences import is_recurrent
from chainrule.gradcheck.recognition.speaking import is_special, speaking
from chainrule.gradcheck.recognition.texts import adapter_texts
from chainrule.gradcheck.recognition.witnessed.rows import with_witnessed

_MOST_SECONDS = 8.0
"""What all tries may take of the processor's time."""

_MOST_SECONDS_IN_ALL = 10.0
"""What is left of this is for calls as the file makes them, should nothing fit."""

_MOST_SECONDS_BESIDE_LAYERS = 2.0
"""What those of nets may take where the file has nothing to be checked but layers; elsewhere, what those of layers may
take once the others have taken all."""


def recognise(file: Definitions, namespace: dict[str, Any], seed: int) -> list[Recognised]:
    """Every gradient of a file, each with the adapter that fits best: those that can be checked, and those that cannot,
    with the reason.

    What a checked gradient calls is checked with it.

    Args:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.

    Raises:
        CheckError: there is no cost or no gradient of a usual name, or no convention lets the cost run.
        Exception: what the user's own code raises, when no convention can be the reason.
    """
    end = time.process_time() + _MOST_SECONDS_IN_ALL
    try:
        rows = _guessed_rows(file, namespace, seed)
    except Exception:
        if rows := with_witnessed([], file, namespace, seed, end):
            return rows
        raise
    return rows if all(row.runs for row in rows) else with_witnessed(rows, file, namespace, seed, end)


def _guessed_rows(file: Definitions, namespace: dict[str, Any], seed: int) -> list[Recognised]:
    end = time.process_time() + _MOST_SECONDS
    with speaking(file):
        findings = _searched(file, namespace, seed, end)
        if findings.runs or not is_special():
            return _told(findings)
    if time.process_time() < end:
        # What other nets have may be called U, W and V as well.
        others = _searched(file, namespace, seed, end)
        if others.runs:
            return _told(others)
    with speaking(file):
        return _told(findings)


class _NetGradients(NamedTuple):
    """The gradients of nets.

    Attributes:
        rows: those that can be checked, and those of which a guess alone would tell something.
        fitting: the adapters of those that are checked.
        refused: the others, and what came of them.
    """

    rows: list[Recognised]
    fitting: list[FittingAdapter]
    refused: list[tuple[Functions, Found]]

    @property
    def checked(self) -> list[Function]:
        """The functions that are checked so."""
        return [function for fit in self.fitting for function in fit.candidate.functions.given]


class _Findings(NamedTuple):
    """What was found in a file: gradients of nets, and layers beside them."""

    search: AdapterSearch
    nets: _NetGradients
    layers: list[LayerReading]

    @property
    def runs(self) -> bool:
        """Whether something of it can be compared, and a loss beside its gradients is no net of another kind."""
        layers = any(layer.text and not layer.gradient for layer in self.layers)
        return layers or any(fit.fitness.runs for fit in self.nets.fitting)


def _searched(file: Definitions, namespace: dict[str, Any], seed: int, end: float) -> _Findings:
    search = AdapterSearch(file, namespace, module_values(file, namespace), seed)
    seconds = end - time.process_time()
    beside_layers = only_layers(file) and not is_recurrent()
    nets = _nets(search, _MOST_SECONDS_BESIDE_LAYERS if beside_layers else seconds)
    seconds = max(end - time.process_time(), 0.0) + _MOST_SECONDS_BESIDE_LAYERS
    read = readings(file, namespace, seed, file.used(nets.checked), nets.checked, seconds)
    handed = ([each.constant for each in several] for several in file.handed.values())
    return _Findings(search, nets, with_unrun(list(read), namespace, seed, handed))


def _told(findings: _Findings) -> list[Recognised]:
    search, nets, layers = findings
    file = search.file
    refused = {functions.shown for functions, _ in nets.refused}
    layers = [layer for layer in layers if layer.text or not (layer.is_net and layer.gradient in refused)]
    rows = [*nets.rows, *map(_layer_row, layers)]
    if any(row.runs for row in rows):
        of_layers = [(*layer.functions, *layer.parts) for layer in layers]
        known = {f.shown for functions in (file.used(nets.checked), *of_layers) for f in functions}
        checked = [*nets.checked, *(f for layer in layers if layer.text for f in layer.functions)]
        left = [
            (functions, found)
            for functions, found in nets.refused
            if functions.shown not in known and not _is_checked_with(file, functions, checked)
        ]
        return rows + [
            Recognised.not_checked(functions.shown, described(refusal(search, functions, found)))
            for functions, found in left
        ]
    # What was said of a net says more of what gives its loss and gradients.
    others = [] if nets.refused else [layer for layer in layers if layer.is_net]
    rows = [*nets.rows, *map(_layer_row, [layer for layer in layers if not layer.is_net] or others)]
    unplain = [each for each in nets.refused if is_unplain(*each)]
    if unplain:
        raise refusal(search, *unplain[0])
    runs = next((f.best for _, f in nets.refused if f.best is not None and not says_nothing(f.best)), None)
    if runs is not None:
        return _rows(search, runs, None)
    if rows and (only_layers(file) or not nets.refused):
        raise CheckError(*(f"{row.gradient}: {row.doubt}" for row in rows))
    raise refusal(search, *nets.refused[0]) if nets.refused else CheckError(missing(file))


def _nets(search: AdapterSearch, seconds: float) -> _NetGradients:
    nets = _NetGradients([], [], [])
    every = by_gradient(search.file)
    end = time.process_time() + seconds
    for number, group in enumerate(every):
        if _is_checked_with(search.file, group[0], nets.checked):
            continue
        found = search.best(group, (end - time.process_time()) / (len(every) - number))
        if found.best is None or not _is_meant(found.best):
            nets.refused.append((group[0], found))
            continue
        try:
            nets.rows.extend(_rows(search, found.best, found.rival))
            nets.fitting.append(found.best)
        except CheckError as error:
            nets.rows.append(Recognised.not_checked(group[0].shown, str(error)))
    return nets


def _layer_row(layer: LayerReading) -> Recognised:
    return Recognised(
        gradient=layer.label,
        cost="",
        text=layer.text,
        declared="",
        notes=list(layer.notes),
        variants=list(layer.variants),
        doubt=layer.why,
        unchecked=list(layer.unchecked),
    )


def _is_checked_with(file: Definitions, functions: Functions, checked: Sequence[Function]) -> bool:
    """Whether nothing is to be learnt from a gradient once others have been checked: these call it, or it is an update
    or a training loop that uses one of them."""
    if functions.shown in {f.shown for f in file.used(checked)}:
        return True
    if functions.by_update:
        return any(function.owner == functions.cost.owner for function in checked)
    return functions.gradient is None and any(f in checked for f in file.used([functions.cost]))


def _is_meant(fit: FittingAdapter) -> bool:
    """Whether a cost and a gradient belong together: as many arrays come back as there are parameters, and in their
    shapes but for axes of length 1; or those that do are right."""
    fitness = fit.fitness
    return fitness.cost and fitness.depends and (fitness.shapes >= 2 or fitness.agrees)


def _rows(search: AdapterSearch, best: FittingAdapter, rival: FittingAdapter | None) -> list[Recognised]:
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
    first, second = (
        (f.usual_cost and fit.candidate.adapter.calls["cost"]) or f.cost.shown
        for fit in (best, rival)
        for f in [fit.candidate.functions]
    )
    doubt = f"it is the gradient of {second}, not of {first}; if {{}} is meant"
    return [_row(search, fit, doubt.format(name)) for fit, name in ((best, first), (rival, second))]


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


def _row(search: AdapterSearch, fit: FittingAdapter, doubt: str) -> Recognised:
    candidate = fit.candidate
    functions = candidate.functions
    clipped, reached = _clipping(search, fit)
    doubt = doubt or search.doubles_doubt(candidate)
    doubt = doubt or (
        f"{clipped}, and reaches that bound where it would be compared, or close by" if reached else ""
    )
    return Recognised(
        gradient=functions.shown,
        cost=functions.usual_cost or functions.cost.shown,
        text=candidate.adapter.text,
        declared="",
        notes=[
            *_notes(fit),
            *([f"{clipped}, which is not reached where it was compared"] if clipped else []),
        ],
        variants=search.variants(candidate) if fit.fitness.agrees and not doubt else [],
        doubt=doubt,
        unchecked=_unchecked(search, fit) if fit.fitness.agrees and not doubt else [],
    )


def _unchecked(search: AdapterSearch, fit: FittingAdapter) -> list[str]:
    """What a gradient gives of arguments that were taken for no parameters: of the inputs, of a temperature."""
    program = search.program(fit.candidate)
    given = program.describe()
    returned = program.gradient(given.arrays, given.data)
    compared = {plain_name(name) for name in given.names}
    taken = {plain_name(a.name): a.name for f in fit.candidate.functions.given for a in f.arguments}
    named = [parameter_names(name) - {plain_name(name)} for name in returned.names]
    beside = dict.fromkeys(n for names in named if not names & compared for n in names & taken.keys())
    return [f"the gradient of {taken[name]}" for name in beside]


def _clipping(search: AdapterSearch, fit: FittingAdapter) -> tuple[str, bool]:
    """That a recurrent net's gradient is clipped, in words, and whether its bound is reached; empty where it is not."""
    if not fit.candidate.plan.convention.state or not fit.fitness.runs:
        return "", False
    program = search.program(fit.candidate)
    at = clipping.bound(program)
    if at is None:
        return "", False
    return f"the gradient is {at.words}", clipping.is_reached(program, at)


def _notes(fit: FittingAdapter) -> list[str]:
    """What an adapter assumes."""
    candidate = fit.candidate
    calls, functions = candidate.adapter.calls, candidate.functions
    notes = [f"assumed {candidate.plan.convention.words}", f"assumed {shown(candidate)}"]
    if functions.usual_cost:
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


def guess(file: Definitions) -> str:
    """An adapter that has not been tried: the likeliest for the functions of a file, or one to fill in."""
    with speaking(file):
        return _guessed(file)


def _guessed(file: Definitions) -> str:
    if only_layers(file) and (text := guessed_layer(file)):
        return text
    likeliest = next(candidates(file, list(choices(file)), {}), None)
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
