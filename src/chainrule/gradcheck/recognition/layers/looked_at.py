"""What a backward pass looks at, and so is written for: settings, modes, the weights of penalties."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.switch_names import OTHER_MODES, is_mode
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.parts import called_by
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.settings import KEPT, another, is_of_penalty
from chainrule.gradcheck.recognition.options import FLAGS

NOTHING = ("0.0", "0")
"""The weights of what is left out."""


def is_weight(plan: LayerPlan, name: str, given: str) -> bool:
    """Whether a setting is the weight of a penalty, which is left out: by its name, or as the backward pass looks at a
    number that is 0 and no size."""
    if given not in NOTHING or another(name, given):
        return False
    return is_of_penalty(name) or (given == "0.0" and looks_at(plan, name))


def is_written_for(plan: LayerPlan, name: str, given: str) -> bool:
    """Whether a backward pass is written for all values of a setting: one that never looks at a flag is not, nor is a
    function that never looks at an axis. Strides, paddings and factors need not be looked at, as what the forward pass
    leaves may say enough of them."""
    if looks_at(plan, name) or size_role(name):
        return True
    taken = {a.name for a in plan.layer.forward.arguments}
    own = [a for a in plan.layer.backward.arguments if not a.required and a.name not in taken]
    return given not in FLAGS and not own and (name not in KEPT or bool(plan.layer.owner))


def looks_at(plan: LayerPlan, name: str) -> bool:
    """Whether the backward pass looks at a setting, itself or in what it calls."""
    return bool(_own_names(plan, name) & looked_at(plan))


def _own_names(plan: LayerPlan, name: str) -> set[str]:
    """What a setting is called: an argument, and the attributes that have its value."""
    return {name, *(attribute for attribute, of in _kept(plan) if of == name)}


def _kept(plan: LayerPlan) -> tuple[tuple[str, str], ...]:
    """The attributes that have the values of arguments of the constructor, and these."""
    constructor = plan.file.constructors.get(plan.layer.owner)
    return constructor.attributes.kept if constructor is not None else ()


def other_modes(plan: LayerPlan, name: str, given: str) -> list[str]:
    """The other mode, and the other value of a flag that the backward pass looks at as well: it is written for both."""
    if not is_mode(name) and name not in looked_at(plan):
        return []
    if given in FLAGS:
        return [FLAGS[given]]
    text = given.strip("\"'")
    return [f'"{OTHER_MODES[text]}"'] if is_mode(name) and text in OTHER_MODES else []


def looked_at(plan: LayerPlan) -> set[str]:
    """The names that say what a backward pass looks at, itself or in what it calls: arguments and variables, attributes
    and keys."""
    functions = plan.file.used([plan.layer.backward, *_ways_back_inside(plan)])
    nests = [nest for f in functions for nest in (*f.keys.values(), *f.fields.values())]
    return {
        *(a.name for f in functions for a in f.arguments),
        *(name for f in functions for name in (*f.reads, *f.attributes.reads)),
        *(name for nest in nests for name in nest),
    }


def _ways_back_inside(plan: LayerPlan) -> list[Function]:
    """The backward passes of the layers that a layer's object holds."""
    made = ast.walk(ast.parse(plan.made.text or "None", mode="eval"))
    owners = {node.id for node in made if isinstance(node, ast.Name)}
    inside = called_by(plan.layer, plan.file)
    every = layers_of(plan.file)
    return [pair.backward for pair in every if pair.owner in owners or pair.backward in inside]
