"""How the functions of a file are called: what each of their arguments gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_batch_size,
    is_rate,
    is_settings,
    is_step,
    meaning,
    rate_name,
    step_setting,
    weighted_by,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import counted_size, size_role
from chainrule.gradcheck.program.switch_names import switched_off
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.containers import LAYERS_MADE, ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.convolutions import laid_out
from chainrule.gradcheck.recognition.data_names import DataNames, beside_l2, l2_of
from chainrule.gradcheck.recognition.held_settings import read_of, record, setting_of, written_settings
from chainrule.gradcheck.recognition.layer_records import LayerRecords, in_records, layer_records
from chainrule.gradcheck.recognition.made_sizes import size_of
from chainrule.gradcheck.recognition.parameters import NET
from chainrule.gradcheck.recognition.penalties import WITHOUT_L2

_STEP = "1e-6"
RATE = "rate"
"""What the learning rate is called in an adapter."""


class CannotCallError(Exception):
    """An argument whose meaning is not known."""


class OtherLayoutError(CannotCallError):
    """A cost that there is for labels or outputs of another layout only."""


@dataclass(frozen=True)
class AdapterPlan:
    """All that the text of an adapter is made of.

    Attributes:
        file: what else the file defines.
        open: arguments of unknown meaning stand under their own names, to be filled in; else they are refused.
        options: what arguments get that choose between ways to compute, where it is not the usual one.
        seeded: NumPy's draws are the same in every call of the user's functions.
        doubled: of filters that an object holds in two shapes, the gradient of the other one is meant.
        made: what an object holds as an expression makes it; nothing where that is not known.
    """

    functions: Functions
    names: DataNames
    parameters: ParameterSet
    convention: Convention
    file: Definitions
    open: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    seeded: bool = False
    doubled: bool = False
    made: Callable[[str], Mapping[str, Any]] = lambda net: {}

    @cached_property
    def beside_l2(self) -> dict[str, str]:
        """What is called like l2 and is another number."""
        return beside_l2(self.functions, self.file, self.names.l2)


def call_of(plan: AdapterPlan, function: Function, others: Mapping[str, str]) -> str:
    """One call, in which some arguments get what ``others`` says."""
    maker = function.maker
    outer = maker.arguments if maker is not None else ()
    given = _given(plan, function, [a for a in function.arguments if a not in outer], others)
    net = NET if plan.parameters.net else next(iter(plan.parameters.values))
    called = f"{net}." * bool(function.owner) + mangled(function.name, function.owner)
    if maker is not None:
        called = f"{maker.name}({_given(plan, function, outer, others)})[{maker.place}]"
    call = f"{called}({given})"
    return f"({plan.file.numpy_name}.random.seed(0), {call})[1]" if plan.seeded else call


def _given(
    plan: AdapterPlan, function: Function, arguments: Sequence[Argument], others: Mapping[str, str]
) -> str:
    """What arguments of a function get, as they stand in a call."""
    given, by_name = [], False
    for argument in arguments:
        value = others.get(argument.name) or value_of(plan, function, argument)
        if argument.name in function.resized and plan.parameters.values.get(value or "", "")[:1] == "[":
            # What it leaves of a list, others of the same expression would be handed.
            value = f"[*{value}]"
        if value is None:
            by_name = True
        elif argument.starred:
            given.append(f"*{value}")
        else:
            named = by_name or argument.keyword_only
            given.append(f"{argument.keyword}={value}" if named else value)
    return ", ".join(given)


def data_of(plan: AdapterPlan, name: str) -> str:
    """What an adapter calls the data that an attribute holds, or its filters, laid out in another way."""
    role = meaning(name).role
    if role == "labels":
        return plan.names.integers if name == plan.names.integers else plan.names.labels
    if is_rate(name) or _is_held_rate(plan, name):
        return RATE if plan.functions.by_update else "1.0"
    if role == "samples" or is_batch_size(name):
        return sample_count(plan)
    if role == "state":
        return plan.names.state
    if role == "cell":
        return plan.names.cell
    if role == "filters":
        same = next(n for n in plan.parameters.values if meaning(n).role == role)
        return laid_out(name, same, plan.convention)
    if role == "inputs":
        return plan.names.inputs
    return _l2(plan, name)


def _l2(plan: AdapterPlan, name: str) -> str:
    """What is called like l2; empty where an adapter has none."""
    return "0.0" if plan.functions.penalty in WITHOUT_L2 else plan.beside_l2.get(name, plan.names.l2)


def one_step(plan: AdapterPlan, name: str) -> str | None:
    """What a setting of this name is where an update is to take one step over all samples, however many these are; None
    for one that is none of training's."""
    return sample_count(plan) if is_batch_size(name) and plan.names.inputs else step_setting(name)


def sample_count(plan: AdapterPlan) -> str:
    """How many samples there are; empty where there are no inputs."""
    if plan.convention.samples == "vector":
        return "1"
    return f"{plan.names.inputs}.shape[{plan.convention.samples_axis}]" if plan.names.inputs else ""


def _pairs(plan: AdapterPlan) -> str:
    """A list of inputs and labels of each sample: columns (d, 1), or rows (d,)."""
    inputs, labels, numpy = plan.names.inputs, plan.names.labels, plan.file.numpy_name
    if plan.convention.samples == "rows":
        return f"list(zip({inputs}, {labels}))"
    return f"list(zip({inputs}.T[..., {numpy}.newaxis], {labels}.T[..., {numpy}.newaxis]))"


def value_of(plan: AdapterPlan, function: Function, argument: Argument) -> str | None:
    """What an argument gets; None where its default will do."""
    if argument.name in plan.options:
        return plan.options[argument.name]
    if argument.name == plan.names.mode:
        return argument.name
    if (records := records_of(plan, argument)) is not None:
        widths = plan.convention.widths(plan.parameters.layers or LAYERS_MADE)
        return records.written(widths, plan.options.get(in_records(argument.name), ""))
    what = meaning(argument.name)
    named: dict[str, str] = {
        "inputs": plan.names.inputs,
        "state": plan.names.state,
        "cell": plan.names.cell,
        "l2": _l2(plan, argument.name) if what.role == "l2" else "",
        "classes": str(plan.convention.sizes.classes),
    }
    if is_rate_of(plan, function, argument):
        return RATE
    if argument.is_flag:
        return None
    if function is plan.functions.numeric and is_step(argument.name):
        return _STEP
    if argument.name in function.pairs:
        return _pairs(plan)
    if what.role == "labels":
        return argument.name if argument.name == plan.names.integers else plan.names.labels
    if what.role == "l2" and plan.functions.penalty in WITHOUT_L2:
        return "0.0"
    if what.role == "l2" and argument.name != l2_of(function) and not argument.required:
        return None
    if plan.functions.by_update and function is plan.functions.gradient:
        setting = one_step(plan, argument.name)
        if setting is not None:
            return setting
    if named.get(what.role):
        return named[what.role]
    if is_only_input(plan, function, argument):
        return plan.names.inputs
    if plan.parameters.whole and (what.role == "bundle" or argument.name in plan.parameters.values):
        return next(iter(plan.parameters.values))
    if what.role in PARAMETER_ROLES:
        # Those of several gates mean the same.
        own = [name for name in plan.parameters.values if name == argument.name]
        same = own or [name for name in plan.parameters.values if meaning(name) == what]
        if same and not plan.parameters.whole:
            return same[0]
        keys = [key for key in plan.parameters.keys if meaning(key) == what]
        if keys:
            return f'{next(iter(plan.parameters.values))}["{keys[0]}"]'
    certain = switched_off(argument.name)
    if not argument.required or certain:
        return certain
    if (together := settings_given(plan, function, argument.name)) is not None:
        return together
    if what.role == "samples" and plan.names.inputs:
        return sample_count(plan)
    if (of := weighted_by(argument.name)) is not None and plan.names.inputs:
        count = sample_count(plan) if of == "samples" else plan.convention.sizes.classes
        return f"{plan.file.numpy_name}.linspace(0.5, 1.5, {count})"
    if what.role == "layers" and plan.parameters.layers:
        return str(plan.parameters.layers)
    if (size := counted_size(argument.name)) is not None:
        return size_of(size, plan.convention)
    if options := plan.file.options.get(argument.name):
        return options[0]
    if plan.open:
        return argument.name
    raise CannotCallError(f"{function.name}: what is {unknown_of(plan, function, argument.name)}?")


def settings_given(plan: AdapterPlan, function: Function, name: str) -> str | None:
    """What stands for settings that a function looks up in one argument: ``GDparams.lam``, ``GDparams["n_layers"]``;
    None where the argument is called like none, or the meaning of one is not known."""
    if not is_settings(name):
        return None
    if name not in function.reads:
        return "None"
    keys, fields = read_of(name, plan.file.used([function]))
    asked = keys or fields
    values = {key: value for key in asked if (value := setting(plan, key)) is not None}
    if not asked or any(default is None for key, default in asked.items() if key not in values):
        return None
    if keys:
        return f"{{{', '.join(f'{key!r}: {value}' for key, value in values.items())}}}"
    return record(name, values)


def unknown_of(plan: AdapterPlan, function: Function, name: str) -> str:
    """What is not known of an argument: itself, or the first of what is looked up in it, as that is written."""
    if not is_settings(name):
        return name
    keys, fields = read_of(name, plan.file.used([function]))
    unknown = [
        key for key, default in (keys or fields).items() if default is None and setting(plan, key) is None
    ]
    if not unknown:
        return name
    return f'{name}["{unknown[0]}"]' if keys else f"{name}.{unknown[0]}"


def in_settings(name: str) -> str:
    """What a setting of this name is called as an option, in whatever argument it is looked up."""
    return f".{name}"


def setting(plan: AdapterPlan, name: str) -> str | None:
    """One of several settings, which is what an argument of its own would get; None where its meaning is not known."""
    if (chosen := plan.options.get(in_settings(name))) is not None:
        return chosen
    role = meaning(name).role
    if role == "layers":
        return str(plan.parameters.layers) if plan.parameters.layers else None
    if role == "l2" or is_rate(name) or is_batch_size(name):
        return data_of(plan, name)
    return setting_of(name, plan.convention) or written_settings(plan.file).get(name)


def records_of(plan: AdapterPlan, argument: Argument) -> LayerRecords | None:
    """How an argument is read that says of each layer what it is made of; None where it does not."""
    return layer_records(plan.file, argument.name) if size_role(argument.name) == "widths" else None


def is_rate_of(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument is the learning rate of an update."""
    if not plan.functions.by_update or function is not plan.functions.gradient:
        return False
    return argument.name == rate_name(a.name for a in function.arguments)


def _is_held_rate(plan: AdapterPlan, name: str) -> bool:
    """Whether an attribute is the learning rate of an update, whatever it may be elsewhere: ``alpha``."""
    functions = plan.functions
    return functions.by_update and name == objects.held_rate(plan.file, functions.cost, functions.gradient)


def is_only_input(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument of any name can be nothing but the inputs: a forward pass takes no other."""
    forward = plan.functions.cost if plan.functions.usual_cost else plan.functions.forward
    required = [a for a in function.arguments if a.required]
    return function is forward and required == [argument] and meaning(argument.name).role == "other"
