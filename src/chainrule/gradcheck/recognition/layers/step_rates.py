"""The steps that a backward pass takes itself, all with another rate than it is given: of a momentum, of a count of
steps; or by mistake, where nothing of that kind enters them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import is_rate, meaning
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.dout_forms import DoutForm
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.texts import adapter_text

_STEP, _CLOSE = 1e-6, 1e-4
_DIRECTIONS = 3


def have_another_rate(program: LocalProgram, fitness: LayerFitness, by_update: Collection[str]) -> bool:
    """Whether all steps that a backward pass takes are the same multiple of what they should be, and nothing else
    disagrees: their rate may be another one, as in the first step of a momentum, or where it falls with time.

    Args:
        by_update: the names of the arrays that it takes steps from.
    """
    if not by_update or {*fitness.others} != {*by_update} or fitness.doubt:
        return False
    given, rng = program.describe(), np.random.default_rng(1)
    returned = program.gradient(given.arrays, given.data)
    said = dict(zip(returned.names, returned.arrays, strict=True))
    factors = []
    for place, name in enumerate(given.names):
        for _ in range(_DIRECTIONS if name in by_update else 0):
            ways = [np.zeros(np.shape(array)) for array in given.arrays]
            ways[place] = rng.normal(size=ways[place].shape)
            steps = program.along(given.arrays, given.data, ways, np.array([-_STEP, _STEP]))
            slope = float(np.diff(np.real(steps))[0]) / (2 * _STEP)
            factors.append(float(np.vdot(ways[place], np.real(said[name]))) / slope if slope else np.nan)
    return bool(min(factors) > 0 and np.allclose(factors, factors[0], rtol=_CLOSE))


def is_known_rate(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    loss: str,
    dout: DoutForm,
    text: str,
    declared: Callable[[str], LocalProgram],
) -> bool:
    """Whether nothing but the rate that the layer is given enters its steps: a second one is the same, as with neither
    a momentum nor a count of steps; a rate that is put on the object is that of them; and no number of samples is read
    there, by which steps may be divided.

    Args:
        dout: how dJ/dout is drawn.
        text: the adapter's.
        declared: gives what an adapter declares.
    """
    if gradients.rates or any(meaning(n).role == "samples" for n in plan.layer.backward.attributes.reads):
        return False
    puts = {name: "2.0" if is_rate(name) else value for name, value in plan.put}
    doubled = replace(plan, put=tuple(puts.items()))
    others = [(adapter_text(plan, call, gradients, loss, dout, again=True), 1.0)]
    if not (call.takes_rate or plan.made.descends):
        others.append((adapter_text(doubled, call, gradients, loss, dout), 2.0))
    try:
        return all(
            _keep_pace(declared(text), declared(other), gradients.by_update, times) for other, times in others
        )
    except Exception:
        # What cannot be told convicts nobody.
        return False


def _keep_pace(program: LocalProgram, other: LocalProgram, by_update: Collection[str], times: float) -> bool:
    """Whether the steps of another program are so many times those of one.

    Args:
        by_update: the names of the arrays that both take steps from.
    """
    given = program.describe()
    mine, its = (each.gradient(given.arrays, given.data) for each in (program, other))
    pairs = [(g, h) for n, g, h in zip(mine.names, mine.arrays, its.arrays, strict=True) if n in by_update]
    return all(np.allclose(times * g, h, rtol=_CLOSE) for g, h in pairs)
