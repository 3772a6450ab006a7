"""Hostile programs as they are handed in: a right net, and before it something that has no business in a check.

Each is a function of a module of :mod:`support.hostile`, and its docstring says what it tries. What it gives is true
where it has succeeded by its own account. It names what it needs of its surroundings by its parameters; those that are
``cost, gradient, parameters, data`` make another program of the right net's, and give what an adapter gives.

What a check comes to stands in the module's ``ENDS``: a pattern of the verdict or of the line. Where nothing stands
there, it is the module's ``END``; ``right`` where it has none, as what is refused is in nobody's way. ``LIMITS`` are
those of its processes; ``BRIEF`` programs have a second, as they end when their time does.
"""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chainrule.gradcheck.sandbox.process import Limits
from support.handed_in import FIRST
from support.hostile import kernel
from support.places import CONVENTIONS

TOGETHER = ("reading", "writing", "running", "networking", "processes", "calling", "disturbing")
"""Modules whose programs leave each other alone where they get nowhere: they share a process, but for those with an
end of their own."""
ALONE = ("taking", "crashing", "forging", "channel")
RAISING = "raising"
GOT_OUT = "GOT OUT: "
RIGHT = "^right$"
_ADAPTER_TAKES = ["cost", "gradient", "parameters", "data"]
_RIGHT = (CONVENTIONS / "rows.py").read_text()
_KERNEL = Path(kernel.__file__).read_text()
_ATTEMPTS = """
def attempts():
    here = os.getcwd()
    for function, given in {attempts}:
        try:
            got = function(**given)
        except OSError:
            got = None
        if got:
            yield f"{{function.__name__}}: {{got!r:.100}}"
        os.chdir(here)

def before():
    got_out = list(attempts())
    if got_out:
        raise BaseException("{got_out}" + "; ".join(got_out))
"""
_ADAPTER = """
right_adapter = chainrule_check
def chainrule_check(rng):
    return {name}(**right_adapter(rng))
"""

_RAISING = """
import numpy

def compute_cost(W):
    if W[0] >= 0:
        ({functions})[int(W[0])]()
    return (W**2).sum()

def chainrule_check(rng):
    return dict(cost=compute_cost, gradient=lambda W: 2 * W, parameters=dict(W=-numpy.ones(1)))
"""


@dataclass(frozen=True)
class Hostile:
    """Programs that are not to succeed.

    Attributes:
        name: the module, and the function where there is one.
        functions: what they do, one after the other, in one process.
        ends: a pattern of the verdict or the line that a check comes to.
        limits: of the process.
    """

    name: str
    functions: Sequence[Callable[..., Any]]
    ends: str
    limits: Limits

    def __str__(self) -> str:
        return self.name

    def text(self, surroundings: Mapping[str, str | int]) -> str:
        """The file that is handed in."""
        source = Path(inspect.getfile(self.functions[0])).read_text()
        lines = [line for line in source.splitlines() if not line.startswith("from support.hostile.kernel")]
        code = "\n".join([_KERNEL, *lines])
        if _parameters(self.functions[0]) == _ADAPTER_TAKES:
            return f"{code}\n{_RIGHT}\n{_ADAPTER.format(name=self.functions[0].__name__)}"
        given = [
            f"({function.__name__}, {json.dumps({name: surroundings[name] for name in _parameters(function)})})"
            for function in self.functions
        ]
        # What JSON makes of text and numbers, Python reads.
        attempts = _ATTEMPTS.format(attempts=f"[{', '.join(given)}]", got_out=GOT_OUT)
        return f"{code}\n{attempts}\n{_RIGHT}\n{FIRST}"


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def programs(category: str) -> list[Hostile]:
    """Each program of a module by itself: its own functions, but for those that help them."""
    module = importlib.import_module(f"support.hostile.{category}")
    end, ends, brief = (
        getattr(module, name, none) for name, none in (("END", RIGHT), ("ENDS", {}), ("BRIEF", ()))
    )
    limits = Limits(**getattr(module, "LIMITS", {}))
    functions = [value for value in vars(module).values() if inspect.isfunction(value)]
    own = {
        f.__name__: f for f in functions if f.__module__ == module.__name__ and not f.__name__.startswith("_")
    }
    assert {*ends, *brief} <= set(own), category
    return [
        Hostile(
            f"{category}-{name}",
            [function],
            ends.get(name, end),
            replace(limits, seconds=1.0) if name in brief else limits,
        )
        for name, function in own.items()
    ]


def sharing(category: str) -> list[Hostile]:
    """The programs of a module, in as few processes as they can share."""
    each = programs(category)
    quiet = [program for program in each if program.ends == RIGHT]
    together = Hostile(category, [f for program in quiet for f in program.functions], RIGHT, quiet[0].limits)
    return [together, *(program for program in each if program not in quiet)]


EACH = {str(program): program for category in (*TOGETHER, *ALONE, RAISING) for program in programs(category)}
"""Every program by itself."""
SHARING = [program for category in TOGETHER for program in sharing(category)] + [
    program for category in ALONE for program in programs(category)
]
"""Those that act before the net is asked for, in as few processes as they can share."""


def raising_in_turn() -> tuple[str, list[str]]:
    """A file whose cost raises what each program of :mod:`support.hostile.raising` does, and their names: the number
    of the one that is to is its parameter, negative for none."""
    names = [program.functions[0].__name__ for program in programs(RAISING)]
    text = Path(inspect.getfile(programs(RAISING)[0].functions[0])).read_text()
    return f"{text}\n{_RAISING.format(functions=', '.join(names))}", names
