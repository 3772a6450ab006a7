"""Files that hold layers: of each an adapter, or the reason why it cannot be checked.

A layer is run to see what its passes give and what they leave on its object; then its adapter is written, and tried as
any other.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition import adapter, layer_places
from chainrule.gradcheck.recognition.layer_backward import DOUT, BackwardCall, backward_calls
from chainrule.gradcheck.recognition.layer_calls import (
    OUT,
    CannotCallLayerError,
    forward_calls,
    option_sets,
)
from chainrule.gradcheck.recognition.layer_fitness import LayerFitness, layer_fitness
from chainrule.gradcheck.recognition.layer_objects import MadeLayer, made_layers
from chainrule.gradcheck.recognition.layer_pairs import LayerPair, helpers, layers_of, without_forward
from chainrule.gradcheck.recognition.layer_places import ArrayPlace
from chainrule.gradcheck.recognition.layer_plans import CannotTryLayerError, LayerPlan, quietly, ready
from chainrule.gradcheck.recognition.layer_shapes import (
    layouts,
    loss_layouts,
    special_layouts,
    special_loss_layouts,
)
from chainrule.gradcheck.recognition.layer_texts import LayerGradients, adapter_text, assumptions

MOST_SECONDS = 8.0
"""What the tries may take of the processor's time, for all layers of a file."""


class LayerReading(NamedTuple):
    """What a layer of a file is read as.

    Attributes:
        label: its two passes, ``Dense.forward / Dense.backward``.
        functions: these.
        text: an adapter that checks it; empty where it cannot be checked.
        notes: what that assumes.
        why: it cannot be checked, in words; empty where it can.
    """

    label: str
    functions: tuple[Function, ...]
    text: str = ""
    notes: tuple[str, ...] = ()
    why: str = ""


class _Judged(NamedTuple):
    """An adapter that runs, and how well it fits."""

    text: str
    notes: tuple[str, ...]
    fitness: LayerFitness
    output: Array


def readings(
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    covered: Collection[Function] = (),
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
        seconds: what the tries may take of the processor's time.
    """
    end = time.process_time() + seconds
    layers = [layer for layer in layers_of(file) if layer.backward not in covered]
    inside = {layer.label: helpers(layer, file) for layer in layers}
    read: list[LayerPair] = []
    refused: list[tuple[LayerPair, LayerReading]] = []
    for layer in layers:
        if any(layer in inside[outer.label] for outer in read):
            continue
        forms = [_reading(layer, file, namespace, seed, options, end) for options in option_sets(layer, file)]
        usable = _distinct(forms)
        yield from usable if len(usable) != 1 else [usable[0]._replace(label=layer.label)]
        if usable:
            read.append(layer)
        else:
            refused.append((layer, forms[0][0]))
    for layer, reading in refused:
        outer = [other for other in layers if layer in inside[other.label]]
        if not outer and not any(inner in read for inner in inside[layer.label]):
            yield reading
    for backward in without_forward(file):
        if backward not in covered:
            yield LayerReading(backward.shown, (backward,), why="there is no forward pass of its name")


def _distinct(forms: list[tuple[LayerReading, Array]]) -> list[LayerReading]:
    """Those that can be checked, without those that put out the same as another."""
    kept: list[tuple[LayerReading, Array]] = []
    for reading, output in forms:
        if reading.text and not any(np.array_equal(output, other) for _, other in kept):
            kept.append((reading, output))
    return [reading for reading, _ in kept]


def _reading(
    layer: LayerPair,
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    options: Mapping[str, str],
    end: float,
) -> tuple[LayerReading, Array]:
    """One form of a layer, and what it puts out."""
    form = f" ({', '.join(f'{name}={value}' for name, value in options.items())})" if options else ""
    reading = LayerReading(layer.label + form, (layer.forward, layer.backward))
    best, errors = _best(layer, file, namespace, seed, options, end)
    if best is not None and best.fitness.tells:
        return reading._replace(text=best.text, notes=best.notes), best.output
    if best is not None:
        why = best.fitness.doubt or "its gradients have other sizes than their arrays"
    elif time.process_time() > end:
        why = "there was no time left to try it"
    else:
        why = _why_not(layer, errors)
    return reading._replace(why=why), np.empty(0)


_OWN = NameError, ImportError, NotImplementedError, CannotCallLayerError
"""What says why a layer does not run, whatever it is given; all else may be that of a layout which is not its own."""


def _why_not(layer: LayerPair, errors: list[Exception]) -> str:
    """Of all that was raised what says most: what no layout changes, else what was raised last on the way."""
    own = next((error for error in errors if isinstance(error, _OWN)), None)
    error = own or max(errors, key=lambda e: _reached(layer, e), default=None)
    if error is None:
        return "its backward pass gives no gradient that can be told apart"
    ours = isinstance(error, CannotTryLayerError | CannotCallLayerError)
    named = str(error) if ours else f"{type(error).__name__}: {error!s:.200}"
    return named if own is not None or ours else f"no usual layout of its arrays lets it run ({named})"


def _reached(layer: LayerPair, error: Exception) -> tuple[int, int]:
    """How far the two passes had come when this was raised: in which, and at which line."""
    passes = [layer.forward.name, layer.backward.name]
    frames = traceback.walk_tb(error.__traceback__)
    return max(
        ((passes.index(f.f_code.co_name), line) for f, line in frames if f.f_code.co_name in passes),
        default=(-1, 0),
    )


def _best(
    layer: LayerPair,
    file: Definitions,
    namespace: dict[str, Any],
    seed: int,
    options: Mapping[str, str],
    end: float,
) -> tuple[_Judged | None, list[Exception]]:
    """The adapter that fits best; where none runs, why not."""
    best: _Judged | None = None
    errors: list[Exception] = []
    for plans in _groups(layer, file, options, errors):
        before = best
        for plan in plans:
            try:
                for judged in _judged(plan, file, namespace, seed):
                    if best is None or judged.fitness.order > best.fitness.order:
                        best = judged
            except Exception as error:
                errors.append(error)
            if (best is not None and best.fitness.settled) or time.process_time() > end:
                break
        if before is not None and before.fitness.unsummed and best is not None and best.fitness.best:
            words = "it agrees for one sample alone; with several a gradient is not summed over them"
            return best._replace(fitness=best.fitness._replace(doubt=words)), errors
        if best is not None and best.fitness.sized and (best.fitness.tells or best.fitness.nearly):
            break
    return best, errors


def _groups(
    layer: LayerPair, file: Definitions, options: Mapping[str, str], errors: list[Exception]
) -> Iterator[Iterator[LayerPlan]]:
    """How a layer may be tried, in groups, the likely ones first.

    A group is for layers that take nothing of those before: a stride of 1 after one of 2, a single sample after
    several. Whatever does not agree where it runs is not excused by what does in a later group.
    """
    try:
        calls = list(forward_calls(layer, file, options))
    except CannotCallLayerError as error:
        errors.append(error)
        return
    is_loss = "labels" in calls[0].arrays.values()
    grouped = (
        [(loss_layouts, calls), (special_loss_layouts, calls)]
        if is_loss
        else [(shapes, [call]) for shapes, call in product((layouts, special_layouts), calls)]
    )
    for shapes, group in grouped:
        plans = (
            LayerPlan(layer, call, layout, made, file.numpy or "np", bool(file.numpy))
            for call, layout in product(group, shapes())
            for made in (made_layers(layer.owner, file, layout) if layer.owner else [MadeLayer()])
        )
        yield iter({str((plan.call.text, plan.drawn(), plan.made)): plan for plan in plans}.values())


def _judged(plan: LayerPlan, file: Definitions, namespace: dict[str, Any], seed: int) -> Iterator[_Judged]:
    """The adapters of one plan.

    Raises:
        Exception: what the layer raises where shapes, settings or the object are not its own.
    """
    plan, ran = ready(plan, namespace, seed)
    failed: list[Exception] = []
    runs = False
    for call in backward_calls(plan.layer, plan.call, ran, plan.output, file):
        _, again = ready(plan, namespace, seed)
        try:
            variants = list(_gradients(plan, call, again, namespace))
        except Exception as error:
            failed.append(error)
            continue
        for gradients, loss in product(variants, _losses(plan, ran)):
            text = adapter_text(plan, call, gradients, loss)
            before = f"{plan.call.before} was assumed before it" if plan.call.before else ""
            of_call = "" if call.certain_alone and not runs else call.guess
            guess = "; ".join(filter(None, (plan.made.guess, of_call, before)))
            try:
                program = adapter.declared(text, namespace, default_rng(seed))
                fitness = layer_fitness(program, seed, guess=guess, samples=plan.layout.samples)
            except Exception as error:
                failed.append(error)
                continue
            yield _Judged(
                text, assumptions(plan, call, gradients, ran, loss), fitness, np.asarray(ran["value"])
            )
            if fitness.best:
                return
        runs = True
    if failed:
        raise failed[0]


def _losses(plan: LayerPlan, ran: Mapping[str, Any]) -> list[str]:
    """What the cost may be where the layer is a loss: what it gives, or the mean or the sum of that."""
    if np.ndim(ran["value"]) == 0:
        return [plan.output]
    return [f"{plan.numpy}.{of}({plan.output})" for of in ("mean", "sum")] if plan.is_loss else [""]


def _gradients(
    plan: LayerPlan, call: BackwardCall, ran: dict[str, Any], namespace: dict[str, Any]
) -> Iterator[LayerGradients]:
    """Where the gradients stand once the backward pass has run on what the forward pass has left."""
    made = layer_places.of_object(ran["made"], "layer") if plan.made.text else []
    before = [p._replace(array=p.array.copy()) for p in layer_places.of_object(ran.get("layer"), "layer")]
    given = _given(plan, call, ran, namespace)
    after = layer_places.of_object(ran.get("layer"), "layer")
    changed = layer_places.changed(before, after)
    known = {place.text for place in made}
    updated = [p for p in changed if p.text in known and not p.is_gradient]
    has_rate = call.takes_rate or any(value == "1.0" for _, value in plan.put)
    own, met = layer_places.parameters(
        made, [*given, *changed], updated if has_rate else [], list(plan.call.arrays)
    )
    kept = {place.text for same in own.values() for place in same} | {p.text for p in updated}
    left = [p for p in changed if p.text not in kept and all(p.text != other.text for other in met.values())]
    free = [p for p in given if all(p.text != other.text for other in met.values())]
    kinds = plan.call.arrays
    names = [plan.call.inputs, *(name for name in kinds if name != plan.call.inputs)]
    wanted = {name: ran[name] for name in names if kinds[name] != "labels" and ran[name].dtype.kind == "f"}
    standing = layer_places.gradients(wanted, free, left)
    inputs = plan.call.inputs
    if inputs in standing:
        across = ".T" if call.across else ""
        times = f"{DOUT} * " if call.derivative else ""
        standing[inputs] = f"{times}{standing[inputs]}{across}"
    standing |= {name: met[name].text for name in own if name in met}
    by_update = tuple(name for name in own if name not in met)
    standing |= {name: f"({name} - {own[name][0].text})" for name in by_update}
    unknown = () if has_rate else tuple(p.name for p in updated if meaning(p.name).role in PARAMETER_ROLES)
    if not standing:
        raise CannotTryLayerError("its backward pass gives no gradient")
    several = plan.layout.samples > 1 and not plan.is_loss and any(name != inputs for name in standing)
    for factor in ("", f"{plan.layout.samples} * ") if several else ("",):
        expressions = {n: text if n == inputs else f"{factor}{text}" for n, text in standing.items()}
        yield LayerGradients(own, expressions, by_update, unknown, factor)


def _given(
    plan: LayerPlan, call: BackwardCall, ran: dict[str, Any], namespace: dict[str, Any]
) -> list[ArrayPlace]:
    """The arrays of what the backward pass gives, and of the dictionary that it fills."""
    if plan.layer.gives_both:
        return layer_places.returned(ran[OUT][1], f"{OUT}[1]")
    value = quietly(eval, call.text, namespace, ran)
    return [
        *layer_places.returned(value, "g", plan.layer.backward.returns),
        *layer_places.returned(ran["left"], "left"),
    ]
