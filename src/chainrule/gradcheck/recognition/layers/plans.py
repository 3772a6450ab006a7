"""A layer as it is tried: its arrays, its object, its forward pass, run to see what it gives."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.drawn_files import made
from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate
from chainrule.gradcheck.program.switch_names import is_training
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.arguments import OUT, CannotCallLayerError
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT
from chainrule.gradcheck.recognition.layers.calls import ForwardCall
from chainrule.gradcheck.recognition.layers.filled import SHELF, is_emptied
from chainrule.gradcheck.recognition.layers.grown import cut_back
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.settings import is_statistic, is_test
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.pairing import takes_labels

_OUTPUT = re.compile(
    r"_*(out(put)?s?|a|h|z|s|y|p|act(ivation)?s?|result|values?|pred(iction)?s?)_*", re.IGNORECASE
)


WHOLE_NUMBERS = ("rng.integers(", "rng.permutation(")
"""How expressions begin that draw indices and labels."""

NO_LOSS = "what it gives first is no loss"


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
        return drawn(role, repr(self.layout.shape(role, has_weights=has_weights)))

    def _making(self) -> list[str]:
        """The lines that make the object; what is handed in stands under a name, by which it is known there."""
        handed = ", ".join(f"{name}={text}" for name, text in self.made.handed)
        known = self.made.handing({name: f"{HANDED}[{name!r}]" for name, _ in self.made.handed})
        return [*([f"{HANDED} = dict({handed})"] if handed else []), f"made = {known.expression}"]

    @property
    def wants_one_number(self) -> bool:
        """Whether what it gives first is the loss of all there is: no labels say that each sample may have its own."""
        return self.layer.is_of_cost and not self.call.is_loss

    @property
    def samples(self) -> int:
        """How many samples its inputs hold; 0 where that cannot be told."""
        return 0 if self.found else self.layout.samples

    @property
    def numpy(self) -> str:
        """What NumPy is called."""
        return self.file.numpy_name

    @property
    def seed(self) -> list[str]:
        """What comes before a forward pass."""
        return [f"{self.numpy}.random.seed(0)"] if self.seeded else []

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
            lines += [_assigned(arrays), "layer = made", *self.seed, self.call.text, *self.cut]
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


_OTHER_SEED = 1234
HANDED = "handed"
"""What an adapter calls the parameters that it hands to a constructor, by argument."""


def ready(plan: LayerPlan, namespace: dict[str, Any], seed: int) -> tuple[LayerPlan, dict[str, Any]]:
    """The plan with what only a run can tell: the mode of its object, whether it draws, where its output stands; and
    what the names of an adapter stand for after that run.

    Raises:
        Exception: what the layer raises where shapes, settings or the object are not its own.
    """
    if plan.made.text:
        plan = replace(plan, put=_put(plan, _run(plan, namespace, seed, [])["layer"]))
    if not plan.warmed:
        ran = _run(plan, namespace, seed, [*plan.seed, f"{OUT} = {plan.call.text}"])
        plan = replace(plan, output=output_of(plan.layer, ran))
        cut = _cut_after_making(plan, ran, namespace, seed)
        plan = replace(plan, warmed=cut is not None, cut=cut or ())
    ran = _twice(plan, namespace, seed)
    if not np.array_equal(ran["put_out"], ran["again"], equal_nan=True):
        plan = replace(plan, seeded=True)
        ran = _twice(plan, namespace, seed)
    if not np.array_equal(ran["put_out"], ran["again"], equal_nan=True):
        raise CannotTryLayerError(
            "its forward pass gives something else each time, whatever numpy.random.seed says"
        )
    if not np.size(ran["put_out"]):
        raise CannotTryLayerError("its forward pass gives an empty array")
    if not np.all(np.isfinite(ran["put_out"])):
        raise CannotTryLayerError("its forward pass gives no finite numbers")
    return plan, ran


def _cut_after_making(
    plan: LayerPlan, ran: Mapping[str, Any], namespace: dict[str, Any], seed: int
) -> tuple[str, ...] | None:
    """What takes away again what the first forward pass adds to lists, where it makes parameters: arrays called so that
    the next one leaves as they are; None where it makes none."""
    before = {place.text for place in places.of_object(ran.get("made"), "layer")}
    after = places.of_object(ran.get("layer"), "layer")
    new = [p for p in after if p.text not in before and p.role in PARAMETER_ROLES and not p.is_gradient]
    if not new:
        return None
    forward = [*plan.seed, f"{OUT} = {plan.call.text}"]
    put = [*(place.put(f"{place.text} + 1") for place in new), f"put = [{', '.join(p.text for p in new)}]"]
    again = _run(
        plan, namespace, seed, [*forward, *put, *forward, f"kept = [{', '.join(p.text for p in new)}]"]
    )
    if not any(np.array_equal(p, k) for p, k in zip(again["put"], again["kept"], strict=True)):
        return None
    return tuple(cut_back(ran.get("layer"), again["layer"], "made"))


def _twice(plan: LayerPlan, namespace: dict[str, Any], seed: int) -> dict[str, Any]:
    """``put_out`` is the output of the second run, ``again`` that of the first."""
    forward = [*plan.seed, f"{OUT} = {plan.call.text}"]
    lines = [*forward, f"again = {plan.output}", *_object_made(plan), *forward, f"put_out = {plan.output}"]
    return _run(plan, namespace, seed, [*lines, f"{DOUT} = rng.normal(size={plan.numpy}.shape(put_out))"])


def _run(plan: LayerPlan, namespace: dict[str, Any], seed: int, lines: list[str]) -> dict[str, Any]:
    body = [*plan.beginning({}), *_object_made(plan), *lines, f"{LEFT} = {{}}", "return locals()"]
    declaring: dict[str, Any] = {}
    exec(compile("\n    ".join([f"def {NAME}(rng):", *body]), "<layer>", "exec"), namespace, declaring)
    return dict(made(lambda: quietly(declaring[NAME], default_rng(seed)), namespace))


def other_object(plan: LayerPlan, namespace: dict[str, Any]) -> Any:
    """Another object of a layer's, made the same way of other drawn numbers."""
    return _run(plan, namespace, _OTHER_SEED, [])["layer"]


def _object_made(plan: LayerPlan) -> list[str]:
    return ["layer = fresh()"] if plan.made.text else []


def _put(plan: LayerPlan, layer: Any) -> tuple[tuple[str, str], ...]:
    """The training mode where the object is in another, a rate of 1, and labels that the forward pass reads; in tests
    moving averages that are not 0 and 1, with which they could not be seen."""
    held = vars(layer) if hasattr(layer, "__dict__") else {}
    modes = {name: "True" for name, value in held.items() if is_training(name) and value is False}
    rates = {name: "1.0" for name, value in held.items() if is_rate(name) and isinstance(value, float)}
    labels = {name: name for name in plan.call.arrays if name in plan.call.held}
    put = modes | rates | labels | dict(plan.put)
    averages = [
        name for name, value in held.items() if is_statistic(name) and np.asarray(value).dtype.kind == "f"
    ]
    if is_test({**plan.call.set_to, **put}):
        put |= {name: f"layer.{name} * 0.6 + 0.7" for name in averages}
    return tuple(put.items())


def output_of(layer: LayerPair, ran: Mapping[str, Any]) -> str:
    """The expression of the layer's output: what the forward pass gives, or what it leaves on its object. A list of
    arrays of one shape that is filled step by step is one output.

    Raises:
        CannotTryLayerError: it does neither.
    """
    returned = ran[OUT]
    several = isinstance(returned, tuple | list) and len(returned) and not _is_of_steps(layer, returned)
    costs = [place for place, name in enumerate(layer.forward.returns) if is_cost(name)] if several else []
    if costs and takes_labels(layer.forward) and np.size(returned[costs[0]]) == 1:
        # A loss may come after the probabilities that it is of.
        return f"{OUT}[{costs[0]}]"
    first = returned[0] if several else returned
    if first is not None and np.asarray(first).dtype.kind not in "fciub":
        raise CannotTryLayerError(f"its forward pass gives no array but {type(first).__name__}")
    if first is not None:
        return f"{OUT}[0]" if several else OUT
    before = {place.text for place in places.of_object(ran.get("made"), "layer")}
    new = [p for p in places.of_object(ran.get("layer"), "layer") if p.text not in before]
    named = [p for p in new if _OUTPUT.fullmatch(p.key)]
    outputs = [p for p in named if p.key.strip("_").lower().startswith("out")] or named
    if not outputs:
        raise CannotTryLayerError("its forward pass gives nothing yet")
    return outputs[0].text


def _is_of_steps(layer: LayerPair, returned: Any) -> bool:
    """Whether a forward pass gives a list of what it puts out at each step, rather than several values."""
    if type(returned) is not list or layer.forward.returns:
        return False
    return len({np.shape(each) for each in returned}) == 1 and all(
        isinstance(e, np.ndarray) for e in returned
    )


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives, without its warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments)


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
    return f"rng.uniform(0.5, 1.5, size={size})" if role == "scale" else f"rng.normal(size={size})"
