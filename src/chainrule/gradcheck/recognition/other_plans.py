"""The plan of an adapter with one thing set otherwise."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.layer_records import with_text


def with_argument(plan: AdapterPlan, name: str, value: str) -> AdapterPlan:
    """Whose functions get another value for an argument."""
    return replace(plan, options={**plan.options, name: value})


def without_norm(plan: AdapterPlan) -> AdapterPlan | None:
    """Whose functions get None in the places of scales and shifts, as where batch norm is switched off; None
    where they take none as arguments of their own."""
    values = plan.parameters.values
    dropped = [name for name in values if meaning(name).role in ("scale", "shift")]
    if not dropped or plan.parameters.whole or len(dropped) == len(values):
        return None
    left = {name: text for name, text in values.items() if name not in dropped}
    put = tuple(name for name in plan.parameters.put if name not in dropped)
    own = plan.parameters
    parameters = replace(own, values=left, put=put, of_depth=None, with_norm=own)
    return replace(plan, parameters=parameters, options={**plan.options, **dict.fromkeys(dropped, "None")})


def with_norm(plan: AdapterPlan) -> AdapterPlan | None:
    """With the scales and shifts that it leaves out; None where it leaves out none."""
    own = plan.parameters
    if own.with_norm is None:
        return None
    left_out = own.with_norm.values.keys() - own.values.keys()
    options = {name: text for name, text in plan.options.items() if name not in left_out}
    return replace(plan, parameters=replace(own.with_norm, net=own.net, held=own.held), options=options)


def with_made(plan: AdapterPlan, made: str, argument: str, value: str) -> AdapterPlan:
    """Whose object is made with another value of an argument."""
    call = ast.parse(made, mode="eval").body
    assert isinstance(call, ast.Call)
    others = [keyword for keyword in call.keywords if keyword.arg != argument]
    call.keywords = [*others, ast.keyword(argument, ast.parse(value, mode="eval").body)]
    new, own = ast.unparse(call), plan.parameters
    if own.net:
        return replace(plan, parameters=replace(own, net=new))
    (name,) = own.values
    return replace(plan, parameters=replace(own, values={name: new}))


def holding(plan: AdapterPlan, name: str, value: str) -> AdapterPlan:
    """Whose object holds another value."""
    own = plan.parameters
    return replace(plan, parameters=replace(own, held={**own.held, name: value}))


def made_by(plan: AdapterPlan) -> tuple[Function | None, ast.Call | None]:
    """The constructor of the object whose methods an adapter calls, and its call; None where there is none such."""
    made = made_as(plan)
    owner = next((name for name in plan.file.constructors if made.startswith((f"{name}(", f"{name}."))), "")
    return plan.file.constructors.get(owner), _call(made, owner) if owner else None


def made_as(plan: AdapterPlan) -> str:
    """The text of the object whose methods an adapter calls."""
    return plan.parameters.net or next(iter(plan.parameters.values.values()))


def _call(made: str, owner: str) -> ast.Call | None:
    """The call of a class's constructor that makes an object; None where it is made otherwise."""
    call = ast.parse(made, mode="eval").body
    is_own = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == owner
    return call if is_own and isinstance(call, ast.Call) else None


def with_key(
    plan: AdapterPlan, made: str, argument: str, given: Mapping[str, str], key: str, value: str
) -> AdapterPlan:
    """Whose object is made with other settings: those that are ``given``, and another value of one."""
    entries = ", ".join(f'"{name}": {text}' for name, text in {**given, key: value}.items())
    return with_made(plan, made, argument, f"{{{entries}}}")


def with_hidden(plan: AdapterPlan, made: str, argument: str, records: str, value: str) -> AdapterPlan:
    """Whose object is made with other records of its layers."""
    return with_made(plan, made, argument, with_text(records, value))
