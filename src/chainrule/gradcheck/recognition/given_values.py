"""What a file itself gives to arguments whose names say nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import counted_size
from chainrule.gradcheck.program.switch_names import switched_off
from chainrule.gradcheck.recognition.choices import Functions
from chainrule.gradcheck.recognition.data_names import called
from chainrule.gradcheck.recognition.options import FLAGS


def told(functions: Functions, file: Definitions) -> list[dict[str, str]]:
    """What a file itself gives to arguments whose names mean nothing else: a number, or of a switch True and False.

    It is the same in all functions of an adapter, as a cost with one is not that of a gradient with another.
    """
    reached = called(functions, file)
    asked = dict.fromkeys(
        a.name for f in reached for a in f.arguments if a.required and _says_nothing(a.name)
    )
    values = {name: _given_in(file, reached, name) for name in asked}
    names = [name for name, given in values.items() if given]
    return [dict(zip(names, way, strict=True)) for way in itertools.product(*(values[n] for n in names))]


def _says_nothing(name: str) -> bool:
    known = is_rate(name) or training_setting(name) or switched_off(name) or counted_size(name)
    return meaning(name).role == "other" and not known


def _given_in(file: Definitions, reached: Sequence[Function], name: str) -> list[str]:
    """The number that a file gives to arguments of a name, or both values of a switch; nothing where it gives else."""
    handed = [h for f in reached for h in file.handed.get((f.name, name), ())]
    defaults = [a.default for f in file.functions for a in f.arguments if a.name == name and a.default]
    constants = [
        h.constant for f in file.functions for h in file.handed.get((f.name, name), ()) if h.constant
    ]
    values = [*defaults, *constants]
    if not all(h.constant for h in handed) or not values:
        return []
    if all(value in FLAGS for value in values):
        return [*FLAGS]
    numbers = sorted(values, key=lambda value: value in ("0", "0.0"))
    return numbers[:1] if all(map(_is_number, values)) else []


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
