"""How the functions of a file are called together: the text of an adapter from their signatures and a convention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chainrule.gradcheck.program.names import PARAMETER_ROLES, l2_name, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import conventions
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import ParameterSet

_STEP = "1e-6"


class CannotCallError(Exception):
    """An argument whose meaning is not known."""


class Functions(NamedTuple):
    """The functions of one adapter; where ``gradient`` is None, the cost gives it back as its second value."""

    cost: Function
    gradient: Function | None = None
    forward: Function | None = None
    numeric: Function | None = None

    @property
    def given(self) -> list[Function]:
        """Those that there are, the cost first."""
        return [function for function in self if function is not None]


class DataNames(NamedTuple):
    """What the data are called in an adapter; empty where no function takes them."""

    inputs: str = ""
    labels: str = ""
    integers: str = ""
    l2: str = ""

    @property
    def given(self) -> list[str]:
        """Those that there are."""
        return [name for name in self if name]


@dataclass(frozen=True)
class AdapterPlan:
    """All that the text of an adapter is made of.

    Attributes:
        numpy: what NumPy is called in the file; empty where it is not imported.
        open: arguments of unknown meaning stand under their own names, to be filled in; else they are refused.
    """

    functions: Functions
    names: DataNames
    parameters: ParameterSet
    convention: Convention
    numpy: str
    open: bool = False


def data_names(functions: Functions) -> DataNames:
    """Inputs, labels and l2 under the names that the functions give them, the cost's first."""
    called: dict[str, str] = {}
    for function in functions.given:
        roles = [(meaning(a.name).role, a.name) for a in function.arguments]
        for role, name in roles:
            if role == "inputs" or name == _l2_of(function):
                called.setdefault(role, name)
        labels = [name for role, name in roles if role == "labels"]
        if len(labels) > 1:
            # Integers beside one-hot labels are those in small letters.
            labels.sort(key=lambda name: name.islower() and "hot" not in name)
            called |= {"labels": labels[0], "integers": labels[1]}
        elif labels:
            called.setdefault("labels", labels[0])
    return DataNames(**called)


def _l2_of(function: Function) -> str | None:
    """The argument of a function that is l2."""
    return l2_name(argument.name for argument in function.arguments)


class AdapterText(NamedTuple):
    """The text of an adapter, and how each of its functions is called in it, by the function's kind."""

    text: str
    calls: dict[str, str]


def adapter_texts(plan: AdapterPlan) -> Iterator[AdapterText]:
    """Adapters, which differ in what of a forward pass is handed on.

    Raises:
        CannotCallError: a function cannot be called with what there is.
    """
    functions = plan.functions
    costs = _calls(plan, functions.cost)
    numeric = {"numeric": _calls(plan, functions.numeric)[0]} if functions.numeric else {}
    for cost in costs:
        gradients = _calls(plan, functions.gradient) if functions.gradient else [f"{cost}[1]"]
        for gradient in gradients:
            calls = {"cost": cost, "gradient": gradient, **numeric}
            yield AdapterText(_text(plan, calls), calls)


def _text(plan: AdapterPlan, calls: Mapping[str, str]) -> str:
    head = f"lambda {', '.join([*plan.parameters.values, *plan.names.given])}: "
    drawn, values = _data(plan)
    name, expression = next(iter(plan.parameters.values.items()))
    if not plan.parameters.whole:
        inner = ", ".join(f"{key}={value}" for key, value in plan.parameters.values.items())
        name, expression = "parameters", f"dict({inner})"
    data = f"({values[0]},)" if len(values) == 1 else f"({', '.join(values)})"
    cost, *others = (f"{kind}={head}{call}" for kind, call in calls.items())
    # Names that the file may have given to its functions are not used for anything else.
    lines = [
        f"def {NAME}(rng):",
        *(f"    {line}" for line in drawn),
        f"    {name} = {expression}",
        f"    return dict(parameters={name}, data={data},",
        f"                {cost},",
        f"                {', '.join(others)})",
    ]
    return "\n".join(lines)


def _data(plan: AdapterPlan) -> tuple[list[str], list[str]]:
    """The line that draws the data (none where there are none), and what is given as data."""
    names, convention, numpy = plan.names, plan.convention, plan.numpy or "np"
    drawn, values = {}, {}
    if names.inputs:
        drawn[names.inputs] = conventions.inputs(convention)
    if names.integers:
        drawn[names.integers] = conventions.integer_labels()
        values[names.labels] = conventions.one_hot(convention, numpy, names.integers)
    elif names.labels:
        one_hot = convention.labels == "one-hot"
        integers = conventions.integer_labels()
        drawn[names.labels] = conventions.one_hot(convention, numpy, integers) if one_hot else integers
    line = f"{', '.join(drawn)} = {', '.join(drawn.values())}"
    if f"{numpy}." in line and not plan.numpy:
        line = f"import numpy as np; {line}"
    given = [conventions.L2 if name == names.l2 else values.get(name, name) for name in names.given]
    return [line] if drawn else [], given


def _calls(plan: AdapterPlan, function: Function) -> list[str]:
    """Ways to call ``function``, the likely ones first."""
    return list(dict.fromkeys(_call(plan, function, others) for others in _handed_on(plan, function)))


def _call(plan: AdapterPlan, function: Function, others: Mapping[str, str]) -> str:
    arguments, by_name = [], False
    for argument in function.arguments:
        value = others.get(argument.name) or _value(plan, function, argument)
        if value is None:
            by_name = True
        else:
            named = by_name or argument.keyword_only
            arguments.append(f"{argument.name}={value}" if named else value)
    owner = f"{next(iter(plan.parameters.values))}." if function.owner else ""
    put = (
        f"globals().update({', '.join(f'{n}={n}' for n in plan.parameters.values)}) or "
        if plan.parameters.kept
        else ""
    )
    return f"{put}{owner}{function.name}({', '.join(arguments)})"


def _value(plan: AdapterPlan, function: Function, argument: Argument) -> str | None:
    """What an argument gets; None where its default will do."""
    what = meaning(argument.name)
    named: dict[str, str] = {
        "inputs": plan.names.inputs,
        "l2": plan.names.l2,
        "classes": str(conventions.CLASSES),
    }
    if what.role == "labels":
        return argument.name if argument.name == plan.names.integers else plan.names.labels
    if what.role == "l2" and argument.name != _l2_of(function) and not argument.required:
        return None
    if named.get(what.role):
        return named[what.role]
    if plan.parameters.whole and (what.role == "bundle" or argument.name in plan.parameters.values):
        return next(iter(plan.parameters.values))
    if what.role in PARAMETER_ROLES:
        same = [name for name in plan.parameters.values if meaning(name) == what]
        if same and not plan.parameters.whole:
            return same[0]
    if not argument.required:
        return None
    if what.role == "samples" and plan.names.inputs:
        return f"{plan.names.inputs}.shape[{1 if plan.convention.samples == 'columns' else 0}]"
    if what.role == "step" and function is plan.functions.numeric:
        return _STEP
    if plan.open:
        return argument.name
    raise CannotCallError(f"{function.name}: what is {argument.name}?")


def _handed_on(plan: AdapterPlan, function: Function) -> list[dict[str, str]]:
    """What arguments such as P, H and a cache may get: parts of what the forward pass returns."""
    wanted = [a.name for a in function.arguments if a.required and _is_other(plan, function, a)]
    forward = plan.functions.forward
    if not wanted or (forward is None and plan.open):
        return [{}]
    if forward is None or forward is function:
        raise CannotCallError(f"{function.name}: what is {wanted[0]}?")
    call = _call(plan, forward, {})
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
    if argument.name in plan.parameters.values:
        return False
    return role == "other" or (role == "step" and function is not plan.functions.numeric)


def _places(wanted: list[str], returned: tuple[str, ...]) -> list[int]:
    """Where the forward pass returns what is wanted, by name, else by first letter; empty where it does not say."""
    for same in (str.casefold, lambda name: name[:1].casefold()):
        names = [same(name) for name in returned]
        if all(names.count(same(name)) == 1 for name in wanted):
            return [names.index(same(name)) for name in wanted]
    return []
