"""The expressions of an adapter that call functions as the file does."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NamedTuple

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import l2_name, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.witnessed.returned_gradients import ReturnedGradient, names_of
from chainrule.gradcheck.recognition.witnessed.witnessed_call import NAME, ArgumentSource, WitnessedCall

_DATA = ("inputs", "labels")


class Expression(NamedTuple):
    """A call, and the names of the values that it reads.

    Attributes:
        text: ``own.self.loss(own.X, own.y)``.
        reads: ``X``, ``y``; without that of the object.
    """

    text: str
    reads: tuple[str, ...]


def by_names(
    function: Function,
    call: WitnessedCall,
    file: Definitions,
    *,
    anew: bool = False,
    fixed: Container[int] = (),
) -> Expression | None:
    """A call of a function with what is known under the names of its arguments where another one is called; None where
    something that it needs is not.

    Args:
        function: it.
        call: the call of the other one.
        file: what the file defines.
        anew: whether what that one is given of an earlier call is computed anew, or left out where it may be.
        fixed: the places of earlier calls of which it is not.
    """
    sources = {name: s for name, s in call.sources.items() if anew and s.given and not _is_of(s, fixed)}
    made = {name: source.given for name, source in sources.items()}
    own = {*call.sources} - {*made}
    given = [a for a in function.arguments if a.required or a.name in own]
    if any(a.name not in call.values or a.starred for a in given):
        return None
    if l2_name(a.name for a in function.arguments if a not in given):
        # A penalty of its own, of which the other knows nothing.
        return None
    head = _head(function, call.values, file)
    written = [_argument(a, made.get(a.name, f"own.{a.name}")) for a in given]
    reads = tuple(a.name for a in given if a.name not in made)
    return Expression(f"{head}({', '.join(written)})", reads) if head else None


def by_meaning(function: Function, call: WitnessedCall, file: Definitions) -> Expression | None:
    """A call of a function with the data that another one is called with, whatever these are called there: ``X_batch``
    for ``X``; None where that is the same as with what is known under the names of its arguments."""
    own = {meaning(name).role: name for name in call.sources if meaning(name).role in _DATA}
    if len(own) < sum(meaning(name).role in _DATA for name in call.sources):
        return None
    meant = {a.name: own.get(meaning(a.name).role, a.name) for a in function.arguments if a.required}
    head = _head(function, call.values, file)
    is_known = all(name in call.values for name in meant.values())
    if not head or not is_known or all(name == known for name, known in meant.items()):
        return None
    written = [_argument(a, f"own.{meant[a.name]}") for a in function.arguments if a.name in meant]
    return Expression(f"{head}({', '.join(written)})", tuple(meant.values()))


def as_elsewhere(function: Function, call: WitnessedCall, file: Definitions) -> Expression | None:
    """A call of a function with what the file hands it where it calls it itself, by the names that this has there, as
    far as they are known where another function is called; None where something is not."""
    handed = call.handed_as.get(function.shown, {})
    texts, reads = [], []
    for argument in (a for a in function.arguments if a.required):
        text = argument.name if argument.name in call.sources else handed.get(argument.name, "")
        name, _, attribute = text.partition(".")
        if (
            name not in call.values
            or argument.starred
            or (attribute and not hasattr(call.values[name], attribute))
        ):
            return None
        texts.append(_argument(argument, f"own.{text}"))
        reads += [] if attribute else [name]
    head = _head(function, call.values, file)
    return Expression(f"{head}({', '.join(texts)})", tuple(reads)) if head else None


def as_called(
    function: Function, call: WitnessedCall, file: Definitions, given: Callable[[str], str]
) -> Expression | None:
    """The call of a function as it was witnessed.

    Args:
        function: it.
        call: its call.
        file: what the file defines.
        given: what is written for each argument where an earlier call gives it; empty for its value as it was.
    """
    texts = {name: given(source.given) or f"own.{name}" for name, source in call.sources.items()}
    head = _head(function, call.values, file)
    arguments = [a for a in function.arguments if a.name in call.sources]
    if not head or any(a.name not in call.values or a.starred for a in arguments):
        return None
    written = [_argument(a, texts[a.name]) for a in arguments]
    reads = tuple(a.name for a in arguments if texts[a.name].startswith("own."))
    return Expression(f"{head}({', '.join(written)})", reads)


def earlier_calls(
    call: WitnessedCall, file: Definitions, fixed: Container[int] = ()
) -> dict[int, Expression]:
    """By their places, the earlier calls of which all arguments are known.

    Args:
        call: the call that comes after them.
        file: what the file defines.
        fixed: the places of those whose results are had by name where they have one, as they are the same whatever the
            parameters are.
    """
    found = {}
    for place, earlier in enumerate(call.earlier):
        owner, _, name = earlier.function.rpartition(".")
        function = file.named(name, owner)
        if function is None:
            continue
        sources = {a.name: s for a in function.arguments if (s := earlier.sources.get(a.name))}
        sources = {n: _by_name(s) if _is_of(s, fixed) else s for n, s in sources.items()}
        texts = {n: s.given or (s.name and f"own.{s.name}") for n, s in sources.items()}
        head = function.name if not function.owner else ""
        holder = earlier.sources.get("self")
        if function.owner and holder is not None and holder.name in call.values:
            head = f"own.{holder.name}.{mangled(function.name, function.owner)}"
        elif function.owner and holder is not None and holder.given.startswith(f"{function.owner}."):
            head = f"{holder.given}.{mangled(function.name, function.owner)}"
        if head and all(texts.values()) and all(s.given or s.name in call.values for s in sources.values()):
            written = [_argument(a, texts[a.name]) for a in function.arguments if a.name in texts]
            reads = tuple(s.name for n, s in sources.items() if not s.given)
            found[place] = Expression(f"{head}({', '.join(written)})", reads)
    return found


def _is_of(source: ArgumentSource, fixed: Container[int]) -> bool:
    """Whether a value that has a name comes from one of some earlier calls."""
    return bool(source.name) and any(place in fixed for place in places_in(source.given))


def _by_name(source: ArgumentSource) -> ArgumentSource:
    return source._replace(given="")


def places_in(text: str) -> list[int]:
    """The earlier calls that an expression reads: 0 and 2 of ``own.net.backward(out0, out2[1])``."""
    return sorted({int(place) for place in re.findall(r"\bout(\d+)", text)})


def after(text: str, before: Mapping[int, Expression]) -> list[str]:
    """An expression behind the earlier calls that it reads, each with its name, and what these read."""
    wanted, listed = places_in(text), dict[int, str]()
    while wanted:
        place = wanted.pop()
        if place in listed or place not in before:
            continue
        listed[place] = before[place].text
        wanted += places_in(before[place].text)
    return [*(f"out{place} := {listed[place]}" for place in sorted(listed)), text]


def adapter_text(
    call: WitnessedCall,
    parameters: Sequence[ReturnedGradient],
    data: Mapping[str, str],
    fixed: Mapping[str, str],
    cost: Sequence[str],
    gradient: Sequence[str],
    states: Sequence[str],
    times_smaller: int = 1,
) -> str:
    """The text of an adapter.

    Args:
        call: with the values of which the functions are called.
        parameters: the parameters, with their gradients.
        data: the values that are handed in as data, each with the expression that gives it.
        fixed: in the same way, others that are put in the place of those of the file.
        cost: expressions, the last of which is the cost.
        gradient: expressions, the last of which the gradients are picked from.
        states: where arrays stand that are 0 only at first.
        times_smaller: how many times smaller the parameters are than those of the file.
    """
    smaller = f", times_smaller={times_smaller}" if times_smaller > 1 else ""
    names = names_of(parameters)
    pairs = list(zip(names, parameters, strict=True))
    drawn = ", ".join(f"{name!r}: {p.parameter.replace('own.', 'seen.', 1)}" for name, p in pairs)
    put = [f"{name}={name}" for name in data] + [f"{name}={text}" for name, text in fixed.items()]
    held = ", ".join(["values", *put])
    head = f"lambda {', '.join(['values', *data])}: (own := holding({held}), "
    given = (
        "".join(f"{text}, " for text in data.values()).rstrip()
        if len(data) == 1
        else ", ".join(data.values())
    )
    back = ", ".join(f"{name!r}: {p.gradient}" for name, p in pairs)
    steps = [*gradient[:-1], f"out := {gradient[-1]}"]
    asked = [repr(call.function), *([repr(call.begun)] if call.begun else [])]
    asked += [f"since={call.since!r}"] if call.since else []
    asked += [f"states={list(states)!r}"] if states else []
    asked += [f"sample={(call.sample, call.sampled)!r}"] if call.sample is not None else []
    needs_numpy = any("numpy." in text for text in cost)
    return "\n".join([
        "def chainrule_check(rng):",
        *(["    import numpy"] if needs_numpy else []),
        f"    seen, drawn, holding = {NAME}({', '.join(asked)})  # what {call.place or 'it'} calls it with",
        f"    parameters, data = drawn(rng, {{{drawn}}}{smaller}), ({given})",
        f"    return dict(parameters=parameters, data=data, cost={head}{', '.join(cost)})[-1],",
        f"                gradient={head}{', '.join(steps)}, {{{back}}})[-1])",
    ])  # fmt: skip


def _argument(argument: Argument, text: str) -> str:
    return f"{argument.keyword}={text}" if argument.keyword_only else text


def _head(function: Function, values: Mapping[str, Any], file: Definitions) -> str:
    """What is called: a function by its name, a method of the object that is known; empty where none is."""
    if not function.owner:
        return function.name
    for name in ("self", *(n for n in values if n != "self")):
        value = values.get(name)
        classes = {each.__name__ for each in type(value).__mro__} if is_own_object(value) else set()
        if function.owner in classes:
            return f"own.{name}.{mangled(function.name, function.owner)}"
    return ""
