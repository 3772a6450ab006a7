"""What an adapter takes from a call of a gradient or a step: what it gives, or what it leaves on its object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.parameters import NET


def with_results(plan: AdapterPlan, call: str) -> str:
    """A gradient's call; where it leaves its results on the object, these after it."""
    gradient = plan.functions.gradient
    if plan.functions.by_update:
        return f"({call}, {_after(plan)})[1]"
    if gradient is None:
        return call
    return call if gradient.gives else next(_left(plan, gradient, call), call)


def left_beside(plan: AdapterPlan, call: str) -> Iterator[str]:
    """The same of a gradient that gives something else, such as that of the inputs."""
    gradient = plan.functions.gradient
    if gradient is not None and gradient.gives and not plan.functions.by_update:
        yield from _left(plan, gradient, call)


def _left(plan: AdapterPlan, gradient: Function, call: str) -> Iterator[str]:
    """A gradient's call with the results that it leaves on the object after it; nothing where it leaves none."""
    if not gradient.owner or not plan.parameters.net:
        return
    left = objects.results(plan.file, gradient, plan.parameters.values, plan.parameters.inner)
    if left:
        begun = {at: _zeros(plan, name) for name, at in left.items() if _adds_up(plan, gradient, at)}
        first = f"vars({holder_of(plan)}).update({by_name(begun)}), " if begun else ""
        yield f"({first}{call}, dict({by_name({n: f'{holder_of(plan)}.{at}' for n, at in left.items()})}))[-1]"
    elif kept := objects.kept_results(plan.file, gradient):
        yield f"({call}, {NET}.{kept})[1]"


def _adds_up(plan: AdapterPlan, gradient: Function, name: str) -> bool:
    """Whether a gradient's method adds to what an attribute holds, ``self.dW += ...``, which others set to 0."""
    reached = [f.attributes for f in plan.file.reached([gradient])]
    return any(name in (*own.carried, *own.changes) for own in reached) and not any(
        name in own.sets and name not in own.carried for own in reached
    )


def _zeros(plan: AdapterPlan, name: str) -> str:
    return f"[0 * each for each in {name}]" if plan.parameters.values[name][0] == "[" else f"0 * {name}"


def _after(plan: AdapterPlan) -> str:
    """The parameters after an update: those that it has changed where they are, or put on the object anew."""
    put = [name for name in plan.parameters.values if name in plan.parameters.put]
    if not put:
        return "None"
    new = {name: f"{holder_of(plan)}.{name}" for name in put}
    return new[put[0]] if plan.parameters.whole else f"dict({by_name(new)})"


def holder_of(plan: AdapterPlan) -> str:
    """The object that holds the parameters: the one whose methods are called, or one that it holds."""
    return f"{NET}.{plan.parameters.inner}" if plan.parameters.inner else NET


def by_name(values: Mapping[str, str]) -> str:
    """Values as they are given by name.

    >>> by_name({"W": "net.W", "b": "net.b"})
    'W=net.W, b=net.b'
    """
    return ", ".join(f"{name}={value}" for name, value in values.items())
