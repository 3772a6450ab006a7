"""What a layer may be set to otherwise: settings of its passes and of its object, and the form of its labels."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.number_names import is_factor, number
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.switch_names import OTHER_MODES, is_mode, is_training
from chainrule.gradcheck.recognition.layers.built import descending, is_optimizer
from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.named_sizes import (
    other_kernels,
    other_windows,
    wider,
    with_more_channels,
)
from chainrule.gradcheck.recognition.layers.objects import likeliest_arguments
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.parts import called_by
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.settings import KEPT, another, is_statistic
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes, is_one_hot, with_other_labels
from chainrule.gradcheck.recognition.options import FLAGS
from chainrule.gradcheck.recognition.stacks import takes_layers

_PENALTY, _NOTHING = "0.1", ("0.0", "0")
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
        return self.given in _NOTHING


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
        convicts = _is_written_for(plan, name, given)
        for value in [*_others(name, given), *_other_modes(plan, name, given)]:
            yield OtherSetting(name, given, value, _called_with(options, name, value), convicts)
    # Of what the backward pass alone takes, the weight of a penalty is told.
    defaults |= {a.name: a.default for a in alone if not a.required}
    defaults |= {a.name: "0.0" for a in alone if a.required and meaning(a.name).role == "l2"}
    for name, given in {**defaults, **plan.call.set_to}.items():
        if _is_weight(plan, name, given):
            yield OtherSetting(name, given, _PENALTY, _called_with(options, name, _PENALTY))


def _is_weight(plan: LayerPlan, name: str, given: str) -> bool:
    """Whether a setting is the weight of a penalty, which is left out: by its name, or as the backward pass looks at a
    number that is 0 and no size."""
    if given not in _NOTHING or another(name, given):
        return False
    is_l2 = meaning(name).role == "l2" and name.lower() != "alpha"
    return is_l2 or (given == "0.0" and looks_at(plan, name))


def _called_with(options: Mapping[str, str], name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose forward pass is called with another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        set_to = {**options, **plan.call.set_to, name: value}
        return replace(plan, call=called_with(plan.layer, plan.file, set_to))

    return put


def _is_written_for(plan: LayerPlan, name: str, given: str) -> bool:
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
    return bool(_own_names(plan, name) & _looked_at(plan))


def _own_names(plan: LayerPlan, name: str) -> set[str]:
    """What a setting is called: an argument, and the attributes that have its value."""
    return {name, *(attribute for attribute, of in _kept(plan) if of == name)}


def _kept(plan: LayerPlan) -> tuple[tuple[str, str], ...]:
    """The attributes that have the values of arguments of the constructor, and these."""
    constructor = plan.file.constructors.get(plan.layer.owner)
    return constructor.attributes.kept if constructor is not None else ()


def _other_modes(plan: LayerPlan, name: str, given: str) -> list[str]:
    """The other mode, and the other value of a flag that the backward pass looks at as well: it is written for both."""
    if not is_mode(name) and name not in _looked_at(plan):
        return []
    if given in FLAGS:
        return [FLAGS[given]]
    text = given.strip("\"'")
    return [f'"{OTHER_MODES[text]}"'] if is_mode(name) and text in OTHER_MODES else []


def _looked_at(plan: LayerPlan) -> set[str]:
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


def of_object(plan: LayerPlan) -> Iterator[OtherSetting]:
    """Settings and texts that the constructor takes."""
    given = _made_with(plan)
    if given is None:
        return
    constructor = plan.file.constructors[plan.layer.owner]
    for argument in constructor.arguments:
        name = argument.name
        text = given.get(name, argument.default)
        is_text = text[:1] in ("'", '"') and not is_mode(name) and text.strip("\"'") not in OTHER_MODES
        texts = [value for value in plan.file.options.get(name, ()) if is_text and value != text]
        flags = [FLAGS[text]] if text in FLAGS and not is_mode(name) else []
        for value in [
            *_others(name, text),
            *texts,
            *flags,
            *_equal_size(argument, constructor, given),
        ]:
            convicts = bool(texts) or _is_written_for(plan, name, text)
            yield OtherSetting(name, text, value, _with_argument(name, value), convicts)
        for value in other_windows(name, text, constructor, plan.layout):
            used = any(_is_even(h.constant) for h in plan.file.handed.get((constructor.owner, name), ()))
            yield OtherSetting(name, text, value, _with_argument(name, value), used, is_guessed=not used)
        if _is_weight(plan, name, text):
            yield OtherSetting(name, text, _PENALTY, _with_argument(name, _PENALTY))
    defaults = {argument.name: argument.default for argument in constructor.arguments}
    kept = {attribute: defaults.get(name, "") for attribute, name in constructor.attributes.kept}
    for name, value in {**dict(constructor.attributes.constants), **kept}.items():
        if name in kept and not is_mode(name):
            continue
        # It is in training, whatever it was made in.
        own = "True" if is_training(name) and value in FLAGS else value
        for other in _other_modes(plan, name, own):
            yield OtherSetting(name, own, other, _holding(name, other), name in _looked_at(plan))
    yield from _of_constants(plan, constructor)
    yield from _of_optimizers(plan, constructor)


def _of_optimizers(plan: LayerPlan, constructor: Function) -> Iterator[OtherSetting]:
    """An optimizer where there is none yet, if the backward pass has it take steps."""
    own = [f for f in plan.file.functions if f.owner == plan.layer.owner]
    read = any(map(is_optimizer, plan.layer.backward.attributes.reads))
    for name, given in constructor.attributes.constants:
        if read and given == "None" and is_optimizer(name):
            value = "a step with a rate of 1"
            yield OtherSetting(name, given, value, _holding(name, descending(own)), of_backward=True)


def _of_constants(plan: LayerPlan, constructor: Function) -> Iterator[OtherSetting]:
    """The factors that its class, or its constructor, writes down, and which stay so: ``delta = 1.0``."""
    passes = plan.file.used([plan.layer.forward, plan.layer.backward])
    changed = {name for f in passes for name in (*f.attributes.sets, *f.attributes.changes)}
    read = {name for f in passes for name in f.attributes.reads} - changed
    for name, given in constructor.attributes.constants:
        if name in read and not is_statistic(name) and (other := another(name, given)):
            convicts = is_factor(name) or name in _looked_at(plan)
            yield OtherSetting(name, given, other, _holding(name, other), convicts)


def of_layers(plan: LayerPlan) -> Iterator[OtherSetting]:
    """The layers that its object holds with another of the file at the end, which changes dJ/dout in place, where the
    file itself puts such a one among them: whatever holds it may need dJ/dout afterwards."""
    made = ast.parse(plan.made.text or "None", mode="eval").body
    constructor = plan.file.constructors.get(plan.layer.owner)
    if constructor is None or not takes_layers(constructor.several) or not isinstance(made, ast.Call):
        return
    backwards = [pair.backward for pair in layers_of(plan.file)]
    changing = [
        f.owner for f in backwards if f.changed and f.owner in plan.file.composed.get(plan.layer.owner, ())
    ]
    for owner in changing:
        last = f"{owner}({likeliest_arguments(plan.file.constructors[owner], plan.file, plan.layout)})"
        given = [ast.unparse(layer) for layer in made.args]
        text = f"{plan.layer.owner}({', '.join([*given, last])})"

        def put(plan: LayerPlan, text: str = text) -> LayerPlan:
            return replace(plan, made=plan.made._replace(text=text))

        yield OtherSetting(constructor.several, ", ".join(given), ", ".join([*given, last]), put)


def _holding(name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose object holds another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        return replace(plan, put=(*plan.put, (name, value)))

    return put


def _made_with(plan: LayerPlan) -> dict[str, str] | None:
    """What the constructor is given, by argument; None where the object is made otherwise."""
    made = ast.parse(plan.made.text, mode="eval").body if plan.made.text else None
    if not isinstance(made, ast.Call):
        return None
    return {k.arg: ast.unparse(k.value) for k in made.keywords if k.arg is not None}


def _with_argument(name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose constructor is given another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        arguments = {**(_made_with(plan) or {}), name: value}
        made = f"{plan.layer.owner}({', '.join(f'{key}={text}' for key, text in arguments.items())})"
        return replace(plan, made=plan.made._replace(text=made))

    return put


def _equal_size(argument: Argument, constructor: Function, given: Mapping[str, str]) -> list[str]:
    """The size with which this one is compared, where it is another: a residual branch may be a layer's own then."""
    others = [pair - {argument.name} for pair in constructor.compared if argument.name == max(pair)]
    sizes = [given.get(other, "") for names in others for other in names]
    return [size for size in sizes if size not in ("", given.get(argument.name))]


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


def _others(name: str, given: str) -> list[str]:
    """Other values of a stride, a padding, the width of a window, a number of groups, an axis or a factor; none of what
    is none of these."""
    if name in KEPT:
        return ["1" if given == "0" else "0"]
    other = _OTHER_SIZES.get(size_role(name) or "", {}).get(given)
    if given == "2" and _GROUPS.fullmatch(name):
        return ["3"]
    other = other or wider(name, given) or another(name, given)
    return [other] if other else []


def _is_even(size: str) -> bool:
    """Whether the size of a window that the file writes, alone or after the channels, has an even side."""
    return any(int(number) % 2 == 0 for number in re.findall(r"\d+", size)[-2:])
