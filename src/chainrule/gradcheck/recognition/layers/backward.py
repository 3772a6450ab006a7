"""How a layer's backward pass is called, once the forward pass has run: what each argument may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import meaning, training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.built import optimizer
from chainrule.gradcheck.recognition.layers.calls import ForwardCall, call_of
from chainrule.gradcheck.recognition.layers.filled import FILLED, is_emptied
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.pass_names import is_rate_of, is_upstream
from chainrule.gradcheck.recognition.layers.upstream import (
    is_named,
    is_optional_upstream,
    is_upstream_of,
    of_each_output,
    outputs_of,
)

DOUT = "R"
"""What an adapter calls dJ/dout."""

LEFT = "left"
"""What it calls a dictionary that the backward pass fills."""

CACHE = re.compile(r"\w*cache\w*|ctx|context|mem(ory)?|saved|tape", re.IGNORECASE)
"""What an argument is called that gets what the forward pass has kept."""

_HOLDER = re.compile(r"grad(ient)?s|grads?_?(dict|store)", re.IGNORECASE)
_RATE = "1.0"
_OF_ROUNDS = ("1", "False")
"""What belongs to the rounds of training, and changes no gradient."""
_OF_INPUTS = re.compile(
    r"(a|x|act(ivation)?s?|inputs?|outputs?|layer)_?(prev(ious)?|before)|before|inputs?"
    r"|(prev(ious)?|before)_?(a|x|act(ivation)?s?|inputs?|outputs?|layer)",
    re.IGNORECASE,
)
"""What is called so, beside dJ/dout, came from the layer before."""

_OF_OUTPUT = re.compile(r"out(put)?s?", re.IGNORECASE)
"""And so, what the layer itself gave."""

_ONE = "1.0"
_AS_ROW = "dJ/dout was given as a row"


@dataclass(frozen=True)
class BackwardCall:
    """The backward pass as it is called.

    Attributes:
        takes_rate: it is given a rate of 1, or an optimizer with that.
        fills: it is given an empty dictionary.
        across: dJ/dout and the inputs' gradient lie across, as (N, K) where the outputs are (K, N).
        derivative: it gives the derivative of every entry, which is not yet multiplied by dJ/dout.
        guess: what was assumed and may be otherwise, in words.
        certain_alone: the guess is none where no call before this one runs.
        of_entries: it is given dJ/dout, though each entry of the output is a loss.
        of_one: it is given 1, as dJ/dout is of a loss.
        of_row: dJ/dout, which is a vector, is given as a row.
        output: the first output whose upstream gradient it is given; empty where it is the plan's.
        others: the expressions of the other outputs.
    """

    text: str
    takes_rate: bool = False
    fills: bool = False
    across: bool = False
    derivative: bool = False
    guess: str = ""
    certain_alone: bool = False
    of_entries: bool = False
    of_one: bool = False
    of_row: bool = False
    output: str = ""
    others: tuple[str, ...] = ()

    @property
    def upstream(self) -> dict[str, str]:
        """The outputs beside the first whose upstream gradients it is given, by what these are called."""
        return {f"{DOUT}{number}": text for number, text in enumerate(self.others, 2)}


def backward_calls(
    layer: LayerPair, forward: ForwardCall, ran: Mapping[str, Any], output: str, file: Definitions
) -> Iterator[BackwardCall]:
    """How the backward pass may be called, where the forward pass has left what it has.

    Args:
        ran: what the names of an adapter stand for.
        output: the expression of the layer's output.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    if layer.gives_both:
        yield BackwardCall("")
        return
    asked = layer.backward.fields
    steps = {a.name: optimizer(a.name, asked.get(a.name, ())) for a in layer.backward.arguments}
    given = {name: text for name, text in steps.items() if text}
    open_ones: list[Argument] = []
    returned = ran[OUT]
    parts = _parts(layer.forward, returned)
    outputs = outputs_of(layer.forward, returned)
    for argument in layer.backward.arguments:
        known = _known(forward, argument, parts)
        if argument.name in given:
            continue
        if is_rate_of(layer.backward, argument):
            given[argument.name] = _RATE
        elif not argument.required and not is_optional_upstream(argument, outputs):
            own = forward.given.get(argument.name) or forward.set_to.get(argument.name)
            given |= {argument.name: own} if own else {}
        elif known:
            given[argument.name] = known
        elif meaning(argument.name).role == "l2":
            given[argument.name] = forward.set_to.get(argument.name, "0.0")
        elif CACHE.fullmatch(argument.name):
            given[argument.name] = _cache(returned)
        elif argument.name in file.options:
            given[argument.name] = file.options[argument.name][0]
        else:
            open_ones.append(argument)
    if len(open_ones) > 1 and (beside := _beside_all(layer.backward, open_ones)):
        given |= beside
        open_ones = [argument for argument in open_ones if argument.name not in beside]
    known_ones = [a for a in layer.backward.arguments if a.name in given]
    rate = any(is_rate_of(layer.backward, a) or steps.get(a.name) for a in known_ones)
    fills = len(open_ones) > 1 and next((a for a in open_ones if _HOLDER.fullmatch(a.name)), None)
    if fills:
        given[fills.name] = LEFT
        open_ones.remove(fills)
    if np.ndim(ran["put_out"]) == 0 or forward.is_loss:
        if np.ndim(ran["put_out"]) and [a.name for a in open_ones if a.required and is_upstream(a.name)]:
            # Of each entry's loss it may be given dJ/dout like any other layer.
            of_each = call_of(layer, layer.backward, given | {open_ones[0].name: DOUT})
            yield BackwardCall(of_each, rate, bool(fills), of_entries=True)
        for others in _of_loss(forward, open_ones, _beside_loss(returned, output)):
            text = call_of(layer, layer.backward, given | others)
            guess = "".join(f"{value} was taken for {name}" for name, value in others.items())
            of_one = [*others.values()] == [_ONE]
            yield BackwardCall(text, rate, bool(fills), guess=guess, certain_alone=True, of_one=of_one)
        return
    if not open_ones:
        yield from _derivatives(layer, forward, given, output)
        return
    upstream = [a for a in open_ones if is_upstream_of(a, outputs)]
    clear = bool(upstream)
    douts = upstream or open_ones[:1]
    rest = [a for a in open_ones if a not in douts]
    if len(rest) > 1:
        raise CannotCallLayerError(f"what is {rest[0].name} of {layer.backward.name}?")
    if len(upstream) > 1 or (upstream and not upstream[0].required) or is_named(upstream, outputs):
        taken = of_each_output(layer.backward, upstream, outputs or {output: ""})
        names = {name: DOUT if i == 1 else f"{DOUT}{i}" for i, name in enumerate(taken, 1)}
        first, *further = taken.values()
        for place, of_rest in _handed_over(
            rest, forward, returned, output, given, of_function=not layer.owner
        ):
            handed = {rest[0].name: place} if rest else {}
            text = call_of(layer, layer.backward, given | handed | names)
            yield BackwardCall(text, rate, bool(fills), guess=of_rest, output=first, others=tuple(further))
        return
    dout = douts[0]
    guess = "" if clear else f"{dout.name} of {layer.backward.name} was taken for dJ/dout"
    for place, of_rest in _handed_over(rest, forward, returned, output, given, of_function=not layer.owner):
        given |= {rest[0].name: place} if rest else {}
        text = call_of(layer, layer.backward, given | {dout.name: DOUT})
        yield BackwardCall(text, rate, bool(fills), guess="; ".join(filter(None, (guess, of_rest))))
    if np.ndim(ran["put_out"]) == 1 and layer.owner:
        # Cells that are called with vectors get a row from the layer that follows.
        row = call_of(layer, layer.backward, given | {dout.name: f"{DOUT}[None]"})
        yield BackwardCall(row, rate, bool(fills), of_row=True, guess=_AS_ROW)
    if np.ndim(ran["put_out"]) == 2:
        across = call_of(layer, layer.backward, given | {dout.name: f"{DOUT}.T"})
        yield BackwardCall(across, rate, bool(fills), across=True, guess="dJ/dout was given across")
    if len(open_ones) == 1 and not clear:
        for place in (forward.inputs, output):
            text = call_of(layer, layer.backward, given | {dout.name: place})
            yield BackwardCall(text, derivative=True, guess=f"{dout.name} was taken for {place}")


def _beside_all(backward: Function, open_ones: Sequence[Argument]) -> dict[str, str]:
    """What a backward pass never reads, and how often something was done or whether it is to be shown, as the number of
    an epoch; nothing where that is all that it takes."""
    names = [argument.name for argument in open_ones if not is_upstream(argument.name)]
    unread = {name: "None" for name in names if name not in backward.reads}
    counts = {name: text for name in names if (text := training_setting(name)) and text in _OF_ROUNDS}
    return {} if len({**unread, **counts}) == len(open_ones) else counts | unread


def _handed_over(
    rest: list[Argument],
    forward: ForwardCall,
    returned: Any,
    output: str,
    given: Mapping[str, str],
    *,
    of_function: bool,
) -> Iterator[tuple[str, str]]:
    """What the forward pass hands over beside dJ/dout, with what is guessed of it: its cache, inputs or output."""
    if not rest:
        yield "", ""
        return
    cache = _cache(returned) if isinstance(returned, tuple) else ""
    if cache and cache not in given.values():
        yield cache, ""
        return
    name = rest[0].name
    # Of a layer with weights it may be what comes before its activation.
    is_output = of_function and len(forward.arrays) == 1 and _OF_OUTPUT.fullmatch(name) is not None
    places = [] if cache else [forward.inputs]
    for place in [output, *places] if is_output else [*places, output]:
        is_meant = is_output if place == output else _OF_INPUTS.fullmatch(name)
        yield place, "" if is_meant else f"{name} was taken for {place}"


def _derivatives(
    layer: LayerPair, forward: ForwardCall, given: Mapping[str, str], output: str
) -> Iterator[BackwardCall]:
    """Those of a backward pass that takes no dJ/dout: a derivative at its inputs, or at its outputs."""
    for place in (forward.inputs, output):
        at = {name: place if text == forward.inputs else text for name, text in given.items()}
        text = call_of(layer, layer.backward, at)
        yield BackwardCall(text, derivative=True, guess=f"a derivative at {place} was assumed")


def _beside_loss(returned: Any, output: str) -> list[str]:
    """What a loss gives beside itself, as the probabilities that it is of."""
    if not isinstance(returned, tuple):
        return []
    places = [f"{OUT}[{place}]" for place, value in enumerate(returned) if isinstance(value, np.ndarray)]
    return [place for place in places if place != output]


def _of_loss(forward: ForwardCall, open_ones: list[Argument], beside: list[str]) -> Iterator[dict[str, str]]:
    """What the rest of a loss's backward pass may be: 1, the inputs, or what the forward pass has made of them."""
    if not open_ones:
        yield {}
        return
    if len(open_ones) > 1:
        raise CannotCallLayerError(f"what is {open_ones[0].name} of a loss's backward pass?")
    inputs = next((text for text in forward.given.values() if forward.inputs in text), forward.inputs)
    # Only what is called an upstream gradient is 1 where the probabilities that the loss is of are at hand.
    upstream = is_upstream(open_ones[0].name)
    for text in (_ONE, *beside, inputs, "layer.output") if upstream or not beside else (*beside, inputs):
        yield {open_ones[0].name: text}


def _known(forward: ForwardCall, argument: Argument, parts: Mapping[str, str]) -> str:
    """What an argument of the backward pass gets by its name; empty where that does not say."""
    fills = any(map(is_emptied, forward.given.values()))
    if fills and (CACHE.fullmatch(argument.name) or is_emptied(forward.given.get(argument.name, ""))):
        return FILLED
    if argument.name in forward.given:
        return forward.given[argument.name]
    if argument.name in parts:
        return parts[argument.name]
    kind = kind_of(argument.name)
    roles = [name for name, of in forward.arrays.items() if kind == of not in ("other", "state")]
    return roles[0] if len(roles) == 1 else ""


def _parts(function: Function, returned: Any) -> dict[str, str]:
    """The parts of what the forward pass gives by the names that they have in it."""
    if not isinstance(returned, tuple) or len(returned) != len(function.returns):
        return {}
    return {name: f"{OUT}[{place}]" for place, name in enumerate(function.returns) if name}


def _cache(returned: Any) -> str:
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        raise CannotCallLayerError("the forward pass gives no cache")
    nests = [place for place, part in enumerate(returned) if place and isinstance(part, tuple | list | dict)]
    if len(nests) == 1:
        return f"{OUT}[{nests[0]}]"
    return f"{OUT}[1]" if len(returned) == 2 else f"{OUT}[1:]"
