"""The gradients of a file that declares no adapter: written from the usual names, then tried until one fits.

What is tried is the text of an adapter, the very one that ``chainrule check --init`` writes; so whatever was assumed
can be read, and changed.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.leaves import named_leaves
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import parameters
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch, Found
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import candidates, module_values
from chainrule.gradcheck.recognition.checked_with import is_checked_with
from chainrule.gradcheck.recognition.choices import by_gradient, choices
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import data_names
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.guess import guessed_layer
from chainrule.gradcheck.recognition.layers.pairs import only_layers
from chainrule.gradcheck.recognition.layers.pass_names import is_backward
from chainrule.gradcheck.recognition.layers.reading import LayerReading, readings
from chainrule.gradcheck.recognition.layers.shared_passes import with_the_others
from chainrule.gradcheck.recognition.layers.unrun import with_unrun
from chainrule.gradcheck.recognition.own_failures import failed_on, up_to_failure
from chainrule.gradcheck.recognition.pairing import named, without_cost
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.recognition.refusals import OF_NO_COST, is_unplain, missing, refusal, says_nothing
from chainrule.gradcheck.recognition.rivals import FittingAdapter
from chainrule.gradcheck.recognition.rows import layer_row, rows_of, undefined_rows
from chainrule.gradcheck.recognition.sequences import is_recurrent
from chainrule.gradcheck.recognition.speaking import is_special, speaking
from chainrule.gradcheck.recognition.texts import adapter_texts
from chainrule.gradcheck.recognition.witnessed.rows import with_own_errors, with_witnessed

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
    unclear = [row for row in rows if row.runs and _is_unclear(row, namespace, seed)]
    if not unclear and all(row.is_told for row in rows):
        return with_own_errors(rows, file, namespace, seed, end)
    found = with_witnessed([row for row in rows if row not in unclear], file, namespace, seed, end)
    known = {row.gradient for row in found}
    return [*found, *(row for row in unclear if row.gradient not in known)]


def _is_unclear(row: Recognised, namespace: dict[str, Any], seed: int) -> bool:
    """Whether a gradient fails as it was to be called, or nothing says which array is that of which parameter."""
    try:
        program = declared(row.text, namespace, default_rng(seed))
        given = program.describe()
        back = program.gradient(given.arrays, given.data)
        match(named_leaves(given.names, given.arrays), named_leaves(back.names, back.arrays), back.kind)
    except Exception:
        # Whatever the user's code raises, the check itself will tell where nothing else is found.
        return True
    return False


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
    nets = _nets(search, _MOST_SECONDS_BESIDE_LAYERS if beside_layers else seconds, end)
    seconds = max(end - time.process_time(), 0.0) + _MOST_SECONDS_BESIDE_LAYERS
    read = readings(file, namespace, seed, file.used(nets.checked), nets.checked, seconds)
    handed = ([each.constant for each in several] for several in file.handed.values())
    every = [*up_to_failure(read, lambda why: LayerReading("layers", (), why=why))]
    return _Findings(search, nets, with_unrun(with_the_others(every), namespace, seed, handed))


def _told(findings: _Findings) -> list[Recognised]:
    search, nets, layers = findings
    file = search.file
    refused = {f.shown for f, _ in nets.refused} | {row.gradient for row in nets.rows if not row.runs}
    layers = [layer for layer in layers if layer.text or not (layer.is_net and layer.gradient in refused)]
    of_layers = {f.shown for layer in layers for f in layer.functions}
    rows = [row for row in nets.rows if not row.undefined or row.gradient not in of_layers]
    rows += [layer_row(layer, search.namespace) for layer in layers]
    if any(row.is_told for row in rows):
        usable = [layer for layer in layers if layer.text]
        known, checked = (
            {f.shown for f in file.used(nets.checked)}
            | {f.shown for layer in some for f in (*layer.functions, *layer.parts)}
            for some in (layers, usable)
        )
        rows = [row for row in rows if row.is_told or row.gradient not in checked]
        of_nets = [*nets.checked, *(f for layer in usable if layer.is_net for f in layer.functions)]
        in_layers = [f for layer in usable for f in layer.functions if not layer.is_derivative]
        left = [
            (functions, found)
            for functions, found in nets.refused
            if functions.shown not in known
            and not is_checked_with(file, functions, of_nets, in_layers)
            and not _is_of_another_file(functions)
        ]
        rows += [
            Recognised.not_written(functions.shown, functions.unwritten, functions.is_unwritten)
            if functions.unwritten
            else Recognised.not_checked(functions.shown, described(refusal(search, functions, found)))
            for functions, found in left
        ]
        named = known | refused | {row.gradient for row in rows}
        return rows + [Recognised.not_checked(f.shown, OF_NO_COST) for f in without_cost(file, named)]
    # What was said of a net says more of what gives its loss and gradients, but where this runs with nothing.
    others = [layer for layer in layers if layer.is_net and (layer.never_runs or not nets.refused)]
    layers = [layer for layer in layers if not layer.is_net] or others
    rows = [*nets.rows, *(layer_row(layer, search.namespace) for layer in layers)]
    unplain = [each for each in nets.refused if is_unplain(*each)]
    if unplain:
        raise refusal(search, *unplain[0])
    tried = (found.best for _, found in nets.refused if not found.may_agree)
    runs = next((best for best in tried if best is not None and not says_nothing(best)), None)
    if runs is not None:
        return rows_of(search, runs, None)
    if rows and (only_layers(file) or not nets.refused or any(layer.never_runs for layer in others)):
        raise CheckError(*(f"{row.gradient}: {row.doubt}" for row in rows))
    raise refusal(search, *nets.refused[0]) if nets.refused else CheckError(missing(file))


def _nets(search: AdapterSearch, seconds: float, last_end: float) -> _NetGradients:
    """Those of a file.

    Args:
        search: in it.
        seconds: what those of which nothing runs may take of the processor's time.
        last_end: when it is up for all.
    """
    nets = _NetGradients([], [], [])
    every = by_gradient(search.file)
    end = time.process_time() + seconds
    for number, group in enumerate(every):
        if is_checked_with(search.file, group[0], nets.checked):
            continue
        seconds_left = end - time.process_time() if not group[0].unwritten else 0.0
        try:
            most = last_end - time.process_time()
            found = search.best(group, seconds_left / (len(every) - number), most)
            if found.best is None or not _is_meant(found.best) or found.may_agree:
                row = Recognised.not_checked(group[0].shown, "")
                undefined = undefined_rows(row, [group[0].gradient or group[0].cost], search.namespace)
                nets.rows.extend(undefined)
                nets.refused.extend([] if undefined else [(group[0], found)])
                continue
            nets.rows.extend(rows_of(search, found.best, found.rival))
            nets.fitting.append(found.best)
        except Exception as error:
            nets.rows.append(Recognised.not_checked(group[0].shown, failed_on(error)))
    return nets


def _is_of_another_file(functions: Functions) -> bool:
    """Whether a gradient is the backward pass of a layer that the file imports: it is checked where it stands."""
    gradient = functions.gradient
    return gradient is not None and gradient.imported and bool(gradient.owner) and is_backward(gradient)


def _is_meant(fit: FittingAdapter) -> bool:
    """Whether a cost and a gradient belong together: as many arrays come back as there are parameters, and in their
    shapes but for axes of length 1; or those that do are right."""
    fitness = fit.fitness
    return fitness.cost and fitness.depends and (fitness.shapes >= 2 or fitness.agrees)


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
