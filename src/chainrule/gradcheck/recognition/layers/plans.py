"""A layer as it is tried: its arrays, its object, its forward pass, run to see what it gives."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.calls import ForwardCall
from chainrule.gradcheck.recognition.layers.filled import SHELF, is_emptied
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes

WHOLE_NUMBERS = ("rng.integers(", "rng.permutation(")
"""How expressions begin that draw indices and labels."""

NO_LOSS = "what it gives first is no loss"

HANDED = "handed"
"""What an adapter calls the parameters that it hands to a constructor, by argument."""


class CannotTryLayerError(Exception):
    """A layer that runs, and still cannot be checked."""


class NoGradientError(CannotTryLayerError):
    """A layer both of whose passes run, and of which no gradient can be told."""


def is_own(error: Exception) -> bool:
    """Whether an error says why a layer does not run, whatever it is given: a name or an attribute of a module that
    there is not; all else may be that of a layout which is not its own."""
    of_module = isinstance(error, AttributeError) and isinstance(error.obj, ModuleType)
    return of_module or isinstance(
        error, NameError | ImportError | NotImplementedError | CannotCallLayerError
    )


@dataclass(frozen=True)
class LayerPlan:
    """How a layer is tried: how its forward pass is called, with what shapes, on an object made how.

    Attributes:
        put: what is put on the object before each pass, by attribute: a mode, a rate, labels.
        seeded: NumPy's draws are the same in each pass.
        copied: the arrays that its forward pass changes in place, so that with the same it would give something else.
        output: the expression of what the forward pass puts out.
        found: the expressions that draw its arrays, by name, where no usual layout is that of the layer; empty where
            one is.
        warmed: its object makes parameters in its first forward pass, which one comes before all others for.
        cut: what takes away again what that pass has added to lists that it keeps.
        times: what the loss is multiplied by, as its gradient is, a number of samples by which that may be divided
            later.
        added: what the cost holds beside what the forward pass puts out, a penalty; empty where it holds nothing.
    """

    layer: LayerPair
    call: ForwardCall
    layout: LayerShapes
    made: MadeLayer
    file: Definitions
    put: tuple[tuple[str, str], ...] = ()
    seeded: bool = False
    copied: tuple[str, ...] = ()
    output: str = OUT
    found: tuple[tuple[str, str], ...] = ()
    warmed: bool = False
    cut: tuple[str, ...] = ()
    added: str = ""
    times: int = 1

    def drawn(self) -> dict[str, str]:
        """The arrays that the forward pass takes, as they are drawn."""
        return dict(self.found) or {name: self._drawn(kind) for name, kind in self.call.arrays.items()}

    def _drawn(self, role: ArgumentKind) -> str:
        has_weights = "weights" in self.call.arrays.values()
        if role == "labels":
            return self.layout.labels.format(np=self.numpy)
        if role == "inputs":
            return self.layout.inputs_drawn.format(size=self.layout.inputs)
        if role == "mask":
            shape = self.layout.counting
            return f"1.0 * ({self.numpy}.arange({math.prod(shape)}).reshape({shape}) % 2 == 0)"
        return drawn(role, repr(self.layout.shape(role, has_weights=has_weights)))

    def _making(self) -> list[str]:
        """The lines that make the object; what is handed in stands under a name, by which it is known there."""
        handed = ", ".join(f"{name}={text}" for name, text in self.made.handed)
        known = self.made.handing({name: f"{HANDED}[{name!r}]" for name, _ in self.made.handed})
        return [*([f"{HANDED} = dict({handed})"] if handed else []), f"made = {known.expression}"]

    @property
    def wants_one_number(self) -> bool:
        """Whether what it gives first is the loss of all there is: no labels say that each sample may have its own. Of
        rows that are picked there may be several for one label."""
        return self.layer.is_of_cost and (not self.call.is_loss or self.picks_its_own)

    @property
    def picks_its_own(self) -> bool:
        """Whether what it is given picks rows of what its object holds."""
        return bool(self.made.text) and "indices" in self.call.arrays.values()

    @property
    def samples(self) -> int:
        """How many samples its inputs hold; 0 where that cannot be told."""
        return 0 if self.found else self.layout.samples

    @property
    def numpy(self) -> str:
        """What NumPy is called."""
        return self.file.numpy_name

    @property
    def before_pass(self) -> list[str]:
        """What comes before a forward pass."""
        copies = [f"({name} := {name}.copy())" for name in self.copied]
        return [*([f"{self.numpy}.random.seed(0)"] if self.seeded else []), *copies]

    def beginning(self, own: Mapping[str, list[ArrayPlace]]) -> list[str]:
        """The lines of an adapter that draw the arrays, and say how an object is made that holds them.

        Args:
            own: the object's parameters, each with all places where it keeps it.
        """
        lines = [] if self.file.numpy else ["import numpy as np"]
        lines += [f"{SHELF} = []"] if any(map(is_emptied, self.call.given.values())) else []
        if self.made.text:
            lines += ["import copy", *self._making()]
        arrays = self.drawn()
        if self.warmed:
            lines += [_assigned(arrays), "layer = made", *self.before_pass, self.call.text, *self.cut]
            arrays = {}
        arrays |= {
            name: drawn(
                same[0].role,
                f"{same[0].text.replace('layer', 'made', 1)}.shape" if same[0].array.ndim else "()",
            )
            for name, same in own.items()
        }
        lines += [_assigned(arrays)] if arrays else []
        if self.made.text:
            put = [f"vars(layer).update({', '.join(f'{a}={v}' for a, v in self.put)})"] if self.put else []
            steps = ["layer := copy.deepcopy(made)", *put, *places.settings(own)]
            head = f"lambda {', '.join(own)}: ".replace("lambda :", "lambda:")
            lines.append(f"fresh = {head}[{', '.join(steps)}][0]")
        return lines


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives, without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return function(*arguments)
        except SystemExit as ended:
            raise CannotTryLayerError("it ends the program, where a value is needed") from ended


def _assigned(values: Mapping[str, str]) -> str:
    """The line that gives names their values."""
    return f"{', '.join(values)} = {', '.join(values.values())}"


def evaluated(text: str, namespace: dict[str, Any], values: Mapping[str, Any]) -> Any:
    """What an expression gives with some values, without its warnings.

    Args:
        text: the expression.
        namespace: the module's own, whose names may have their values once they are asked for.
        values: by name.
    """
    # Only what a function reads as a global name asks for it.
    function = FunctionType(_compiled(f"lambda {', '.join(values)}: {text}"), namespace)
    return quietly(function, *values.values())


@lru_cache(maxsize=4096)
def _compiled(text: str) -> CodeType:
    """The code of a function of one expression."""
    return next(part for part in compile(text, "<layer>", "eval").co_consts if isinstance(part, CodeType))


def drawn(role: ArgumentKind, size: str) -> str:
    """The expression that draws an array."""
    return (
        f"rng.uniform(0.5, 1.5, size={size})"
        if role in ("scale", "sample weights")
        else f"rng.normal(size={size})"
    )
