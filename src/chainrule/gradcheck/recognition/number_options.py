"""Numbers by which a program may be set otherwise: defaults of its functions, and what its object keeps.

What is wrong with another number alone is wrong where both cost and gradient get it: under one name, or by the object
whose methods they are. A gradient that never looks at what an object keeps under a name that says nothing may be meant
for one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chainrule.gradcheck.program.names import is_step, meaning, rate_name
from chainrule.gradcheck.program.number_names import another_number, is_factor, is_of_formula, number
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.options import Option, settings_of
from chainrule.gradcheck.recognition.other_plans import holding, made_by, with_argument, with_made


def number_options(plan: AdapterPlan) -> list[Option]:
    """The numbers that are tried otherwise, each with another value.

    Those that stay as they are: :func:`held_numbers`.
    """
    return [option for option in _every(plan) if option.others]


def held_numbers(plan: AdapterPlan) -> list[str]:
    """The numbers of a program's formulas that have one value wherever it is compared: ``axis of 1``."""
    return [f"{option.name} of {option.given}" for option in _every(plan) if not option.others]


def _every(plan: AdapterPlan) -> Iterator[Option]:
    found = {option.name: option for option in (*_of_object(plan), *_of_functions(plan))}
    yield from found.values()


def _of_functions(plan: AdapterPlan) -> Iterator[Option]:
    """Those that both cost and gradient take under one name, which both get then."""
    functions = [f for f in plan.functions[:2] if f is not None]
    for argument in functions[0].arguments:
        name = argument.name
        given = plan.options.get(name, argument.default)
        if all(name in (a.name for a in f.arguments) for f in functions):
            yield from _number(plan, name, given, Option(name, given, [], partial(with_argument, plan, name)))
    for option in settings_of(plan):
        if option.shared:
            yield from _number(plan, option.name, option.given, option)


def _of_object(plan: AdapterPlan) -> Iterator[Option]:
    """Those that the object keeps whose methods are called: what its constructor takes, and what it writes down."""
    constructor, call = made_by(plan)
    if constructor is None:
        return
    own = constructor.attributes
    made = plan.parameters.net or next(iter(plan.parameters.values.values()))
    reached = plan.file.reached(plan.functions.given)
    read = {name for f in reached for name in f.attributes.reads}
    changed = {name for f in reached for name in (*f.attributes.sets, *f.attributes.changes)}
    given = {keyword.arg for keyword in call.keywords} if call is not None else set()
    kept = {argument: attribute for attribute, argument in own.kept} if call is not None else {}
    for argument in constructor.arguments:
        name = kept.get(argument.name, "")
        if argument.name in given or name not in read - changed or _is_given(plan, name):
            continue
        with_value = partial(with_made, plan, made, argument.name)
        option = Option(argument.name, argument.default, [], with_value)
        yield from _number(plan, argument.name, argument.default, option, name)
    for name, written in own.constants:
        if name in read - changed - {*kept.values()}:
            text = plan.parameters.held.get(name, written)
            option = Option(name, text, [], partial(holding, plan, name))
            yield from _number(plan, name, text, option, name)


def _number(
    plan: AdapterPlan, name: str, given: str, option: Option, attribute: str = ""
) -> Iterator[Option]:
    """An option that is a number of a formula, with another value where it is not to be held."""
    if number(given) is None or not is_of_formula(name) or _is_given(plan, name):
        return
    other = another_number(name, given)
    certain = not attribute or is_factor(name) or _looks_at(plan, attribute)
    yield option._replace(others=[other] if other else [], certain=certain)


def _is_given(plan: AdapterPlan, name: str) -> bool:
    """Whether what has a name is one of the parameters or the data, the rate of an update, what an adapter puts in
    the place of a penalty, or the step of a numeric gradient."""
    functions, own = plan.functions, plan.parameters
    is_rate = functions.by_update and rate_name([name]) is not None
    is_penalty = bool(functions.penalty) and meaning(name).role == "l2"
    is_of_differences = functions.numeric is not None and is_step(name)
    arrays = {*own.values, *own.keys, *own.put, *plan.names.given}
    return is_rate or is_penalty or is_of_differences or name in arrays


def _looks_at(plan: AdapterPlan, attribute: str) -> bool:
    """Whether the gradient reads an attribute, itself or in what it calls."""
    gradient: Function = plan.functions.gradient or plan.functions.cost
    return any(attribute in f.attributes.reads for f in plan.file.used([gradient]))
