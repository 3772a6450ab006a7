"""What a layer may be set to otherwise: settings of its passes, the form of its labels, its kernels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.number_names import number
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.switch_names import is_mode
from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.looked_at import (
    NOTHING,
    is_weight,
    is_written_for,
    other_modes,
)
from chainrule.gradcheck.recognition.layers.named_sizes import (
    other_kernels,
    unequal,
    wider,
    with_more_channels,
)
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.settings import KEPT, another
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes, is_one_hot, with_other_labels
from chainrule.gradcheck.recognition.options import FLAGS

PENALTY = "0.1"
"""The weight of a penalty that is otherwise left out."""

_OTHER_SIZES = {"stride": {"1": "2", "2": "1"}, "padding": {"0": "1", "1": "0", "2": "1"}}

_GROUPS = re.compile(r"g|((num|n)_?)?(groups|heads)|nhead|n_head", re.IGNORECASE)
"""Into how many parts channels are divided: with another number, what is written for two is seen."""


class OtherSetting(NamedTuple):
    """Something that a layer may be set to otherwise.

    Attributes:
        put: gives a plan with it, of one without.
        convicts: whether the backward pass is written for it as well.
        says_the_same: whether it is the same data in another form, which a layer may not take: it counts where the
            forward pass makes the same of it.
        of_backward: whether nothing but the backward pass does anything else with it.
        is_guessed: whether nothing in the file says that a layer may be set so, which may be written for others alone.
    """

    name: str
    given: str
    value: str
    put: Callable[[LayerPlan], LayerPlan]
    convicts: bool = True
    says_the_same: bool = False
    of_backward: bool = False
    is_guessed: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number of a formula, and no size."""
        return size_role(self.name) is None and number(self.given) is not None

    @property
    def is_left_out(self) -> bool:
        """Whether what it weighs is left out as it is given."""
        return self.given in NOTHING


def of_labels(plan: LayerPlan) -> Iterator[OtherSetting]:
    """The labels as one-hot vectors where they are class indices, and the other way round: code that takes both has its
    own line for each."""
    labels = [name for name, kind in plan.call.arrays.items() if kind == "labels"]
    other = None if plan.found else with_other_labels(plan.layout)
    if other is not None and len(labels) == 1:
        forms = ["one-hot vectors", "class indices"]
        given, value = forms if is_one_hot(plan.layout) else forms[::-1]

        yield OtherSetting(labels[0], given, value, _laid_out(other), says_the_same=True)


def of_call(plan: LayerPlan, options: Mapping[str, str]) -> Iterator[OtherSetting]:
    """Strides, paddings and other settings that the forward pass takes, alone or in a dictionary."""
    arguments = plan.layer.forward.arguments
    own = {a.name for a in arguments}
    alone = [a for a in plan.layer.backward.arguments if a.name not in own]
    defaults = {a.name: a.default for a in arguments if not a.required and a.name not in plan.call.given}
    for name, given in {**defaults, **plan.call.set_to}.items():
        inside = name not in {a.name for a in (*arguments, *alone)}
        convicts = is_written_for(plan, name, given) and not (inside and is_switch(name, given))
        for value in [*other_values(name, given), *other_modes(plan, name, given)]:
            yield OtherSetting(name, given, value, _called_with(options, name, value), convicts)
        for value in unequal(name, given):
            put = _called_with(options, name, value)
            yield OtherSetting(name, given, value, put, convicts=False, is_guessed=True)
    # Of what the backward pass alone takes, the weight of a penalty is told.
    defaults |= {a.name: a.default for a in alone if not a.required}
    defaults |= {a.name: "0.0" for a in alone if a.required and meaning(a.name).role == "l2"}
    for name, given in {**defaults, **plan.call.set_to}.items():
        if is_weight(plan, name, given):
            yield OtherSetting(name, given, PENALTY, _called_with(options, name, PENALTY))


def _called_with(options: Mapping[str, str], name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose forward pass is called with another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        set_to = {**options, **plan.call.set_to, name: value}
        return replace(plan, call=called_with(plan.layer, plan.file, set_to))

    return put


def of_kernels(plan: LayerPlan) -> Iterator[OtherSetting]:
    """Other kernels that a function is given: of more channels, where there are as many as a kernel is high, as one
    size may be taken for another; of an even size beside an odd one, as what has no middle may lie elsewhere on the way
    back; and higher than wide."""
    if plan.found:
        return
    for name in (n for n, kind in plan.call.arrays.items() if kind == "weights"):
        if other := with_more_channels(plan.layout):
            yield OtherSetting(name, str(plan.layout.weights), str(other.weights), _laid_out(other))
        for weights in other_kernels(plan.layout):
            sides = [axis for axis, size in enumerate(weights) if size != plan.layout.weights[axis]]
            made = [shape for shape in plan.file.shapes.get(name, ()) if len(shape) == len(weights)]
            used = len(sides) > 1 and any((shape[axis] or 1) % 2 == 0 for shape in made for axis in sides)
            put = _laid_out(plan.layout._replace(weights=weights))
            yield OtherSetting(name, str(plan.layout.weights), str(weights), put, used, is_guessed=not used)


def _laid_out(layout: LayerShapes) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose arrays have other shapes."""

    def put(plan: LayerPlan) -> LayerPlan:
        return replace(plan, layout=layout)

    return put


def is_switch(name: str, given: str) -> bool:
    """Whether a setting among others is one that nothing but a condition knows: it may ask for what is no gradient, as
    ``args.freeze`` does."""
    return given in FLAGS and not is_mode(name)


def other_values(name: str, given: str) -> list[str]:
    """Other values of a stride, a padding, the width of a window, a number of groups, an axis or a factor; none of what
    is none of these."""
    if name in KEPT:
        return ["1" if given == "0" else "0"]
    other = _OTHER_SIZES.get(size_role(name) or "", {}).get(given)
    if given == "2" and _GROUPS.fullmatch(name):
        return ["3"]
    other = other or wider(name, given) or another(name, given)
    return [other] if other else []
