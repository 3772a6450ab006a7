"""An argument of a constructor for which values are asked, and what it may get."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import SizeRole, size_role
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind, kind_of
from chainrule.gradcheck.recognition.layers.settings import VALUES
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes

_OF_NO_WIDTH = ("steps", "rng", "seed", "vocabulary", "stride", "padding", "kernel")
"""Sizes that say nothing of how many numbers a layer gives."""


class GivenValue(NamedTuple):
    """What an argument may get.

    Attributes:
        text: the expression; an empty one leaves the argument at its default.
        guess: what of it was assumed and may be another, in words.
        is_array: whether it is a parameter.
    """

    text: str
    guess: str = ""
    is_array: bool = False


@dataclass(frozen=True)
class AskedArgument:
    """An argument of a constructor for which values are asked.

    Attributes:
        layout: of the inputs.
        handed_in: whether parameters that have a default are handed in, rather than drawn by the layer.
    """

    argument: Argument
    constructor: Function
    file: Definitions
    layout: LayerShapes
    handed_in: bool = False

    @property
    def name(self) -> str:
        """Its own."""
        return self.argument.name

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.argument.required

    @property
    def owner(self) -> str:
        """The class that is made."""
        return self.constructor.owner

    @cached_property
    def size(self) -> SizeRole | None:
        """What it is the size of; None where it is none. Kernels whose size is asked for are so many, and k beside
        channels is the side of one."""
        sizes = {size_role(a.name) for a in self.constructor.arguments}
        if self.name == "k" and {"input channels", "output channels"} <= sizes:
            return "kernel"
        return "output channels" if self.name == "kernels" and "kernel" in sizes else size_role(self.name)

    @cached_property
    def kind(self) -> ArgumentKind:
        """What it is where a pass takes it."""
        return kind_of(self.name)

    @cached_property
    def seen(self) -> list[str]:
        """What the file itself gives for it."""
        return [h.constant for h in self.file.handed.get((self.owner, self.name), ()) if h.constant]

    @cached_property
    def is_indexed(self) -> bool:
        """Whether its class looks something up in it by a whole number, as in the shape of images: ``size[0]``."""
        kept = {f".{attribute}" for attribute, of in self.constructor.attributes.kept if of == self.name}
        places = (self.owner, *self.file.bases.get(self.owner, ()))
        own = [f for f in self.file.functions if f.owner in places]
        return self.name in self.constructor.numbered or any(kept & f.numbered for f in own)

    @property
    def is_switch(self) -> bool:
        """Whether its class asks of it whether it is so, and its name says of nothing else."""
        if self.size is not None or self.name in VALUES or training_setting(self.name) is not None:
            return False
        places = (self.owner, *self.file.bases.get(self.owner, ()))
        own = (f for f in (self.constructor, *self.file.functions) if f.owner in places)
        return any(self.name in f.switches for f in own)

    @property
    def gives_what_it_takes(self) -> bool:
        """Whether no other size says how many numbers the layer gives, which then go on where they came from, as in
        attention."""
        others = [size_role(a.name) for a in self.constructor.arguments if a != self.argument]
        return all(size is None or size in _OF_NO_WIDTH for size in others)
