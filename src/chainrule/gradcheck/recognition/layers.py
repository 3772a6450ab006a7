"""Files that hold layers alone: adapters whose cost is the sum of a layer's outputs times drawn numbers.

That cost has those numbers for dJ/dout, so that what the backward pass makes of them is its gradient, whatever the
layer computes. A layer is run to see what its passes give and what they leave on its object; then its adapter is
written and tried as any other.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.names import Role, is_gradient, meaning
from chainrule.gradcheck.program.signatures import Definitions
from chainrule.gradcheck.recognition import adapter, layer_places, parameters
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.layer_calls import (
    DOUT,
    OUT,
    CannotCallLayerError,
    ForwardCall,
    backward_calls,
    forward_calls,
)
from chainrule.gradcheck.recognition.layer_fitness import LayerFitness, layer_fitness
from chainrule.gradcheck.recognition.layer_pairs import LayerPair, layers_of
from chainrule.gradcheck.recognition.layer_places import ArrayPlace
from chainrule.gradcheck.recognition.layer_shapes import LayerShapes, layouts, special_layouts

_MOST_SECONDS = 8.0
"""What the tries may take of the processor's time, for all layers of a file."""


class LayerReading(NamedTuple):
    """An adapter for a layer, which runs.

    Attributes:
        text: the adapter.
        layer: whose it is.
        words: what was assumed, a line each.
        probabilities: whether the outputs lie between 0 and 1.
    """

    text: str
    layer: LayerPair
    words: tuple[str, ...]
    probabilities: bool


class Judged(NamedTuple):
    """A reading, and how well it fits."""

    reading: LayerReading
    fitness: LayerFitness


@dataclass(frozen=True)
class _LayerPlan:
    """How a layer is tried: how its forward pass is called, with what shapes, on an object made how.

    Attributes:
        made: the expression that makes the object; empty for functions.
        numpy: what NumPy is called.
        imports_numpy: whether the file imports it by that name.
        seeded: NumPy's draws are the same in each pass.
    """

    layer: LayerPair
    call: ForwardCall
    layout: LayerShapes
    made: str
    numpy: str
    imports_numpy: bool
    seeded: bool = False

    @property
    def has_weights(self) -> bool:
        """Whether the forward pass takes weights."""
        return "weights" in self.call.arrays.values()

    def drawn(self) -> dict[str, str]:
        """The arrays that the forward pass takes, as they are drawn."""
        shapes = {n: self.layout.shape(r, has_weights=self.has_weights) for n, r in self.call.arrays.items()}
        return {name: _drawn(role, repr(shapes[name])) for name, role in self.call.arrays.items()}

    @property
    def seed(self) -> list[str]:
        """What comes before a forward pass."""
        return [f"{self.numpy}.random.seed(0)"] if self.seeded else []


def best_of_each(
    file: Definitions, namespace: dict[str, Any], seed: int
) -> Iterator[tuple[LayerPair, Judged | None]]:
    """Of each layer of a file the reading whose gradient agrees; where none does, the one that agrees most.

    None stands where no reading runs, or time has run out.
    """
    end = time.process_time() + _MOST_SECONDS
    for layer in layers_of(file):
        best: Judged | None = None
        for tries in readings(layer, file, namespace, seed):
            for reading in tries:
                try:
                    program = adapter.declared(reading.text, namespace, default_rng(seed))
                    judged = Judged(
                        reading, layer_fitness(program, seed, probabilities=reading.probabilities)
                    )
                except Exception:
                    continue
                if best is None or _better(judged.fitness, best.fitness):
                    best = judged
                if best.fitness.best or time.process_time() > end:
                    break
            if best is not None and (best.fitness.best or best.fitness.tells):
                break
        yield layer, best


def _better(new: LayerFitness, old: LayerFitness) -> bool:
    def order(fit: LayerFitness) -> tuple[bool, bool, float, int]:
        return fit.best, fit.tells, fit.agreeing / fit.total, fit.total

    return order(new) > order(old)


def readings(
    layer: LayerPair, file: Definitions, namespace: dict[str, Any], seed: int
) -> Iterator[Iterator[LayerReading]]:
    """Adapters for a layer that run, in groups, the likely ones first.

    A group is for layers that take nothing of those before: a stride of 1 after one of 2, a single sample after
    several. Whatever does not agree where it runs is not excused by what does in a later group.
    """
    try:
        calls = list(forward_calls(layer, file))
    except CannotCallLayerError:
        return
    objects = constructions(layer.owner, file) if layer.owner else [""]
    for shapes, call in product((layouts, special_layouts), calls):
        plans = (
            _LayerPlan(layer, call, layout, made, file.numpy or "np", bool(file.numpy))
            for layout, made in product(shapes(), objects)
        )
        distinct = {str((plan.drawn(), plan.made)): plan for plan in plans}
        yield (reading for plan in distinct.values() for reading in _readings(plan, file, namespace, seed))


def _readings(
    plan: _LayerPlan, file: Definitions, namespace: dict[str, Any], seed: int
) -> Iterator[LayerReading]:
    """Those of one plan; none where the layer does not run so."""
    try:
        ran = _run(plan, namespace, seed)
        if not np.array_equal(ran["value"], ran["again"], equal_nan=True):
            plan = replace(plan, seeded=True)
        for call in backward_calls(plan.layer, plan.call, ran[OUT], file):
            yield from _with(plan, call, _run(plan, namespace, seed), namespace)
    except Exception:
        # Shapes, settings or an object that are not the layer's own.
        return


def _with(
    plan: _LayerPlan, call: str, ran: dict[str, Any], namespace: dict[str, Any]
) -> Iterator[LayerReading]:
    """The readings with this call of the backward pass, which is run on what the forward pass has left."""
    here = [p._replace(array=p.array.copy()) for p in layer_places.of_object(ran.get("layer"), "layer")]
    given = layer_places.returned(_quietly(eval, call, namespace, ran), "g", plan.layer.backward.returns)
    changed = layer_places.changed(here, layer_places.of_object(ran.get("layer"), "layer"))
    own = _own(plan, ran, given, changed) if plan.made else {}
    kept = {place.text for same in own.values() for place in same}
    left = [place for place in changed if place.text not in kept]
    found_in = layer_places.gradients([*plan.call.arrays, *own], given, left)
    own = {name: same for name, same in own.items() if name in found_in}
    if not found_in:
        return
    inputs = next(iter(plan.call.arrays))
    several = plan.layout.samples > 1 and any(name != inputs for name in found_in)
    for factor in ("", f"{plan.layout.samples} * ") if several else ("",):
        factors = {name: "" if name == inputs else factor for name in found_in}
        expressions = {name: f"{factors[name]}{text}" for name, text in found_in.items()}
        yield LayerReading(
            text=_text(plan, call, own, expressions, ran[OUT]),
            layer=plan.layer,
            words=_words(plan, own, expressions, ran, factor),
            probabilities=bool(np.all((ran["value"] >= 0) & (ran["value"] <= 1))),
        )


def _own(
    plan: _LayerPlan, ran: dict[str, Any], given: Sequence[ArrayPlace], changed: Sequence[ArrayPlace]
) -> dict[str, list[ArrayPlace]]:
    """The arrays of the object that are parameters, with all places where it keeps each: those with a gradient."""
    made = layer_places.of_object(ran["made"], "layer")
    texts = {place.text for place in made}
    own: dict[str, list[ArrayPlace]] = {}
    for place in made:
        same = [other for other in made if other.array is place.array]
        results = [p for p in (*given, *changed) if p.text not in texts or is_gradient(p.text.split(".")[-1])]
        named = layer_places.by_name(place.key, results)
        parameter = (
            named is not None and named.text != place.text and not is_gradient(place.text.split(".")[-1])
        )
        if (
            parameter
            and place.key.isidentifier()
            and place.key not in (*own, *plan.call.arrays)
            and same[0] is place
        ):
            own[place.key] = same
    return own


def _run(plan: _LayerPlan, namespace: dict[str, Any], seed: int) -> dict[str, Any]:
    """What the names of an adapter stand for once the forward pass has run twice: ``value`` is the output of the second
    run, ``again`` that of the first."""
    output = f"{OUT}[0] if isinstance({OUT}, (tuple, list)) else {OUT}"
    forward = [*(["layer = fresh()"] if plan.made else []), *plan.seed, f"{OUT} = {plan.call.text}"]
    lines = [*_beginning(plan, {}), *forward, f"again = {output}", *forward, f"value = {output}"]
    lines += [f"{DOUT} = rng.normal(size={plan.numpy}.shape(value))", "return locals()"]
    declaring: dict[str, Any] = {}
    exec(compile("\n    ".join([f"def {NAME}(rng):", *lines]), "<layer>", "exec"), namespace, declaring)
    return dict(_quietly(declaring[NAME], default_rng(seed)))


def _quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


def _beginning(plan: _LayerPlan, own: Mapping[str, Sequence[ArrayPlace]]) -> list[str]:
    """The lines of an adapter that draw the arrays, and say how an object is made that holds them."""
    lines = [] if plan.imports_numpy else ["import numpy as np"]
    if plan.made:
        lines += ["import copy", f"made = {plan.made}"]
    drawn = plan.drawn() | {
        name: _drawn(meaning(name).role, f"{same[0].text.replace('layer', 'made', 1)}.shape")
        for name, same in own.items()
    }
    lines.append(f"{', '.join(drawn)} = {', '.join(drawn.values())}")
    if plan.made:
        steps = ["layer := copy.deepcopy(made)", *layer_places.settings(own)]
        lines.append(
            f"fresh = lambda {', '.join(own)}: [{', '.join(steps)}][0]".replace("lambda :", "lambda:")
        )
    return lines


def _text(
    plan: _LayerPlan,
    call: str,
    own: Mapping[str, Sequence[ArrayPlace]],
    gradients: Mapping[str, str],
    returned: Any,
) -> str:
    """The adapter."""
    object_made = [f"layer := fresh({', '.join(own)})"] if plan.made else []
    forward = [*plan.seed, *object_made, f"{OUT} := {plan.call.text}"]
    output = f"{OUT}[0]" if isinstance(returned, tuple | list) else OUT
    by_name = ", ".join(f"{name}={expression}" for name, expression in gradients.items())
    head = f"lambda {', '.join([*gradients, DOUT])}: "
    lines = [
        *_beginning(plan, own),
        f"{DOUT} = rng.normal(size={plan.numpy}.shape([{', '.join([*forward, output])}][-1]))",
        f"return dict(parameters=dict({', '.join(f'{n}={n}' for n in gradients)}), data=({DOUT},),",
        f"            cost={head}[{', '.join([*forward, f'{plan.numpy}.sum({output} * {DOUT})'])}][-1],",
        f"            gradient={head}[{', '.join([*forward, f'g := {call}', f'dict({by_name})'])}][-1])",
    ]
    return "\n    ".join([f"def {NAME}(rng):", *lines])


def _words(
    plan: _LayerPlan,
    own: Mapping[str, Sequence[ArrayPlace]],
    gradients: Mapping[str, str],
    ran: Mapping[str, Any],
    factor: str,
) -> tuple[str, ...]:
    """What was assumed."""
    shapes = {name: np.shape(ran[name]) for name in plan.call.arrays}
    shapes |= {name: same[0].array.shape for name, same in own.items()}
    made = f", {plan.made}" if plan.made else ""
    settings = f", {plan.call.settings}" if plan.call.settings else ""
    missing = [name for name in shapes if name not in gradients]
    said = [
        f"assumed layer {plan.layer.label} with {', '.join(f'{n} {s}' for n, s in shapes.items())}{settings}{made}",
        f"the cost is the sum of the outputs times {DOUT}, drawn numbers that the backward pass gets for dJ/dout",
    ]
    if factor:
        said.append(f"the gradients of {', '.join(n for n in gradients if gradients[n].startswith(factor))} are means "
                    f"over the {plan.layout.samples} samples, that of the inputs is not")  # fmt: skip
    if plan.seeded:
        said.append("numpy.random.seed(0) comes before each forward pass, which draws random numbers")
    if missing:
        said.append(f"the backward pass gives no gradient of {', '.join(missing)}: not checked")
    return tuple(said)


def _drawn(role: Role, size: str) -> str:
    return f"rng.uniform(0.5, 1.5, size={size})" if role == "scale" else f"rng.normal(size={size})"


def constructions(owner: str, file: Definitions) -> list[str]:
    """How an object of a class may be made, as expressions."""
    conventions = [
        Convention(),
        Convention("rows", "integers", "in, out", "(K,)"),
        Convention("rows", bias="(1, K)"),
    ]
    made = [
        given.values["made"]
        for convention in conventions
        for given in parameters.objects("made", [file.constructors[owner]], convention, file)
    ]
    pairs = [re.sub(r"\b(kernel\w*|\w+_size)=3\b", r"\1=(3, 3)", text) for text in made]
    return list(dict.fromkeys([*made, *pairs]))
