"""The text of an adapter: data, parameters, and calls of the user's functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.function_names import costs_among, is_cost
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_gradient,
    meaning,
    parameter_names,
    plain_name,
    rate_name,
    step_setting,
)
from chainrule.gradcheck.recognition import conventions, objects
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.calling import (
    RATE,
    AdapterPlan,
    CannotCallError,
    OtherLayoutError,
    call_of,
    data_of,
    sample_count,
)
from chainrule.gradcheck.recognition.choosing import of_module
from chainrule.gradcheck.recognition.convolutions import filter_sizes_read
from chainrule.gradcheck.recognition.data_names import (
    called,
    counts_read,
    default_mode,
    read_from_module,
)
from chainrule.gradcheck.recognition.doubles import doubles, with_double, without_double
from chainrule.gradcheck.recognition.handing import calls_of
from chainrule.gradcheck.recognition.parameters import NET
from chainrule.gradcheck.recognition.penalties import OF_THE_SUM, PENALTIES
from chainrule.gradcheck.recognition.sequences import sizes_read
from chainrule.gradcheck.recognition.shared_arrays import shared_arrays
from chainrule.gradcheck.recognition.taken_results import by_name, holder_of, left_beside, with_results
from chainrule.gradcheck.recognition.usual_costs import ACROSS, CHOSEN

RATE_LINE = f"{RATE} = 1.0"


class AdapterText(NamedTuple):
    """The text of an adapter, and how each of its functions is called in it, by the function's kind.

    Attributes:
        output: what a usual cost is that of, where the file has none.
    """

    text: str
    calls: dict[str, str]
    output: str = ""

    @property
    def beginning(self) -> str:
        """What it has in common with those whose cost cannot run where its own does not."""
        return re.split(r"(?:gradient|step)=lambda", self.text)[0]

    @property
    def at_twice_the_rate(self) -> str:
        """The same with another learning rate; empty where there is none."""
        return self.text.replace(RATE_LINE, f"{RATE} = 2.0", 1) if RATE_LINE in self.text else ""


def adapter_texts(plan: AdapterPlan) -> Iterator[AdapterText]:
    """Adapters, which differ in what of a forward pass is handed on.

    Raises:
        CannotCallError: a function cannot be called with what there is.
    """
    functions = plan.functions
    numeric = {"numeric": calls_of(plan, functions.numeric)[0]} if functions.numeric else {}
    for call in calls_of(plan, functions.cost):
        kind = "step" if functions.by_update else "gradient"
        outputs = _outputs(plan, call)
        # Of which of several costs it is, a numeric gradient does not say.
        differences = numeric if len(outputs) == 1 else {}
        for output in outputs:
            for cost, gradient in _pairs(plan, output):
                calls = {"cost": cost, kind: with_results(plan, gradient), **differences}
                yield AdapterText(_text(plan, calls), calls, output if functions.usual_cost else "")


def _outputs(plan: AdapterPlan, call: str) -> list[str]:
    """What may be the cost, or the output that a usual one is made of, by the call of the function that gives it."""
    functions = plan.functions
    parts = [f"{call}[{part}]" for part in range(len(functions.cost.returns))]
    if not functions.usual_cost and functions.gradient is None:
        return [call]
    if not functions.usual_cost:
        names = dict(zip(parts, functions.cost.returns, strict=True))
        # What is put together where it is returned has no name: ``return loss, loss + penalty``.
        return [p for p, n in names.items() if is_cost(n) or not n] or [call, *parts]
    if not functions.cost.gives and functions.cost.owner:
        return [f"({call}, {NET}.{name})[1]" for name in functions.cost.attributes.sets[-1:]]
    # The output of several values is the first or the last.
    parts = parts or [f"{call}[{key!r}]" for key in functions.cost.returns_inside]
    return list(dict.fromkeys([parts[0], parts[-1]])) if parts else [call]


def _pairs(plan: AdapterPlan, output: str) -> list[tuple[str, str]]:
    """Cost and gradient, by what gives the cost."""
    functions = plan.functions
    if functions.gradient is None:
        return _both(functions.cost.returns, output)
    cost = _usual_cost(plan, output) if functions.usual_cost else output
    if functions.penalty in PENALTIES:
        cost = f"{cost} + {_penalty(plan)}"
    elif functions.penalty == OF_THE_SUM:
        cost = f"{sample_count(plan)} * {cost}"
    returns = functions.gradient.returns
    return [
        (cost, gradient)
        for call in calls_of(plan, functions.gradient)
        for gradient in (
            *_by_kind(plan, returns, call),
            call,
            *_gradients_of(returns, call),
            *_of_doubles(plan, call),
            *left_beside(plan, call),
        )
    ]


def _usual_cost(plan: AdapterPlan, output: str) -> str:
    numpy, labels, count = plan.file.numpy_name, plan.names.labels, sample_count(plan)
    usual, layout = plan.functions.usual_cost, (plan.convention.samples, plan.convention.labels)
    if CHOSEN in usual and plan.convention.labels != "integers":
        raise OtherLayoutError("labels that are no integers choose nothing")
    if ACROSS in usual and layout != ("rows", "one-hot"):
        raise OtherLayoutError("outputs lie across the labels of rows alone")
    places = [f"{numpy}.arange({count})", labels]
    chosen = f"{output}[{', '.join(places if plan.convention.output_rows else places[::-1])}]"
    return usual.format(np=numpy, Y=labels, P=output, N=count, chosen=chosen)


def _penalty(plan: AdapterPlan) -> str:
    if not plan.parameters.squares:
        raise CannotCallError("where the weights are is not known")
    return plan.functions.penalty.format(l2=plan.names.l2, squares=plan.parameters.squares)


def _both(returns: Sequence[str], call: str) -> list[tuple[str, str]]:
    """Cost and gradient of a call that gives both, by the names of what it gives."""
    costs = costs_among(returns)
    unnamed = [place for place, name in enumerate(returns) if not name]
    costs = costs or unnamed * (len(unnamed) == 1)
    gradients = _gradients_of(returns, call)
    if not gradients or not costs:
        return [(f"{call}[0]", f"{call}[1]"), (f"{call}[1]", f"{call}[0]")]
    return [(f"{call}[{place}]", gradients[0]) for place in costs]


def _gradients_of(returns: Sequence[str], call: str) -> list[str]:
    """The gradients of a call that gives other values beside them, by the names of what it gives; else nothing."""
    places = [place for place, name in enumerate(returns) if is_gradient(name)]
    if not places or len(places) == len(returns):
        return []
    first, last = places[0], places[-1]
    if first == last:
        return [f"{call}[{first}]"]
    if last - first + 1 == len(places):
        return [f"{call}[{first}:{last + 1}]"]
    return [f"[part for place, part in enumerate({call}) if place in {tuple(places)}]"]


def _by_kind(plan: AdapterPlan, returns: Sequence[str], call: str) -> list[str]:
    """The gradients of three kinds of parameters or more that a call gives, under the names of these, as shapes do not
    tell a bias from a scale; or those of two that come in another order than these. Else nothing."""
    kinds = {
        name: {meaning(of).role for of in parameter_names(name)} & {*PARAMETER_ROLES} for name in returns
    }
    told = all(is_gradient(name) and kinds[name] and not name[-1:].isdigit() for name in returns)
    own = [*plan.parameters.values]
    order = [p for name in returns for p in own if plain_name(p) in parameter_names(name)]
    several = len(returns) > 2 or (sorted(order) == sorted(own) and order != own)
    text = f"dict(zip({tuple(returns)}, {call}))"
    return [text] if told and several and len(kinds) == len(returns) else []


def _of_doubles(plan: AdapterPlan, call: str) -> list[str]:
    """The gradients by name that a call gives, with one of the two of filters that an object holds in two shapes."""
    written = with_double if plan.doubled else without_double
    names = doubles(plan.parameters)
    return [written(*names, call)] if names else []


def _text(plan: AdapterPlan, calls: Mapping[str, str]) -> str:
    head = f"lambda {', '.join([*plan.parameters.values, *plan.names.given])}: "
    drawn, values = _data(plan)
    name, expression = next(iter(plan.parameters.values.items()))
    if plan.file.named(name) is not None or name in plan.file.constructors:
        name = "parameters"
    if not plan.parameters.whole:
        inner = ", ".join(f"{key}={value}" for key, value in plan.parameters.values.items())
        name, expression = "parameters", f"dict({inner})"
    data = f"({values[0]},)" if len(values) == 1 else f"({', '.join(values)})"
    cost, *others = (
        f"{kind}={head}{_of_matrices(plan, head, _prepared(plan, call))}" for kind, call in calls.items()
    )
    holder = NET if plan.parameters.net else name
    held = {**plan.parameters.held, **_settings(plan)}
    rates = [RATE_LINE] if any(re.search(rf"\b{RATE}\b", text) for text in (*others, *held.values())) else []
    # Names that the file may have given to its functions are not used for anything else.
    read = plan.file, plan.functions.given, plan.convention
    constants = sizes_read(*read) or filter_sizes_read(*read)
    lines = [
        f"def {NAME}(rng):",
        *([f"    globals().update({by_name(constants)})"] if constants else []),
        *(f"    {line}" for line in drawn),
        *(f"    {line}" for line in rates),
        *([f"    {NET} = {plan.parameters.net}"] if plan.parameters.net else []),
        f"    {name} = {expression}",
        *([f"    vars({holder}).update({by_name(held)})"] if held else []),
        f"    return dict(parameters={name}, data={data},",
        f"                {cost},",
        f"                {', '.join(others)})",
    ]
    return "\n".join(lines)


def _of_matrices(plan: AdapterPlan, head: str, call: str) -> str:
    """A call with matrices in the place of arrays, where the convention is so."""
    if not plan.convention.matrices:
        return call
    arrays = {plan.names.inputs, plan.names.labels, plan.names.state}
    arrays |= {name for name, value in plan.parameters.values.items() if value.startswith("rng.")}
    given = [*plan.parameters.values, *plan.names.given]
    each = (f"{plan.file.numpy_name}.asmatrix({name})" if name in arrays else name for name in given)
    return f"({head}{call})({', '.join(each)})"


def _settings(plan: AdapterPlan) -> dict[str, str]:
    """What an object holds whose update is to take one step with a known learning rate."""
    gradient = plan.functions.gradient
    if not plan.functions.by_update or gradient is None or not gradient.owner:
        return {}
    read = [n for n in objects.attributes_read(plan.file, [gradient]) if n not in plan.parameters.put]
    rate = rate_name([*(a.name for a in gradient.arguments), *read])
    return {n: v for n in read if (v := RATE if n == rate else step_setting(n))}


def _data(plan: AdapterPlan) -> tuple[list[str], list[str]]:
    """The line that draws the data (none where there are none), and what is given as data."""
    names, convention, numpy = plan.names, plan.convention, plan.file.numpy_name
    drawn, values = {}, {}
    if names.inputs:
        drawn[names.inputs] = conventions.inputs(convention)
    if names.integers:
        drawn[names.integers] = conventions.integer_labels(convention)
        values[names.labels] = conventions.one_hot(convention, numpy, names.integers)
    elif names.labels:
        drawn[names.labels] = conventions.drawn_labels(convention, numpy)
    drawn |= {name: conventions.state(convention) for name in (names.state, names.cell) if name}
    line = f"{', '.join(drawn)} = {', '.join(drawn.values())}"
    if f"{numpy}." in line and not plan.file.numpy:
        line = f"import numpy as np; {line}"
    if names.mode:
        values[names.mode] = default_mode(called(plan.functions, plan.file), names.mode)
    given = [conventions.L2 if name == names.l2 else values.get(name, name) for name in names.given]
    return [line] if drawn else [], given


def _prepared(plan: AdapterPlan, call: str) -> str:
    """A call, after what lets the user's functions find the parameters where they look for them."""
    taken = {name: name for name in plan.parameters.values}
    read = {name: name for name in read_from_module(plan.file, plan.functions.given) if name in plan.names}
    if plan.names.inputs:
        read |= dict.fromkeys(counts_read(plan.file, plan.functions.given), sample_count(plan))
    # What one function takes another may read from the module: the bias that was left out of its arguments.
    used = {name for function in plan.file.used(plan.functions.given) for name in function.uses}
    own = {name: name for name in taken if plan.parameters.kept or name in used & plan.file.bound}
    switches = of_module(plan)
    if own or read or (switches and not plan.parameters.put):
        return f"globals().update({by_name(own | read | switches)}) or {call}"
    if not plan.parameters.put:
        return call
    data = {name: data_of(plan, name) for name in plan.parameters.put if name not in taken}
    held = {n: v for n, v in data.items() if v} | shared_arrays(plan)
    # A method that gives an entry of a list another value steps, and changes no parameter that it was given.
    apart = {} if plan.parameters.whole and not plan.parameters.net else taken
    mine = {n: f"[*{n}]" if plan.parameters.values[n][0] == "[" else n for n in apart}
    if not mine | held:
        return call
    put = f"vars({holder_of(plan)}).update({by_name(mine | held)})"
    if switches:
        put = f"globals().update({by_name(switches)}) or {put}"
    if not plan.parameters.before:
        return f"{put} or {call}"
    before = [call_of(plan, maker, {}) for maker in plan.parameters.before]
    return f"({', '.join([put, *before, call])})[-1]"
