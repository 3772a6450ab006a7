"""How the functions of a file are called: what each of their arguments gets."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import names_apart
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    counted_size,
    is_batch_size,
    is_rate,
    meaning,
    rate_name,
    step_setting,
    without_chance,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.choices import Functions
from chainrule.gradcheck.recognition.constructing import size_of
from chainrule.gradcheck.recognition.containers import ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import DataNames, l2_of
from chainrule.gradcheck.recognition.parameters import NET
from chainrule.gradcheck.recognition.penalties import NO_PENALTY

_STEP = "1e-6"
RATE = "rate"
"""What the learning rate is called in an adapter."""

_MOST_CALLS_DEEP = 3


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
    """

    functions: Functions
    names: DataNames
    parameters: ParameterSet
    convention: Convention
    file: Definitions
    open: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    seeded: bool = False


def calls_of(plan: AdapterPlan, function: Function) -> list[str]:
    """Ways to call ``function``, the likely ones first."""
    return list(dict.fromkeys(call_of(plan, function, others) for others in _handed_on(plan, function)))


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
        value = others.get(argument.name) or _value(plan, function, argument)
        if value is None:
            by_name = True
        elif argument.starred:
            given.append(f"*{value}")
        else:
            named = by_name or argument.keyword_only
            given.append(f"{argument.keyword}={value}" if named else value)
    return ", ".join(given)


def data_of(plan: AdapterPlan, name: str) -> str:
    """What an adapter calls the data that an attribute holds."""
    role = meaning(name).role
    if role == "labels":
        return plan.names.integers if name == plan.names.integers else plan.names.labels
    if is_rate(name):
        return RATE if plan.functions.by_update else "1.0"
    if role == "samples" or is_batch_size(name):
        return sample_count(plan)
    return plan.names.inputs if role == "inputs" else plan.names.l2


def one_step(plan: AdapterPlan, name: str) -> str | None:
    """What a setting of this name is where an update is to take one step over all samples, however many these are; None
    for one that is none of training's."""
    return sample_count(plan) if is_batch_size(name) and plan.names.inputs else step_setting(name)


def sample_count(plan: AdapterPlan) -> str:
    """How many samples there are; empty where there are no inputs."""
    axis = 0 if plan.convention.samples == "rows" else 1
    return f"{plan.names.inputs}.shape[{axis}]" if plan.names.inputs else ""


def _pairs(plan: AdapterPlan) -> str:
    """A list of inputs and labels of each sample: columns (d, 1), or rows (d,)."""
    inputs, labels, numpy = plan.names.inputs, plan.names.labels, plan.file.numpy_name
    if plan.convention.samples == "rows":
        return f"list(zip({inputs}, {labels}))"
    return f"list(zip({inputs}.T[..., {numpy}.newaxis], {labels}.T[..., {numpy}.newaxis]))"


def _value(plan: AdapterPlan, function: Function, argument: Argument) -> str | None:
    """What an argument gets; None where its default will do."""
    if argument.name in plan.options:
        return plan.options[argument.name]
    if argument.name == plan.names.mode:
        return argument.name
    what = meaning(argument.name)
    named: dict[str, str] = {
        "inputs": plan.names.inputs,
        "l2": plan.names.l2,
        "classes": str(plan.convention.sizes.classes),
    }
    if _is_rate(plan, function, argument):
        return RATE
    if argument.is_flag:
        return None
    if argument.name in function.pairs:
        return _pairs(plan)
    if what.role == "labels":
        return argument.name if argument.name == plan.names.integers else plan.names.labels
    if what.role == "l2" and plan.functions.penalty == NO_PENALTY:
        return "0.0"
    if what.role == "l2" and argument.name != l2_of(function) and not argument.required:
        return None
    if plan.functions.by_update and function is plan.functions.gradient:
        setting = one_step(plan, argument.name)
        if setting is not None:
            return setting
    if named.get(what.role):
        return named[what.role]
    if _is_input(plan, function, argument):
        return plan.names.inputs
    if plan.parameters.whole and (what.role == "bundle" or argument.name in plan.parameters.values):
        return next(iter(plan.parameters.values))
    if what.role in PARAMETER_ROLES:
        same = [name for name in plan.parameters.values if meaning(name) == what]
        if same and not plan.parameters.whole:
            return same[0]
        keys = [key for key in plan.parameters.keys if meaning(key) == what]
        if keys:
            return f'{next(iter(plan.parameters.values))}["{keys[0]}"]'
    certain = without_chance(argument.name)
    if not argument.required or certain:
        return certain
    if what.role == "samples" and plan.names.inputs:
        return sample_count(plan)
    if what.role == "layers" and plan.parameters.layers:
        return str(plan.parameters.layers)
    if what.role == "step" and function is plan.functions.numeric:
        return _STEP
    if (size := counted_size(argument.name)) is not None:
        return size_of(size, plan.convention)
    if options := plan.file.options.get(argument.name):
        return options[0]
    if plan.open:
        return argument.name
    raise CannotCallError(f"{function.name}: what is {argument.name}?")


def _is_rate(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument is the learning rate of an update."""
    if not plan.functions.by_update or function is not plan.functions.gradient:
        return False
    return argument.name == rate_name(a.name for a in function.arguments)


def _handed_on(plan: AdapterPlan, function: Function, depth: int = 0) -> list[dict[str, str]]:
    """What arguments such as P, H and a cache may get: what the file itself hands to them, or parts of what the
    forward pass returns.

    Raises:
        CannotCallError: nothing gives them.
    """
    wanted = [a.name for a in function.arguments if a.required and _is_other(plan, function, a)]
    if not wanted or (plan.functions.forward is None and plan.open):
        return [{}]
    seen = _as_called(plan, function, wanted, depth)
    missing = [name for name in wanted if name not in seen]
    if not missing:
        return [seen]
    if depth:
        # What a helper takes on the way is not to be guessed: it may be anything between two layers.
        raise CannotCallError(f"{function.name}: what is {missing[0]}?")
    return [seen | others for others in _of_forward(plan, function, missing)]


def _as_called(plan: AdapterPlan, function: Function, wanted: list[str], depth: int) -> dict[str, str]:
    """What the file hands to the arguments of a function where it calls it, as far as it can be called here.

    What another function gets by default is the same here.
    """
    left_out = (a for f in plan.functions.given for a in f.arguments if not a.required)
    values = {a.name: a.default for a in left_out if a.default and a.name in wanted}
    for name in (name for name in wanted if name not in values):
        for handed in sorted(plan.file.handed.get((function.name, name), ()), key=partial(_apart, plan)):
            try:
                values.setdefault(name, _written(plan, function, handed, depth))
            except CannotCallError:
                continue
    return values


def _apart(plan: AdapterPlan, handed: HandedOn) -> int:
    """How far a function that gives something is from the gradient by its name: of several forward passes, which all
    give a cache, it needs its own."""
    if not handed.function:
        return 0
    name = (plan.functions.gradient or plan.functions.cost).name
    return names_apart(handed.function, name)


def _written(plan: AdapterPlan, function: Function, handed: HandedOn, depth: int) -> str:
    if handed.constant:
        return handed.constant
    if handed.expression:
        return _computed(plan, function, handed, depth)
    giver = plan.file.named(handed.function, function.owner)
    # What takes nothing gives the same whatever the parameters are: the data of a test.
    gives_always = giver is not None and not giver.owner and not giver.arguments
    is_here = giver is not None and giver.owner in (function.owner, "")
    if giver is None or gives_always or not is_here or depth == _MOST_CALLS_DEEP:
        raise CannotCallError(f"{function.name}: what is {handed.function}?")
    call = call_of(plan, giver, _handed_on(plan, giver, depth + 1)[0])
    return call if handed.part is None else f"{call}[{handed.part}]"


def _computed(plan: AdapterPlan, function: Function, handed: HandedOn, depth: int) -> str:
    """An expression of the file, with what its names mean here in their places.

    Raises:
        CannotCallError: the meaning of a name is not known.
    """
    made = dict(handed.names)

    class Renaming(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            match node.value:
                case ast.Name(id="self") if plan.parameters.net and _is_lasting(plan, node.attr):
                    return ast.Attribute(ast.Name(NET), node.attr)
            return self.generic_visit(node)  # type: ignore[return-value]

        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id in made:
                text = _written(plan, function, made[node.id], depth)
            elif plan.file.knows(node.id):
                return node
            else:
                text = _value(plan, function, Argument(node.id)) or ""
            return ast.parse(text, mode="eval").body

    return ast.unparse(Renaming().visit(ast.parse(handed.expression, mode="eval").body))


def _is_lasting(plan: AdapterPlan, attribute: str) -> bool:
    """Whether an attribute is the same wherever it is read: a method, or a parameter, and not what one has left."""
    methods = {function.name for function in plan.file.functions if function.owner}
    return attribute in methods or meaning(attribute).role in PARAMETER_ROLES


def _of_forward(plan: AdapterPlan, function: Function, wanted: list[str]) -> list[dict[str, str]]:
    """What arguments may get of the forward pass."""
    forward = plan.functions.cost if plan.functions.usual_cost else plan.functions.forward
    if forward is None or forward is function:
        raise CannotCallError(f"{function.name}: what is {wanted[0]}?")
    call = call_of(plan, forward, {})
    parts = [f"{call}[{index}]" for index in range(max(len(wanted), 2))]
    if places := _places(wanted, forward.returns):
        orders = [[f"{call}[{place}]" for place in places]]
    elif len(wanted) == 1:
        orders = [[part] for part in ((call, *parts) if not forward.returns else (*parts, call))]
    else:
        orders = [parts, parts[::-1]]
    return [dict(zip(wanted, order, strict=True)) for order in orders]


def _is_other(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    role = meaning(argument.name).role
    known = _is_rate(plan, function, argument) or argument.name in function.pairs
    if _is_input(plan, function, argument):
        return False
    if known or argument.name in plan.parameters.values or argument.name in plan.file.options:
        return False
    if argument.name in plan.options or without_chance(argument.name) is not None:
        return False
    if counted_size(argument.name) is not None:
        return False
    is_step = role == "step" and function is not plan.functions.numeric
    return role == "other" or is_step or _is_second_input(plan, function, argument)


def _is_second_input(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument is called like inputs beside those of the function, and the file hands something to it:
    ``x`` beside ``X`` may be scores."""
    if meaning(argument.name).role != "inputs" or argument.name == plan.names.inputs:
        return False
    beside = any(other.name == plan.names.inputs for other in function.arguments)
    return beside and (function.name, argument.name) in plan.file.handed


def _is_input(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument of any name can be nothing but the inputs: a forward pass takes no other."""
    forward = plan.functions.cost if plan.functions.usual_cost else plan.functions.forward
    required = [a for a in function.arguments if a.required]
    return function is forward and required == [argument] and meaning(argument.name).role == "other"


def _places(wanted: list[str], returned: tuple[str, ...]) -> list[int]:
    """Where the forward pass returns what is wanted, by name, else by first letter; empty where it does not say."""
    for same in (str.casefold, lambda name: name[:1].casefold()):
        names = [same(name) for name in returned]
        if all(names.count(same(name)) == 1 for name in wanted):
            return [names.index(same(name)) for name in wanted]
    return []
