"""How the object of a layer is made: what its constructor gets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.layers.asked_arguments import AskedArgument
from chainrule.gradcheck.recognition.layers.built import (
    DESCENT,
    DESCENT_OF_ALL,
    building_calls,
    optimizer_calls,
)
from chainrule.gradcheck.recognition.layers.constructor_values import values_of
from chainrule.gradcheck.recognition.layers.handed_layers import stand_ins
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.stacks import compositions, stack, takes_layers

_ROWS = Convention()


class MadeLayer(NamedTuple):
    """The expression that makes the object of a layer; empty for functions.

    Attributes:
        guess: what of it was assumed and may be another, in words.
        handed: the parameters that it is given, by argument, as they stand in the expression.
        built: the calls of the methods that make its parameters once they are told what its inputs are like,
            ``build((7, 6))``; none where its constructor makes them.
    """

    text: str = ""
    guess: str = ""
    handed: tuple[tuple[str, str], ...] = ()
    built: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """The same with all that comes before its first pass."""
        calls = ", ".join(f"layer.{call}" for call in self.built)
        return f"[layer := {self.text}, {calls}, layer][-1]" if calls else self.text

    @property
    def descends(self) -> bool:
        """Whether it has an optimizer that takes steps with a rate of 1."""
        return DESCENT in self.expression or DESCENT_OF_ALL in self.expression

    def handing(self, arrays: Mapping[str, str]) -> MadeLayer:
        """The same with other parameters, by argument."""
        text = self.text
        for name, before in self.handed:
            # Of b and Wb, the text of one ends that of the other.
            text = re.sub(rf"\b{name}={re.escape(before)}", f"{name}={arrays[name]}", text)
        return self._replace(text=text, handed=tuple((name, arrays[name]) for name, _ in self.handed))


def made_layers(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[MadeLayer]:
    """The objects of a class for inputs of this layout, the likeliest first.

    Kernels may be asked for as one size or as a pair, the inputs' shape with or without the samples, parameters may
    be handed in or drawn. What is made of layers gets some. Those that a method builds come later, and those last that
    are given an optimizer.
    """
    constructed = list(_as_constructed(owner, file, layout))
    every = constructed + [
        made._replace(built=built) for built in building_calls(owner, file, layout) for made in constructed
    ]
    yield from every
    for call in optimizer_calls(owner, file):
        yield from (made._replace(built=(*made.built, call)) for made in every)


def _as_constructed(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[MadeLayer]:
    constructor = file.constructors[owner]
    named = [a for a in constructor.arguments if not a.starred]
    held = stack(constructor, _ROWS, file, stand_ins(owner, file))
    stacks = compositions(_ROWS, file) if takes_layers(constructor.several) else []
    if takes_layers(constructor.several) and not stacks:
        stacks = [stand_ins(owner, file)]
    for stacked, handed_in in product([text[1:-1] for text in stacks] or [""], (False, True)):
        given = [values_of(AskedArgument(a, constructor, file, layout, handed_in)) for a in named]
        for chosen in product(*given):
            pairs = [(a.name, value) for a, value in zip(named, chosen, strict=True) if value.text]
            arguments = ", ".join(filter(None, [stacked, *(f"{name}={value.text}" for name, value in pairs)]))
            guesses = [f"{value.guess} for {name}" for name, value in pairs if value.guess]
            made = f"{owner}({arguments})"
            if held:
                put = ", ".join(f"{name}={value}" for name, value in held.items())
                made = f"[net := {made}, vars(net).update({put})][0]"
            handed = tuple((name, value.text) for name, value in pairs if value.is_array)
            yield MadeLayer(made, "; ".join(guesses), handed)
