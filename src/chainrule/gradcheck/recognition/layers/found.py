"""Layers in no usual layout: what shape each of their arrays may have is found from what runs together."""

from __future__ import annotations

import copy
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.assignments import assignments
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, backward_calls
from chainrule.gradcheck.recognition.layers.calls import is_net
from chainrule.gradcheck.recognition.layers.drawn_arrays import arrays_of, records, shaped
from chainrule.gradcheck.recognition.layers.filled import SHELF
from chainrule.gradcheck.recognition.layers.first_runs import output_of
from chainrule.gradcheck.recognition.layers.kinds import LISTS, ArgumentKind, kind_of
from chainrule.gradcheck.recognition.layers.likely_arrays import (
    SAMPLES,
    TABLE,
    features_first,
    of_parameters,
    ordered,
)
from chainrule.gradcheck.recognition.layers.plans import (
    NO_LOSS,
    CannotTryLayerError,
    LayerPlan,
    drawn,
    evaluated,
    is_own,
)
from chainrule.gradcheck.recognition.layers.shapes import Shape
from chainrule.gradcheck.recognition.layers.tracing import traced, traced_as_made_anew
from chainrule.gradcheck.recognition.layers.written_arrays import in_chain

MOST_FOUND = 6
"""How many ways to draw the other arrays are tried for each shape of the inputs with which the forward pass runs."""

_ENOUGH = 8
"""So many times a layer is seen not to run for a reason which no shape changes, before the tries end."""

_SHARES = 2
"""Of the time that is left, one share is for the next shape of the inputs."""


class NoTimeLeftError(Exception):
    """The tries with a shape of the inputs have taken their share of the time."""


class _MisshapenError(ValueError):
    """Gradients of other shapes than the arrays of these names."""

    def __init__(self, *names: str) -> None:
        super().__init__(f"the gradients of {', '.join(names)} are of other shapes")
        self.names = names


class _PickingIndex:
    """A number that is good for nothing but to pick an entry: what else is done with the label of a single sample hides
    mistakes."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __index__(self) -> int:
        return int(self._number)


def found_plans(
    plan: LayerPlan, namespace: dict[str, Any], seed: int, seconds: float, *, single: bool
) -> Iterator[LayerPlan]:
    """The same plan with arrays with which its forward pass runs.

    Args:
        plan: what it says of shapes does not count.
        namespace: the module's own.
        seed: of what is drawn.
        seconds: what the tries may take of the processor's time.
        single: whether the inputs are to be a single sample.

    Raises:
        NoTimeLeftError: not all shapes were tried in time; its cause is what the layer raised last, if it never runs.
        Exception: what the layer raised last, where it never runs, or for a reason which no shape changes.
    """
    end = time.process_time() + seconds
    handed = [name for name, _ in plan.made.handed]
    made = None if handed or not plan.made.text else _drawn(plan.made.expression, namespace, seed)
    sizes = {size for place in places.of_object(made, "layer") for size in place.array.shape if size > 1}
    kinds: dict[str, ArgumentKind] = {
        name: "indices" if kind == "inputs" and kind_of(name) == "indices" else kind
        for name, kind in plan.call.arrays.items()
    }
    kinds |= {f"made.{name}": kind_of(name) for name in handed}
    of_scores = plan.call.is_loss and not is_net(plan.layer, plan.call)
    written = {} if single else {**in_chain(kinds), **plan.call.written}
    drawn_ones = {
        name: [
            *(shaped(kind, written[name]) if name in written else ()),
            *arrays_of(kind, sorted(sizes), single=single, of_loss=of_scores),
            *(text for shape in _beside_known(kind, plan, sizes) for text in shaped(kind, shape)),
        ]
        for name, kind in kinds.items()
    }
    choices = {name: [text.format(np=plan.numpy) for text in texts] for name, texts in drawn_ones.items()}
    choices |= {name: [drawn(kinds[name], repr(shape))] for name, shape in plan.call.shapes.items()}
    choices |= {name: [records(parts)] for name, parts in plan.call.records.items()}
    open_ones = {name for name in choices if name not in (*written, *plan.call.shapes, plan.call.inputs)}
    # Labels of another shape than the outputs are spread over these; they come last where all else is known.
    last = all(kinds[name] == "labels" for name in open_ones)
    values: dict[str, Any] = {}
    raised: list[Exception] = []
    own: list[Exception] = []

    runs_forward = False

    def blamed(chosen: Mapping[str, str]) -> frozenset[str] | None:
        nonlocal runs_forward
        for text in chosen.values():
            if text not in values:
                values[text] = _drawn(text, namespace, seed)
        if time.process_time() > until:
            raise NoTimeLeftError
        # Numbers and lists do not say where they are met, nor do indices that pick from what an object holds.
        untold = (*LISTS, "indices") if made is not None else LISTS
        numbers = {n for n, text in chosen.items() if kinds[n] in untold or not np.ndim(values[text])}
        given_values = {name: values[text] for name, text in chosen.items()}
        if plan.layer.is_of_cost and single:
            given_values |= {
                name: _PickingIndex(given_values[name])
                for name in numbers
                if kinds[name] in ("labels", "indices") and not np.ndim(given_values[name])
            }
        arrays, meeting = traced(given_values)
        traced_ones = {name: array for name, array in arrays.items() if "." not in name}
        given = {f"{name}_of_layer": arrays[f"made.{name}"] for name in handed}
        try:
            with traced_as_made_anew():
                if handed:
                    text = plan.made.handing({name: f"{name}_of_layer" for name in handed}).expression
                    layer = evaluated(text, namespace, {"rng": default_rng(seed), **given})
                    meeting.is_made()
                else:
                    layer = copy.deepcopy(made)
                ran = {**traced_ones, "layer": layer, "made": layer, SHELF: []}
                ran[OUT] = evaluated(plan.call.text, namespace, ran)
            if plan.wants_one_number:
                loss = evaluated(output_of(plan.layer, ran), namespace, ran)
                if np.ndim(loss) or not np.isfinite(loss):
                    raise CannotTryLayerError(NO_LOSS)
        except Exception as error:
            raised[:] = raised[-1:] if runs_forward else [error]
            own.extend([error] if is_own(error) else [])
            if len(own) == _ENOUGH:
                raise
            return meeting.blamed(chosen) | numbers
        with traced_as_made_anew():
            backwards = _raised_backwards(plan, ran, namespace)
        if backwards is not None:
            # What is raised once the forward pass has run says more than that this does not with other shapes.
            raised[:] = [backwards]
            runs_forward = True
        if isinstance(backwards, _MisshapenError):
            return frozenset((*backwards.names, plan.call.inputs))
        return meeting.blamed(chosen) | numbers if backwards is not None else None

    has_table = any(map(TABLE.fullmatch, choices))

    def place(name: str) -> tuple[bool, bool, bool]:
        # What reads a word comes before what is made of it.
        table = TABLE.fullmatch(name) is not None
        return not table, has_table and kinds[name] == "other", (kinds[name] == "labels") == last

    met, until, has_time = False, end, True
    of_class = bool(plan.made.text) and not plan.call.is_loss
    of_inputs_first = features_first(choices[plan.call.inputs], sizes if of_class else ())
    for inputs in of_inputs_first:
        # What never runs with one shape of the inputs is not to keep others from being tried.
        until = time.process_time() + (end - time.process_time()) / _SHARES
        others = {
            name: of_parameters(choices[name])
            if name in plan.call.together
            else ordered(name, kinds, inputs, choices[name], alike_first=of_class)
            for name in sorted(choices, key=place)
            if name != plan.call.inputs
        }
        of_inputs = assignments({plan.call.inputs: [inputs], **others}, blamed)
        try:
            for chosen in islice(of_inputs, MOST_FOUND):
                met = True
                given = tuple((name, chosen[name]) for name in plan.call.arrays)
                yield replace(
                    plan, found=given, made=plan.made.handing({n: chosen[f"made.{n}"] for n in handed})
                )
        except NoTimeLeftError:
            has_time = False
    last_raised = raised[0] if raised and not met else None
    if not has_time:
        raise NoTimeLeftError from last_raised
    if last_raised is not None:
        raise last_raised


def _beside_known(kind: ArgumentKind, plan: LayerPlan, made: Collection[int]) -> list[Shape]:
    """The shapes that data may have beside parameters that the file itself makes: ratings of as many users and items
    as these have rows, samples of as many features.

    Args:
        made: the sizes of those that the layer's object holds.
    """
    if kind not in ("inputs", "other", "labels", "mask") or not plan.layer.takes_the_same:
        return []
    known = {size for shape in plan.call.shapes.values() for size in shape if size > 1}
    return [
        *product(sorted(known), repeat=2),
        *((*SAMPLES[-axes:], size) for axes in (1, 2) for size in sorted(made)),
    ]


def _raised_backwards(plan: LayerPlan, ran: dict[str, Any], namespace: dict[str, Any]) -> Exception | None:
    """What the backward pass raises after the forward pass, in whatever way it is called; None where it runs, or
    where it is not known how it is called."""
    raised: Exception | None = None
    try:
        output = output_of(plan.layer, ran)
        ran["put_out"] = evaluated(output, namespace, ran)
        for call in backward_calls(plan.layer, plan.call, ran, output, plan.file):
            upstream = {DOUT: call.output or output, **call.upstream}
            outputs = {name: evaluated(text, namespace, ran) for name, text in upstream.items()}
            given = {name: np.ones_like(output) for name, output in outputs.items()}
            try:
                left = evaluated(call.text or "None", namespace, {**ran, **given, LEFT: {}})
                _require_shapes(plan, ran, ran[OUT] if plan.layer.gives_both else left)
            except Exception as error:
                raised = raised or error
            else:
                return None
    except (CannotCallLayerError, CannotTryLayerError):
        return None
    return raised


def _require_shapes(plan: LayerPlan, ran: Mapping[str, Any], returned: Any) -> None:
    """Refuse a vector of all parameters beside a gradient of another length, which holds more than the parameters; and
    arrays that are given as one beside gradients of other shapes that come as one.

    Raises:
        _MisshapenError: there are such.
    """
    lengths = {place.array.size for place in places.returned(returned, "g")}
    vectors = (name for name, kind in plan.call.arrays.items() if kind == "vector")
    others = [name for name in vectors if np.size(ran[name]) not in lengths]
    if isinstance(returned, tuple | list) and len(returned) == len(plan.call.together):
        pairs = zip(plan.call.together, returned, strict=True)
        others += [name for name, gradient in pairs if np.shape(ran[name]) != np.shape(gradient)]
    if others:
        raise _MisshapenError(*others)


def _drawn(text: str, namespace: dict[str, Any], seed: int) -> Any:
    return evaluated(text, namespace, {"rng": default_rng(seed)})
