"""What a function gets that a forward pass makes: probabilities, hidden units, a cache."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Mapping
from functools import partial

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_settings, meaning, weighted_by
from chainrule.gradcheck.program.recurrent import is_vague_state
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import counted_size
from chainrule.gradcheck.program.switch_names import switched_off
from chainrule.gradcheck.recognition.calling import (
    AdapterPlan,
    CannotCallError,
    call_of,
    is_only_input,
    is_rate_of,
    one_step,
    records_of,
    settings_given,
    unknown_of,
    value_of,
)
from chainrule.gradcheck.recognition.forward_passes import distance
from chainrule.gradcheck.recognition.late_states import begins_elsewhere, is_of_first_state, is_one_step_late
from chainrule.gradcheck.recognition.parameters import NET

_MOST_CALLS_DEEP = 3
_ITSELF = "self"
_PASSED = "passed"
"""What an adapter calls a forward pass, of which it takes several parts."""


def calls_of(plan: AdapterPlan, function: Function) -> list[str]:
    """Ways to call ``function``, the likely ones first."""
    ways = _handed_on(plan, function)
    if caches := _handed_where_none(plan, function):
        ways = [*ways, *(others | caches for others in ways)]
    if plan.convention.state:
        ways = [_at_once(others) for others in ways]
    return list(dict.fromkeys(call_of(plan, function, others) for others in ways))


def _at_once(given: Mapping[str, str]) -> dict[str, str]:
    """The same where one forward pass gives all its parts: a net that keeps its state begins another elsewhere."""
    parts = {name: match for name, text in given.items() if (match := re.fullmatch(r"(.+\))(\[\d+\])", text))}
    calls = [match[1] for match in parts.values()]
    known: dict[str, str] = {}
    values = dict(given)
    for name, match in parts.items():
        call, part = match.groups()
        if call in known:
            values[name] = f"{known[call]}{part}"
        elif calls.count(call) > 1:
            known[call] = f"{_PASSED}{len(known) + 1}"
            values[name] = f"({known[call]} := {call}){part}"
    return values


def _handed_on(plan: AdapterPlan, function: Function, depth: int = 0) -> list[dict[str, str]]:
    """What arguments such as P, H and a cache may get: what the file itself hands to them, or parts of what the
    forward pass returns.

    Raises:
        CannotCallError: nothing gives them.
    """
    asked = (a for a in function.arguments if a.required and not (plan.open and is_settings(a.name)))
    wanted = [a.name for a in asked if _is_other(plan, function, a)]
    if not wanted or (plan.functions.forward is None and plan.open):
        return [{}]
    seen = _as_called(plan, function, wanted, depth)
    missing = [name for name in wanted if name not in seen]
    if not missing:
        return [seen]
    # What a helper takes on the way is not to be guessed: it may be anything between two layers. Nor is what the file
    # computes itself. Settings no forward pass gives.
    for name in missing:
        if depth or _is_computed(plan, function, name) or _are_settings(plan, name):
            raise CannotCallError(f"{function.name}: what is {unknown_of(plan, function, name)}?")
    return [seen | others for others in _of_forward(plan, function, missing)]


def _are_settings(plan: AdapterPlan, name: str) -> bool:
    """Whether an argument holds settings, and the forward pass gives nothing of its name."""
    forward = _forward_pass(plan)
    returned = forward.returns if forward is not None else ()
    return is_settings(name) and name.casefold() not in map(str.casefold, returned)


def _is_computed(plan: AdapterPlan, function: Function, name: str) -> bool:
    """Whether the file hands an argument what it computes where it calls the function, and nothing else."""
    every = plan.file.handed.get((function.name, name), ())
    return bool(every) and all(handed.expression for handed in every)


def _handed_where_none(plan: AdapterPlan, function: Function) -> dict[str, str]:
    """What the file hands to arguments that are None by default, of what its functions give: ``cache=None`` may be a
    value that must be there."""
    optional = [a.name for a in function.arguments if a.default == "None" and meaning(a.name).role == "other"]
    given = {
        name: [h for h in plan.file.handed.get((function.name, name), ()) if h.function] for name in optional
    }
    values: dict[str, str] = {}
    for name, handed in (
        (n, h) for n, every in given.items() for h in sorted(every, key=partial(_apart, plan))
    ):
        with contextlib.suppress(CannotCallError):
            values.setdefault(name, _written(plan, function, handed, 0))
    return values


def _as_called(plan: AdapterPlan, function: Function, wanted: list[str], depth: int) -> dict[str, str]:
    """What the file hands to the arguments of a function where it calls it, as far as it can be called here.

    What another function gets by default is the same here.
    """
    # The step of a numeric gradient is nobody else's.
    others = (f for f in plan.functions.given if f is not plan.functions.numeric or f is function)
    left_out = (a for f in others for a in f.arguments if not a.required)
    asked = [name for name in wanted if not _where_set_so(plan, function, name)]
    values = {a.name: a.default for a in left_out if a.default and a.name in asked}
    for name in (name for name in wanted if name not in values):
        for handed in _likely_first(plan, function, name):
            try:
                values.setdefault(name, _written(plan, function, handed, depth))
            except CannotCallError:
                continue
    return values if values.keys() >= {*wanted} else values | _object_of(plan, function)


def _likely_first(plan: AdapterPlan, function: Function, name: str) -> list[HandedOn]:
    """What the file hands to an argument: first where it sets the switches as the adapter does."""
    every = plan.file.handed.get((function.name, name), ())
    same = _where_set_so(plan, function, name)
    return [handed for some in (same, every) for handed in sorted(some, key=partial(_apart, plan))]


def _where_set_so(plan: AdapterPlan, function: Function, name: str) -> list[HandedOn]:
    """What the file hands to an argument where it sets the switches as the adapter does."""
    given = (
        plan.file.handed_where.get((function.name, name, *switch), ()) for switch in plan.options.items()
    )
    return list(dict.fromkeys(handed for several in given for handed in several))


def _object_of(plan: AdapterPlan, function: Function) -> dict[str, str]:
    """What stands for the object of a method that is written without its class, ``def gradient(self, X, y)``, where all
    that it reads of it is known."""
    read = function.fields.get(_ITSELF, ())
    if function.owner or not read or function.fields_set.get(_ITSELF):
        return {}
    known = {name: value_of(plan, function, Argument(name)) for name in read}
    return {
        _ITSELF: f"type({_ITSELF!r}, (), dict({', '.join(f'{n}={value}' for n, value in known.items())}))"
    }


def _apart(plan: AdapterPlan, handed: HandedOn) -> tuple[bool, int]:
    """How far a function that gives something is from what cost and gradient both need."""
    return distance(handed, plan.functions.cost, plan.functions.gradient, plan.file)


def _written(plan: AdapterPlan, function: Function, handed: HandedOn, depth: int) -> str:
    if handed.constant:
        return handed.constant
    if begins_elsewhere(plan, function, handed):
        raise CannotCallError(f"{function.name}: what is {handed.expression}?")
    if handed.expression:
        return _computed(plan, function, handed, depth)
    owner = function.owner or plan.functions.owner
    giver = plan.file.named(handed.function, owner)
    # What takes nothing gives the same whatever the parameters are: the data of a test.
    gives_always = giver is not None and not giver.owner and all(map(_is_constant, giver.arguments))
    is_here = giver is not None and giver.owner in (owner, *plan.file.bases.get(owner, ()), "")
    if giver is None or gives_always or not is_here or depth == _MOST_CALLS_DEEP:
        raise CannotCallError(f"{function.name}: what is {handed.function}?")
    call = call_of(plan, giver, _handed_on(plan, giver, depth + 1)[0])
    return call if handed.part is None else f"{call}[{handed.part}]"


def _is_constant(argument: Argument) -> bool:
    """Whether an argument is what its default says wherever a function is called: the name of a file of data."""
    return not argument.required and meaning(argument.name).role == "other"


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
                case ast.Name() if plan.names.state and is_of_first_state(plan, function, node.attr, made):
                    return ast.Name(plan.names.state)
            return self.generic_visit(node)  # type: ignore[return-value]

        def visit_Name(self, node: ast.Name) -> ast.expr:
            if (argument := _got_by(plan, function, made.get(node.id))) is not None:
                text = value_of(plan, function, argument) or ""
            elif plan.names.state and is_of_first_state(plan, function, node.id, made):
                text = plan.names.state
            elif node.id in made:
                text = _written(plan, function, made[node.id], depth)
            elif plan.file.knows(node.id):
                return node
            else:
                text = value_of(plan, function, Argument(node.id)) or ""
            return ast.parse(text, mode="eval").body

    return ast.unparse(Renaming().visit(ast.parse(handed.expression, mode="eval").body))


def _got_by(plan: AdapterPlan, function: Function, handed: HandedOn | None) -> Argument | None:
    """The argument to which the file hands just this: the data that it reads from a file, say."""
    if handed is None or not handed.function:
        return None
    known = (a for a in function.arguments if not _is_other(plan, function, a))
    return next((a for a in known if handed in plan.file.handed.get((function.name, a.name), ())), None)


def _is_lasting(plan: AdapterPlan, attribute: str) -> bool:
    """Whether an attribute is the same wherever it is read: a method, or a parameter, and not what one has left."""
    methods = {function.name for function in plan.file.functions if function.owner}
    return attribute in methods or meaning(attribute).role in PARAMETER_ROLES


def _forward_pass(plan: AdapterPlan) -> Function | None:
    """What gives the values between inputs and cost; that may be the function that gives the cost beside them."""
    cost, forward = plan.functions.cost, plan.functions.forward
    return cost if plan.functions.usual_cost or (forward is None and cost.returns) else forward


def _of_forward(plan: AdapterPlan, function: Function, wanted: list[str]) -> list[dict[str, str]]:
    """What arguments may get of the forward pass."""
    forward = _forward_pass(plan)
    if forward is None or forward is function:
        raise CannotCallError(f"{function.name}: what is {wanted[0]}?")
    call = call_of(plan, forward, _handed_on(plan, forward, 1)[0])
    parts = [f"{call}[{index}]" for index in range(max(len(wanted), 2))]
    if places := _places(wanted, forward.returns):
        orders = [[f"{call}[{place}]" for place in places]]
    elif _is_dictionary(forward) and len(wanted) == 1 and wanted[0] not in function.keys:
        # Of all that a forward pass keeps in a dictionary the output comes last.
        ends = (forward.returns_inside[-1], forward.returns_inside[0])
        orders = [[f"{call}[{key!r}]"] for key in dict.fromkeys(ends)]
    elif len(wanted) == 1:
        orders = [[part] for part in ((call, *parts) if not forward.returns else (*parts, call))]
    else:
        orders = [parts, parts[::-1]]
    return [dict(zip(wanted, order, strict=True)) for order in orders]


def _is_dictionary(forward: Function) -> bool:
    return not forward.returns and bool(forward.returns_inside)


def _is_other(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    role = meaning(argument.name).role
    known = is_rate_of(plan, function, argument) or argument.name in function.pairs
    if is_only_input(plan, function, argument) or weighted_by(argument.name) is not None:
        return False
    if known or argument.name in plan.parameters.values or argument.name in plan.file.options:
        return False
    if argument.name in plan.options or switched_off(argument.name) is not None:
        return False
    if settings_given(plan, function, argument.name) is not None:
        return False
    is_update = plan.functions.by_update and function is plan.functions.gradient
    if role == "cell" or (is_update and one_step(plan, argument.name) is not None):
        return False
    if role == "state":
        every = plan.file.handed.get((function.name, argument.name), ())
        is_vague = is_vague_state(argument.name) and _is_given(plan, function, argument)
        return is_vague or any(is_one_step_late(plan, function, handed) for handed in every)
    if counted_size(argument.name) is not None or records_of(plan, argument) is not None:
        return False
    steps_back = role == "step" and function is not plan.functions.numeric
    return role == "other" or steps_back or _is_second_input(plan, function, argument)


def _is_given(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether the file hands on to an argument what another function of it gives, or the forward pass gives something
    of its name. What begins with it, or gives it for the next steps with the gradients, is no such function."""
    forward = _forward_pass(plan)
    returned = forward.returns if forward is not None and forward is not function else ()
    handed = plan.file.handed.get((function.name, argument.name), ())
    gradient = plan.functions.gradient
    begin = {f.name for f in plan.file.functions if not (f.owner or f.arguments)}
    begin |= {gradient.name} if gradient is not None and forward is function else set()
    return any(h.function and h.function not in begin for h in handed) or argument.name.casefold() in map(
        str.casefold, returned
    )


def _is_second_input(plan: AdapterPlan, function: Function, argument: Argument) -> bool:
    """Whether an argument is called like inputs and is something else: the file hands to it what the forward pass
    gives, all layers' values, or hands something to it beside the inputs: ``x`` beside ``X`` may be scores."""
    if meaning(argument.name).role != "inputs":
        return False
    handed = plan.file.handed.get((function.name, argument.name), ())
    forward = _forward_pass(plan)
    if forward is not None and forward is not function and any(h.function == forward.name for h in handed):
        return True
    beside = any(other.name == plan.names.inputs for other in function.arguments)
    return beside and argument.name != plan.names.inputs and bool(handed)


def _places(wanted: list[str], returned: tuple[str, ...]) -> list[int]:
    """Where the forward pass returns what is wanted, by name, else by first letter; empty where it does not say."""
    for same in (str.casefold, lambda name: name[:1].casefold()):
        names = [same(name) for name in returned]
        if all(names.count(same(name)) == 1 for name in wanted):
            return [names.index(same(name)) for name in wanted]
    return []
