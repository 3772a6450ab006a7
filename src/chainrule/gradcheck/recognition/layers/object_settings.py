"""What the object of a layer may be set to otherwise: what its constructor takes and writes down, the layers that it
holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from chainrule.gradcheck.program.number_names import is_factor
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.switch_names import OTHER_MODES, is_mode, is_training
from chainrule.gradcheck.recognition.layers.built import descending, is_optimizer
from chainrule.gradcheck.recognition.layers.constructor_values import likeliest_arguments
from chainrule.gradcheck.recognition.layers.held_settings import settings_in, with_setting
from chainrule.gradcheck.recognition.layers.looked_at import (
    is_weight,
    is_written_for,
    looked_at,
    other_modes,
)
from chainrule.gradcheck.recognition.layers.named_sizes import other_windows, unequal
from chainrule.gradcheck.recognition.layers.other_settings import (
    PENALTY,
    OtherSetting,
    is_switch,
    other_values,
)
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.settings import another, is_of_penalty, is_statistic
from chainrule.gradcheck.recognition.options import FLAGS
from chainrule.gradcheck.recognition.stacks import takes_layers


def of_object(plan: LayerPlan) -> Iterator[OtherSetting]:
    """Settings and texts that the constructor takes."""
    given = _made_with(plan)
    if given is None:
        return
    constructor = plan.file.constructors[plan.layer.owner]
    inside = settings_in(given.values())
    given = {**given, **inside}
    for argument in (*constructor.arguments, *map(Argument, inside)):
        name = argument.name
        text = given.get(name, argument.default)
        is_text = text[:1] in ("'", '"') and not is_mode(name) and text.strip("\"'") not in OTHER_MODES
        texts = [value for value in _texts_of(plan, name) if is_text and value != text]
        flags = [FLAGS[text]] if text in FLAGS and not is_mode(name) else []
        for value in [
            *other_values(name, text),
            *texts,
            *flags,
            *_equal_size(argument, constructor, given),
        ]:
            convicts = bool(texts) or is_written_for(plan, name, text)
            convicts = convicts and not (name in inside and is_switch(name, text))
            yield OtherSetting(name, text, value, _with_argument(name, value), convicts)
        for value in other_windows(name, text, constructor, plan.layout):
            used = any(_is_even(h.constant) for h in plan.file.handed.get((constructor.owner, name), ()))
            yield OtherSetting(name, text, value, _with_argument(name, value), used, is_guessed=not used)
        for value in unequal(name, text):
            put = _with_argument(name, value)
            yield OtherSetting(name, text, value, put, convicts=False, is_guessed=True)
        if is_weight(plan, name, text):
            yield OtherSetting(name, text, PENALTY, _with_argument(name, PENALTY))
    defaults = {argument.name: argument.default for argument in constructor.arguments}
    kept = {attribute: defaults.get(name, "") for attribute, name in constructor.attributes.kept}
    for name, value in {**dict(constructor.attributes.constants), **kept}.items():
        if name in kept and not is_mode(name):
            continue
        # It is in training, whatever it was made in.
        own = "True" if is_training(name) and value in FLAGS else value
        for other in other_modes(plan, name, own):
            yield OtherSetting(name, own, other, _holding(name, other), name in looked_at(plan))
    yield from _of_constants(plan, constructor)
    yield from _of_optimizers(plan, constructor)


def _texts_of(plan: LayerPlan, name: str) -> list[str]:
    """The texts among which a file chooses by a name, and others that it hands to the constructor under it: what it
    does with none of the first is seen with these."""
    handed = plan.file.handed.get((plan.layer.owner, name), ())
    others = (h.constant for h in handed if h.constant[:1] in ("'", '"'))
    return list(dict.fromkeys((*(texts := plan.file.options.get(name, ())), *(others if texts else ()))))


def _of_optimizers(plan: LayerPlan, constructor: Function) -> Iterator[OtherSetting]:
    """An optimizer where there is none yet, if the backward pass has it take steps."""
    own = [f for f in plan.file.functions if f.owner == plan.layer.owner]
    read = any(map(is_optimizer, plan.layer.backward.attributes.reads))
    for name, given in constructor.attributes.constants:
        if read and given == "None" and is_optimizer(name):
            value = "a step with a rate of 1"
            yield OtherSetting(name, given, value, _holding(name, descending(own)), of_backward=True)


def _of_constants(plan: LayerPlan, constructor: Function) -> Iterator[OtherSetting]:
    """The factors that its class, or its constructor, writes down, and which stay so: ``delta = 1.0``; not the weight
    of a penalty, which the forward pass leaves out, whatever it is called."""
    passes = plan.file.used([plan.layer.forward, plan.layer.backward])
    changed = {name for f in passes for name in (*f.attributes.sets, *f.attributes.changes)}
    read = {name for f in passes for name in f.attributes.reads} - changed
    kept = dict(constructor.attributes.kept)
    for name, given in constructor.attributes.constants:
        if is_statistic(name) or is_of_penalty(name) or is_of_penalty(kept.get(name, "")):
            continue
        if name in read and (other := another(name, given)):
            convicts = is_factor(name) or name in looked_at(plan)
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
        own = _made_with(plan) or {}
        inside = name in settings_in(own.values())
        arguments = (
            {key: with_setting(text, name, value) for key, text in own.items()}
            if inside
            else {**own, name: value}
        )
        made = f"{plan.layer.owner}({', '.join(f'{key}={text}' for key, text in arguments.items())})"
        return replace(plan, made=plan.made._replace(text=made))

    return put


def _equal_size(argument: Argument, constructor: Function, given: Mapping[str, str]) -> list[str]:
    """The size with which this one is compared, where it is another: a residual branch may be a layer's own then."""
    others = [pair - {argument.name} for pair in constructor.compared if argument.name == max(pair)]
    sizes = [given.get(other, "") for names in others for other in names]
    return [size for size in sizes if size not in ("", given.get(argument.name))]


def _is_even(size: str) -> bool:
    """Whether the size of a window that the file writes, alone or after the channels, has an even side."""
    return any(int(number) % 2 == 0 for number in re.findall(r"\d+", size)[-2:])
