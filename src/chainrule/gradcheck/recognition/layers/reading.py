"""Files that hold layers: of each an adapter, or the reason why it cannot be checked.

A layer is run to see what its passes give and what they leave on its object; then its adapter is written, and tried as
any other.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.furthest import described, furthest
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.calls import option_sets
from chainrule.gradcheck.recognition.layers.constructor_values import unknown_keys
from chainrule.gradcheck.recognition.layers.costs import costs_with_gradients, losses_with_gradients
from chainrule.gradcheck.recognition.layers.engines import engines
from chainrule.gradcheck.recognition.layers.fitness import OTHER_SHAPES
from chainrule.gradcheck.recognition.layers.initial import with_initial
from chainrule.gradcheck.recognition.layers.operation_trials import CheckedOperation, checked_operations
from chainrule.gradcheck.recognition.layers.pairs import (
    LayerPair,
    functions_of,
    helpers,
    layers_of,
    steps_beside,
    without_forward,
)
from chainrule.gradcheck.recognition.layers.parts import called_by, is_part_of
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, NoGradientError, is_own
from chainrule.gradcheck.recognition.layers.runs import code_of, lines_of_backward
from chainrule.gradcheck.recognition.layers.search import LayerSearch
from chainrule.gradcheck.recognition.layers.shapes import layouts
from chainrule.gradcheck.recognition.layers.variants import variants
from chainrule.gradcheck.recognition.own_failures import failed_on, up_to_failure
from chainrule.gradcheck.recognition.recognised import Variant, not_written

MOST_SECONDS = 8.0
"""What the tries may take of the processor's time, for all layers of a file; of more than these, a second for each."""


_SHARES = 2
"""Of the time that is left, one share is for a function that gives a loss and its gradients; all of it for the last."""

_SHARES_OF_LAYERS = 3
"""Of the time that is left, one share is for a layer where others come after it: one that never runs is not to keep
others from being tried."""


class LayerReading(NamedTuple):
    """What a layer of a file is read as.

    Attributes:
        label: its two passes, ``Dense.forward / Dense.backward``.
        functions: these, the methods that they call and that call them, and those that they replace.
        text: an adapter that checks it; empty where it cannot be checked.
        notes: what that assumes.
        variants: what else is to be tried once it is right.
        why: it cannot be checked, in words; empty where it can.
        arrays: those whose gradients the adapter checks.
        is_unwritten: whether that is so as it is not written yet.
        never_runs: whether that is so whatever it is given, as where a name is not defined.
        parts: all that they call, which is checked with them.
        is_net: whether it is a function that gives a loss and all its gradients, which may be a net's, or such a loss
            beside its gradients.
        gradient: the function that gives the gradients of such a loss; empty where the loss itself does.
        unchecked: what of it cannot be checked.
        is_derivative: whether it is an activation with its derivative, of which the gradients of a net are no part.
    """

    label: str
    functions: tuple[Function, ...]
    text: str = ""
    notes: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    why: str = ""
    is_net: bool = False
    parts: tuple[Function, ...] = ()
    unchecked: tuple[str, ...] = ()
    gradient: str = ""
    is_derivative: bool = False
    never_runs: bool = False
    is_unwritten: bool = False
    arrays: tuple[str, ...] = ()


def readings(
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    covered: Collection[Function] = (),
    checked: Collection[Function] = (),
    seconds: float = MOST_SECONDS,
) -> Iterator[LayerReading]:
    """Every layer of a file, with the adapter that fits it best: that whose gradient agrees, if there is one.

    Of a layer and those of the same class that it is made of, the outermost that runs counts. What a guess alone would
    make wrong cannot be checked.

    Args:
        file: its functions.
        namespace: the module's own, in which adapters are tried.
        seed: of what they draw.
        covered: functions that are checked otherwise; their layers are left out.
        checked: those of them that give a cost or a gradient; what calls them is checked with them.
        seconds: what the tries may take of the processor's time.
    """
    file = with_initial(file, namespace, seed)
    # By name: what is known of a function's arguments differs with who looks at it.
    covered_names, checked_names = {f.shown for f in covered}, {f.shown for f in checked}
    of_engines = [
        *up_to_failure(_of_engines(file, namespace, seed), lambda why: (_engine_failed(why), set()))
    ]
    yield from (reading for reading, _ in of_engines)
    inside_engines = {name for _, names in of_engines for name in names}
    layers = [
        layer for layer in layers_of(file) if layer.backward.shown not in covered_names | inside_engines
    ]
    inside = {layer.label: helpers(layer, file) for layer in layers}
    read: list[LayerPair] = []
    refused: list[tuple[LayerPair, LayerReading]] = []
    seconds = max(seconds, float(len(layers))) if seconds > 0 else seconds
    for left, layer in zip(range(len(layers), 0, -1), layers, strict=True):
        outer = [other for other in layers if layer in inside[other.label]]
        if any(other in read for other in outer):
            continue
        functions = tuple(f for pair in (layer, *outer) for f in functions_of(pair, file))
        began = time.process_time()
        forms = _forms(layer, file, namespace, seed, seconds / min(_SHARES_OF_LAYERS, left))
        # Without what whoever asks takes between two of them.
        seconds -= time.process_time() - began
        usable = _usable(forms, layer.label)
        yield from (
            form._replace(functions=functions, parts=tuple(called_by(layer, file))) for form in usable
        )
        if usable:
            read.append(layer)
        else:
            refused.append((layer, forms[0][0]))
    unread: list[tuple[LayerPair, LayerReading]] = []
    of_costs = [*losses_with_gradients(file), *costs_with_gradients(file)]
    for left, both in zip(range(len(of_costs), 0, -1), of_costs, strict=True):
        used = {both.backward.shown, *(f.shown for f in file.used([both.backward]))}
        if both.backward.shown in covered_names or used & checked_names:
            continue
        began = time.process_time()
        forms = _forms(both, file, namespace, seed, seconds / min(_SHARES, left))
        seconds -= time.process_time() - began
        gradient = "" if both.gives_both else both.backward.shown
        parts = tuple(called_by(both, file))
        usable = _usable(forms, both.label)
        yield from (r._replace(parts=parts, is_net=True, gradient=gradient) for r in usable)
        if usable:
            read.append(both)
        else:
            unread.append((both, forms[0][0]._replace(label=both.label, is_net=True, gradient=gradient)))
    for layer, reading in refused:
        outer = [other for other in layers if layer in inside[other.label]]
        if (
            not outer
            and not any(inner in read for inner in inside[layer.label])
            and not is_part_of(layer, read, file)
        ):
            yield reading
    yield from (reading for both, reading in unread if not is_part_of(both, read, file))
    for backward in without_forward(file):
        if backward.shown not in covered_names and not is_part_of(LayerPair(backward, backward), read, file):
            if backward.gives_nothing:
                yield _unwritten(backward.shown, (backward,), [backward.shown])
            else:
                yield LayerReading(backward.shown, (backward,), why="there is no forward pass of its name")


def _of_engines(
    file: Definitions, namespace: dict[str, Any], seed: int
) -> Iterator[tuple[LayerReading, set[str]]]:
    """Each operation of the engines of a file, and the backward passes that it is checked with: those of its engine's
    class, and those that its gradient goes through."""
    layers = layers_of(file)
    reached = set[str]()
    for forms in engines(file, namespace, seed):
        backward = forms[0].backward
        own = {layer.backward.shown for layer in layers if layer.owner == backward.owner}
        for checked in checked_operations(forms, file, namespace, seed, MOST_SECONDS):
            function = checked.operation.function
            if function.owner in reached - {backward.owner}:
                continue
            lines = lines_of_backward([checked.text] if layers and checked.text else (), namespace, seed)
            entered = {f.backward.shown for f in layers if code_of(f.backward, namespace) in lines}
            left = {layer.backward.shown for layer in layers} - entered - own
            called = called_by(LayerPair(function, backward, function.owner), file)
            parts = [*called, *(f for f in file.functions if f.owner == function.owner != backward.owner)]
            reached |= {f.owner for f in parts if f.shown in entered}
            reading = LayerReading(
                f"{function.shown} / {backward.shown}",
                (function, backward),
                checked.text,
                checked.notes,
                parts=tuple(f for f in parts if f.shown not in left),
                unchecked=checked.unchecked,
                variants=tuple(_called_otherwise(checked)),
            )
            if not checked.fitness.tells:
                reading = reading._replace(text="", why=checked.fitness.doubt or OTHER_SHAPES)
            yield reading, entered | own


def _engine_failed(why: str) -> LayerReading:
    return LayerReading("the operations of an engine", (), why=why)


def _called_otherwise(checked: CheckedOperation) -> Iterator[Variant]:
    """The other ways in which an operation is tried."""
    given = checked.operation.shown
    for other in checked.others:
        yield Variant(
            f"{checked.operation.function.name} as {{}}", given, other.operation.shown, other.text, "", True
        )


def _forms(
    layer: LayerPair, file: Definitions, namespace: dict[str, Any], seed: int, seconds: float
) -> list[tuple[LayerReading, Array]]:
    """All forms of a layer, and what they put out; each has its part of the time."""
    if layer.unwritten:
        reading = _unwritten(layer.label, functions_of(layer, file), layer.unwritten)
        return [(reading._replace(is_unwritten=layer.is_unwritten), np.empty(0))]
    try:
        searches = [
            LayerSearch(layer, file, namespace, seed, options) for options in option_sets(layer, file)
        ]
        return [_reading(search, seconds / len(searches)) for search in searches]
    except Exception as error:
        return [
            (LayerReading(layer.label, (layer.forward, layer.backward), why=failed_on(error)), np.empty(0))
        ]


def _unwritten(label: str, functions: Iterable[Function], names: Iterable[str]) -> LayerReading:
    """A layer of which functions are not written yet."""
    why = not_written(names)
    return LayerReading(label, tuple(functions), why=why, is_unwritten=True, never_runs=True)


def _usable(forms: list[tuple[LayerReading, Array]], label: str) -> list[LayerReading]:
    """Those that can be checked, without those that put out the same as another; one alone has the layer's label."""
    kept: list[tuple[LayerReading, Array]] = []
    for reading, output in forms:
        if reading.text and not any(np.array_equal(output, other) for _, other in kept):
            kept.append((reading, output))
    usable = [reading for reading, _ in kept]
    return usable if len(usable) != 1 else [usable[0]._replace(label=label)]


def _reading(search: LayerSearch, seconds: float) -> tuple[LayerReading, Array]:
    """One form of a layer, and what it puts out."""
    layer, options = search.layer, search.options
    form = f" ({', '.join(f'{name}={value}' for name, value in options.items())})" if options else ""
    reading = LayerReading(
        layer.label + form, tuple(functions_of(layer, search.file)), is_derivative=layer.is_derivative
    )
    if seconds <= 0:
        return reading._replace(why="there was no time left to try it"), np.empty(0)
    best = search.best(seconds)
    if best is None:
        never_runs = any(map(is_own, search.errors))
        return reading._replace(why=_why_not(layer, search), never_runs=never_runs), np.empty(0)
    if not best.fitness.tells:
        why = best.fitness.doubt or OTHER_SHAPES
        return reading._replace(why=why), best.output
    others = tuple(variants(search, best)) if best.fitness.best else ()
    unchecked = (*best.unchecked, *(f"the step of {f.shown}" for f in steps_beside(layer, search.file)))
    return reading._replace(
        text=best.text, notes=best.notes, variants=others, unchecked=unchecked, arrays=best.arrays
    ), best.output


def _why_not(layer: LayerPair, search: LayerSearch) -> str:
    """Of all that was raised what says most: what no layout changes, then that both passes run and give nothing, else
    what was raised last on the way."""
    errors = search.errors
    own = next((e for e in errors if is_own(e)), None)
    own = own or next((e for e in errors if isinstance(e, NoGradientError)), None)
    error = own or furthest(errors, [layer.forward.name, layer.backward.name])
    if error is None:
        return "its backward pass gives no gradient that can be told apart"
    ours = isinstance(error, CannotTryLayerError | CannotCallLayerError)
    named = str(error) if ours else described(error)
    if own is not None or ours:
        return named
    constructor = search.file.constructors.get(layer.owner)
    keys = unknown_keys(constructor, search.file, next(layouts())) if constructor else []
    unknown = f"; no value is known for {', '.join(map(repr, keys))}" if keys else ""
    return f"no usual layout of its arrays lets it run ({named}){unknown}"
