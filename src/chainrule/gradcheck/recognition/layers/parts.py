"""What is checked with a layer, as it calls it: functions, and the methods of the objects that it makes."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.pairs import LayerPair, functions_of


def is_part_of(pair: LayerPair, others: Sequence[LayerPair], file: Definitions) -> bool:
    """Whether one of several layers calls both passes of this one, which are checked with its own: functions that it
    calls, methods of an object that it makes."""
    called = [called_by(other, file) for other in others]
    return any(pair.forward in functions and pair.backward in functions for functions in called)


def called_by(pair: LayerPair, file: Definitions) -> list[Function]:
    """All functions that a layer calls, with the methods of what it makes."""
    called = file.used([*functions_of(pair, file), *(c for c in [file.constructors.get(pair.owner)] if c)])
    reached: set[str] = set()
    while made := {name for f in called for name in f.uses if name in file.constructors} - reached:
        reached |= made
        methods = [f for f in file.functions if f.owner in made]
        called += file.used([*methods, *(file.constructors[name] for name in made)])
    return [f for f in called if f.name != "__init__"]
