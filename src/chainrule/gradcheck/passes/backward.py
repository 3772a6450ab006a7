"""What each argument of a layer's backward pass gets of what the forward pass has left."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.passes.calls import Ran, arguments, is_nest, is_output
from chainrule.gradcheck.program.described import described
from chainrule.gradcheck.program.names import is_rate, parameter_names, plain_name
from chainrule.gradcheck.recognition.layers.backward import CACHE
from chainrule.gradcheck.recognition.layers.pass_names import is_upstream

_OUTPUT = re.compile(r"out(put)?s?|y|activations?", re.IGNORECASE)
_FORMS = (
    "it is called as backward(dout), backward(dout, cache) or backward(dout, *inputs), with one dout for each output "
    "that it has a gradient of: wrap it in one of these"
)

Upstream = tuple[Any, ...]
"""dJ/d of each output that the backward pass is given one of; 1 alone where the output is a loss."""


ArgumentValue = Callable[[Ran, Upstream], Any]
"""What an argument of the backward pass gets."""


class UpstreamCall(NamedTuple):
    """How the backward pass is called.

    Attributes:
        outputs: the places of the outputs whose dJ/d it is given, in the order of these.
    """

    positional: tuple[ArgumentValue, ...]
    by_name: dict[str, ArgumentValue]
    outputs: tuple[int, ...]
    spread: ArgumentValue | None = None

    @property
    def takes_rate(self) -> bool:
        """Whether it is given a learning rate, which is 1: then it takes the gradient from the parameters."""
        return _rate in self.positional or _rate in self.by_name.values()

    def made(self, ran: Ran, upstream: Upstream) -> Any:
        """What the backward pass gives."""
        values = [argument(ran, upstream) for argument in self.positional]
        values += [] if self.spread is None else self.spread(ran, upstream)
        named = {name: argument(ran, upstream) for name, argument in self.by_name.items()}
        return ran.passes.backward(*values, **named)


def backward_call(ran: Ran) -> UpstreamCall:
    """How the backward pass is called: with what its arguments are called like, else by their number and order.

    Raises:
        CheckError: what one gets is not known.
    """
    given = arguments(ran.passes.backward)
    several = next((a for a in given if a.kind is a.VAR_POSITIONAL), None)
    if several is not None:
        spread = _cache_spread if CACHE.fullmatch(several.name) else _inputs
        return UpstreamCall((_dout(0),), {}, (0,), spread)
    return _PassReading(ran, [a for a in given if a.kind is not a.VAR_KEYWORD]).call()


class _PassReading:
    """What the arguments of a backward pass get."""

    def __init__(self, ran: Ran, given: Sequence[inspect.Parameter]) -> None:
        self._ran, self._given = ran, given
        self._inputs = {name: place for place, name in enumerate(ran.passes.names)}
        returned = returned_names(ran.passes.forward)
        self._returned = list(returned) if len(returned) == len(ran.parts) else [""] * len(ran.parts)
        self._outputs = [i for i, part in enumerate(ran.parts) if i == 0 or is_output(part)]
        self._lone = sum(a.default is a.empty for a in given) == 1

    def call(self) -> UpstreamCall:
        """How the backward pass is called.

        Raises:
            CheckError: what an argument gets is not known.
        """
        found = {a.name: self._by_name(a) for a in self._given}
        open_names = [a.name for a in self._given if found[a.name] is None and a.default is a.empty]
        upstream = [a.name for a in self._given if found[a.name] is None and self._is_upstream_of_other(a)]
        upstream = self._upstream(list(dict.fromkeys([*open_names, *upstream])), open_names)
        outputs = self._outputs_of(upstream)
        if not upstream and not self._ran.is_loss:
            raise self._unclear()
        found |= {name: _dout(place) for place, name in enumerate(upstream)}
        rest = [name for name in open_names if name not in upstream]
        found |= dict(zip(rest, self._handed_over(len(rest), found), strict=True))
        return self._in_places({name: gets for name, gets in found.items() if gets is not None}, outputs)

    def _by_name(self, argument: inspect.Parameter) -> ArgumentValue | None:
        """What an argument gets by its name; None where that does not say."""
        name = argument.name
        if self._lone and argument.default is argument.empty and not self._ran.is_loss:
            if name in self._inputs:
                raise CheckError(
                    f"the backward pass: takes ({name}) alone, as the forward pass does, and nothing for dJ/dout; wrap "
                    f"it: lambda dout, {name}: dout * ..."
                )
            return None
        if name in self._inputs:
            return _input(self._inputs[name])
        if is_rate(name):
            return _rate
        if name in self._returned:
            return _part(self._returned.index(name))
        if argument.default is not argument.empty:
            return None
        if CACHE.fullmatch(name) and self._ran.cache is not None:
            return _cache
        return _part(0) if _OUTPUT.fullmatch(name) else None

    def _upstream(self, candidates: Sequence[str], open_names: Sequence[str]) -> list[str]:
        """The arguments that are upstream gradients."""
        if self._ran.is_loss:
            return [name for name in open_names if is_upstream(name)][:1]
        named = [name for name in candidates if self._output_of(name) is not None]
        if len(named) > 1 or (named and len(open_names) > len(named)):
            return named
        alike = [name for name in open_names if is_upstream(name) or _is_of_state(name)]
        has_cache = len([part for part in self._ran.parts[1:] if is_nest(part)]) == 1
        if has_cache and 1 < len(alike) <= len(self._outputs):
            return alike
        return alike if len(alike) == 1 else list(open_names[:1])

    def _outputs_of(self, upstream: Sequence[str]) -> tuple[int, ...]:
        """The outputs whose upstream gradients these are: by name, else in order."""
        named = {name: self._output_of(name) for name in upstream}
        free = [place for place in self._outputs if place not in named.values()]
        if len({*named.values()} - {None}) + len(free) < len(upstream):
            raise self._unclear()
        by_order = iter(free)
        return tuple(next(by_order) if place is None else place for place in named.values()) or (0,)

    def _output_of(self, name: str) -> int | None:
        """The output whose upstream gradient an argument is by its name: ``next_h`` of ``dnext_h``."""
        names = parameter_names(name) - {plain_name(name)}
        return next(
            (i for i in self._outputs if self._returned[i] and plain_name(self._returned[i]) in names), None
        )

    def _is_upstream_of_other(self, argument: inspect.Parameter) -> bool:
        """Whether it is that of a further output, which may be left out."""
        return argument.default is None and (self._output_of(argument.name) or 0) > 0

    def _handed_over(self, count: int, found: dict[str, ArgumentValue | None]) -> list[ArgumentValue]:
        """What so many arguments get beside dJ/dout: the cache, else the inputs that no other argument gets, in order.

        Raises:
            CheckError: it is not known.
        """
        if count == 1 and self._ran.cache is not None and _cache not in found.values():
            return [_cache]
        free = [place for name, place in self._inputs.items() if name not in found]
        arrays = [place for place in free if isinstance(self._ran.passes.inputs[place], np.ndarray)]
        for places in (free, arrays):
            if len(places) == count or not count:
                return [_input(place) for place in places[:count]]
        raise self._unclear()

    def _in_places(self, found: dict[str, ArgumentValue], outputs: tuple[int, ...]) -> UpstreamCall:
        """The call: by place as far as nothing is left out, then by name."""
        positional, by_name = list[ArgumentValue](), dict[str, ArgumentValue]()
        left_out = False
        for argument in self._given:
            if argument.name not in found:
                left_out = True
            elif left_out or argument.kind is argument.KEYWORD_ONLY:
                by_name[argument.name] = found[argument.name]
            else:
                positional.append(found[argument.name])
        return UpstreamCall(tuple(positional), by_name, outputs)

    def _unclear(self) -> CheckError:
        names = ", ".join(a.name for a in self._given)
        return CheckError(f"the backward pass: takes ({names}); {_FORMS}")


def returned_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """What a function's last return statement gives back, by name, empty for what has none; nothing where its source
    does not say."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return ()
    node = next((each for each in tree.body if isinstance(each, ast.FunctionDef)), None)
    if node is None:
        return ()
    returns = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
    last = max(returns, key=lambda each: each.lineno).value if returns else None
    return (last.id,) if isinstance(last, ast.Name) else described(node).returns


def _is_of_state(name: str) -> bool:
    """Whether an argument is the upstream gradient of a state: ``dnext_h``, ``dc``, ``dh_T``."""
    return (
        re.fullmatch(r"d[hc]|(d|grad)_?(next|last|final|prev|[hcs]|state|hidden|cell)_?\w*", name) is not None
    )


def _dout(place: int) -> ArgumentValue:
    return lambda ran, upstream: upstream[place]


def _input(place: int) -> ArgumentValue:
    return lambda ran, upstream: ran.passes.inputs[place]


def _part(place: int) -> ArgumentValue:
    return lambda ran, upstream: ran.parts[place]


def _rate(ran: Ran, upstream: Upstream) -> Any:
    return 1.0


def _cache(ran: Ran, upstream: Upstream) -> Any:
    return ran.cache


def _cache_spread(ran: Ran, upstream: Upstream) -> Any:
    return ran.cache if isinstance(ran.cache, tuple | list) else [ran.cache]


def _inputs(ran: Ran, upstream: Upstream) -> Any:
    return ran.passes.inputs
