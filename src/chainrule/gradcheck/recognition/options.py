"""What of a program may be set otherwise: options of its functions, of its objects and of their settings.

An option chooses between ways to compute: a text that the file compares with others, a switch, or how many units
dropout leaves. An adapter has one value of each; the others make adapters of their own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from chainrule.gradcheck.program.names import training_setting
from chainrule.gradcheck.program.number_names import number
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.switch_names import (
    OTHER_MODES,
    SMOOTHED,
    is_mode,
    is_smoothing,
    is_training,
    switched_off,
    with_chance,
    without_chance,
)
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import AdapterPlan, in_settings, records_of, setting
from chainrule.gradcheck.recognition.choosing import are_chosen_by, in_module, of_module
from chainrule.gradcheck.recognition.data_names import called, default_mode
from chainrule.gradcheck.recognition.given_later import given_later
from chainrule.gradcheck.recognition.held_settings import looked_up
from chainrule.gradcheck.recognition.layer_records import in_records
from chainrule.gradcheck.recognition.other_plans import (
    holding,
    made_as,
    made_by,
    with_argument,
    with_hidden,
    with_key,
    with_made,
)

FLAGS = {"True": "False", "False": "True"}
"""The other value of a flag, as both are written."""

_PART = re.compile(
    r"\w*(norm|bn|drop|bias|regulari[sz]|l2|decay|skip|residual|affine|smooth)\w*|(use_?)?reg", re.IGNORECASE
)
"""Switches by which a net has a part or has it not."""


class Option(NamedTuple):
    """Something that may be set otherwise.

    Attributes:
        given: the text of its value in an adapter.
        others: those of other values.
        plan_with: the adapter's plan with one of them.
        shared: it concerns both cost and gradient.
        parts: of several that the file sets together: each of them, with its value.
        certain: whether the gradient is written for all values, as it looks at this one.
        is_switched_off: whether an adapter has it switched off where the file's own default is not.
    """

    name: str
    given: str
    others: list[str]
    plan_with: Callable[[str], AdapterPlan]
    shared: bool = True
    parts: tuple[tuple[str, str], ...] = ()
    certain: bool = False
    is_switched_off: bool = False

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return self.given[:1] in ("'", '"')

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers that a formula has, and no chances."""
        return not self.drops and number(self.given) is not None

    @property
    def drops(self) -> bool:
        """Whether it says how many units are dropped at random."""
        return with_chance(self.name, self.given) is not None

    @property
    def is_certain(self) -> bool:
        """Whether it is known to be a part of the net, or to choose one, so that it may be wrong with it."""
        return self.certain or self.is_text or self.drops or _PART.fullmatch(self.name) is not None


def options_of(plan: AdapterPlan) -> list[Option]:
    """Everything that may be set otherwise, but for training, which is tried otherwise: what the file sets together,
    then texts, dropout, switches."""
    every = _by_name(plan)
    alone = sorted(every.values(), key=lambda option: (not option.is_text, option.given in FLAGS))
    return [*_together(plan, every), *alone]


def _by_name(plan: AdapterPlan) -> dict[str, Option]:
    looked_up = (o._replace(others=_others(plan, o.name, o.given)) for o in settings_of(plan))
    every = (
        *_of_object(plan),
        *_of_listed(plan),
        *looked_up,
        *_of_module(plan),
        *_of_functions(plan),
    )
    return {option.name: _as_written(plan, option) for option in every if option.others}


def _as_written(plan: AdapterPlan, option: Option) -> Option:
    """An option for either value of which the gradient is written, where it chooses by it as the cost does."""
    chosen = option.shared and option.given in FLAGS and are_chosen_by(plan, option.name)
    return option._replace(certain=option.certain or chosen)


def _together(plan: AdapterPlan, every: Mapping[str, Option]) -> Iterator[Option]:
    """Texts that the file gives in one call, to what makes the object or to what calls both cost and gradient."""
    functions = {f.name for f in plan.functions[:2] if f is not None}
    owners = {f.owner for f in plan.functions.given if f.owner}
    for name_called, texts in plan.file.together:
        own = {name: value for name, value in texts.items() if name in every and every[name].is_text}
        caller = plan.file.named(name_called)
        trains = caller is not None and functions <= {*caller.uses, *caller.attributes.reads}
        new = [name for name, value in own.items() if value in every[name].others]
        if len(own) < 2 or not new or not (name_called in owners or trains):
            continue
        given, value = (" and ".join(values) for values in ((every[n].given for n in own), own.values()))
        with_all = partial(_with_all, plan, own)
        yield Option(" and ".join(own), given, [value], with_all, parts=tuple(own.items()))


def _with_all(plan: AdapterPlan, values: Mapping[str, str], _: str) -> AdapterPlan:
    for name, value in values.items():
        option = _by_name(plan)[name]
        plan = plan if value == option.given else option.plan_with(value)
    return plan


def seeded(plan: AdapterPlan) -> AdapterPlan:
    """The same in training, with NumPy's draws the same in every call."""
    name = plan.names.mode
    if not name:
        return replace(plan, seeded=True)
    default = default_mode(called(plan.functions, plan.file), name)
    training = str(is_training(name)) if default in FLAGS else _training_text(default)
    return replace(
        plan, seeded=True, names=plan.names._replace(mode=""), options={**plan.options, name: training}
    )


def _training_text(default: str) -> str:
    text = default.strip("\"'")
    return repr(text if text.startswith("train") else OTHER_MODES[text])


def _others(plan: AdapterPlan, name: str, given: str) -> list[str]:
    """The other values of an option; none of what is no option."""
    if name == plan.names.mode or is_mode(name) or given.strip("\"'") in OTHER_MODES:
        return []
    if (chance := with_chance(name, given)) is not None:
        return [chance]
    if is_smoothing(name):
        return [SMOOTHED]
    if given in FLAGS:
        return [] if training_setting(name) else [FLAGS[given]]
    is_text = given[:1] in ("'", '"')
    return [value for value in plan.file.options.get(name, ()) if is_text and value != given]


def _of_functions(plan: AdapterPlan) -> Iterator[Option]:
    """Those that are arguments of what an adapter calls."""
    functions = [f for f in plan.functions[:2] if f is not None]
    reached = called(plan.functions, plan.file)
    for name, argument in {a.name: a for f in (*reached, *functions) for a in f.arguments}.items():
        if (records := records_of(plan, argument)) is not None:
            with_value = partial(with_argument, plan, in_records(name))
            yield Option(records.key or name, records.text, records.others, with_value)
            continue
        shared = all(name in (a.name for a in f.arguments) for f in functions)
        # What must be given to the forward pass concerns all that take what it gives.
        shared = shared or (name in plan.options and all(name in _taken(plan, f) for f in functions))
        dropped = without_chance(name) is not None
        if argument.default not in FLAGS or shared:
            given = _usual(plan, argument)
            with_value = partial(with_argument, plan, name)
            yield Option(
                name,
                given,
                _others(plan, name, given),
                with_value,
                shared or dropped,
                is_switched_off=_is_switched_off(argument, given),
            )


def _of_module(plan: AdapterPlan) -> Iterator[Option]:
    """Those that the top level of the file sets."""
    for name, given in of_module(plan).items():
        with_value = partial(with_argument, plan, in_module(name))
        yield Option(name, given, [FLAGS[given]], with_value, certain=True)


def settings_of(plan: AdapterPlan) -> Iterator[Option]:
    """What the functions that an adapter calls look up in settings that they are given together, each without another
    value; it concerns both cost and gradient where both are given an argument in which it is looked up."""
    functions = [f for f in plan.functions[:2] if f is not None]
    for name, (default, holders) in looked_up(called(plan.functions, plan.file), plan.file).items():
        given = setting(plan, name) or default
        yield Option(
            name,
            given,
            [],
            partial(with_argument, plan, in_settings(name)),
            all(holders & _taken(plan, function) for function in functions),
            is_switched_off=_is_switched_off(Argument(name, default=default), given),
        )


def _taken(plan: AdapterPlan, function: Function) -> set[str]:
    """The arguments of a function, and of those which give it what it takes."""
    return {a.name for f in called(Functions(function), plan.file) for a in f.arguments}


def _usual(plan: AdapterPlan, argument: Argument) -> str:
    """What an argument has in an adapter."""
    known = plan.file.options.get(argument.name, ())
    own = plan.options.get(argument.name) or switched_off(argument.name)
    return own or argument.default or next(iter(known), "")


def _is_switched_off(argument: Argument, given: str) -> bool:
    """Whether an adapter gives an argument the number at which it does nothing, and its default is another."""
    off, default = switched_off(argument.name), number(argument.default)
    return off is not None and default is not None and number(given) == number(off) != default


def _of_object(plan: AdapterPlan) -> Iterator[Option]:
    """Those of the object whose methods an adapter calls: its constructor's arguments, settings by key, and what it
    writes down itself."""
    made = made_as(plan)
    constructor, call = made_by(plan)
    if constructor is None:
        return
    for argument in constructor.arguments if call else ():
        given = {k.arg: k.value for k in call.keywords if k.arg}.get(argument.name) if call else None
        if isinstance(given, ast.Dict):
            yield from _of_settings(plan, made, argument.name, given, constructor)
            continue
        text = ast.unparse(given) if given is not None else argument.default
        if (records := records_of(plan, argument)) is not None and given is not None:
            yield Option(
                records.key or argument.name,
                records.text,
                records.others,
                partial(with_hidden, plan, made, argument.name, text),
            )
            continue
        yield Option(
            argument.name,
            text,
            _others(plan, argument.name, text),
            partial(with_made, plan, made, argument.name),
            is_switched_off=_is_switched_off(argument, text),
        )
    reads = {name for f in plan.file.reached(plan.functions.given) for name in f.attributes.reads}
    taken = {*plan.parameters.put, *(name for name, _ in constructor.attributes.kept if call)}
    later = given_later(plan.file, constructor.owner, plan.parameters.held)
    for name, written in (*constructor.attributes.constants, *later.items()):
        if name in reads - taken:
            text = plan.parameters.held.get(name, written)
            yield _of_attribute(plan, name, text)


def _of_listed(plan: AdapterPlan) -> Iterator[Option]:
    """Switches of the objects in a list: ``[Layer(6, 5, norm=False), Layer(5, 3, norm=False)]``."""
    made = next(iter(plan.parameters.values.values()), "")
    if not (plan.parameters.whole and made.startswith("[")):
        return
    for name, given in dict(re.findall(r"\b(\w+)=(True|False)\b", made)).items():
        yield Option(name, given, _others(plan, name, given), partial(_with_listed, plan, name))


def _with_listed(plan: AdapterPlan, name: str, value: str) -> AdapterPlan:
    own = plan.parameters
    values = {
        of: re.sub(rf"\b{name}=(True|False)\b", f"{name}={value}", made) for of, made in own.values.items()
    }
    return replace(plan, parameters=replace(own, values=values))


def _of_attribute(plan: AdapterPlan, name: str, text: str) -> Option:
    """A constant of an object, which may be its mode: that counts where the way back, too, looks at it."""
    with_value = partial(holding, plan, name)
    if not (is_mode(name) and text in FLAGS):
        return Option(name, text, _others(plan, name, text), with_value)
    functions = plan.functions
    forward = plan.file.used([functions.cost])
    back = [f for f in plan.file.used([functions.gradient or functions.cost]) if f not in forward]
    looks = any(name in f.attributes.reads for f in back)
    return Option(name, text, [FLAGS[text]], with_value, certain=looks)


def _of_settings(
    plan: AdapterPlan, made: str, argument: str, settings: ast.Dict, constructor: Function
) -> Iterator[Option]:
    """The keys of a dictionary of settings."""
    given = {
        ast.literal_eval(k): ast.unparse(v) for k, v in zip(settings.keys, settings.values, strict=True) if k
    }
    for key, default in constructor.optional_keys.get(argument, {}).items():
        text = given.get(key, default)
        with_value = partial(with_key, plan, made, argument, given, key)
        yield Option(key, text, _others(plan, key, text), with_value)
