"""What a file itself gives to arguments whose names say nothing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import counted_size
from chainrule.gradcheck.program.switch_names import in_training, switched_off
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.data_names import called
from chainrule.gradcheck.recognition.options import FLAGS

_KEPT = re.compile(r"(\w*_)?(means?|mus?|vars?|variances?|v|sigmas?|stds?)(_\w*)?", re.IGNORECASE)
"""What means and variances over samples are called, those of several layers and of all of training too."""

_NORM = re.compile(r"norm|bn", re.IGNORECASE)
"""What switches of batch norm are called."""


def told(functions: Functions, file: Definitions) -> list[dict[str, str]]:
    """What a file itself gives to arguments whose names mean nothing else: a number, or of a switch True and False.

    It is the same in all functions of an adapter, as a cost with one is not that of a gradient with another.
    """
    reached = called(functions, file)
    asked = dict.fromkeys(
        a.name for f in reached for a in f.arguments if a.required and _says_nothing(a.name)
    )
    values = {name: _given_in(file, reached, name) for name in asked}
    values |= {name: ["None"] for name in _of_no_batch(functions, file) if values.get(name) == []}
    names = [name for name, given in values.items() if given]
    ways = [dict(zip(names, way, strict=True)) for way in itertools.product(*(values[n] for n in names))]
    switched_on = dict.fromkeys(_norm_switches(functions), "True")
    return [{**way, **switched_on} for way in ways] + ways * bool(switched_on)


def _says_nothing(name: str) -> bool:
    known = is_rate(name) or training_setting(name) or switched_off(name) or counted_size(name)
    return meaning(name).role == "other" and not known


def _norm_switches(functions: Functions) -> list[str]:
    """Switches of batch norm that are off by default in cost and gradient, where both must be given its scales."""
    pair = [f for f in (functions.cost, functions.gradient) if f is not None]
    scaled = all(any(a.required and meaning(a.name).role == "scale" for a in f.arguments) for f in pair)
    off = [{a.name for a in f.arguments if a.default == "False" and _NORM.search(a.name)} for f in pair]
    return sorted(set.intersection(*off)) if scaled else []


def _of_no_batch(functions: Functions, file: Definitions) -> list[str]:
    """Arguments of the cost for means and variances kept in training, where the gradient takes none and its forward
    pass is given None: both then take those of the batch."""
    if functions.gradient is None:
        return []
    own = {a.name for a in functions.gradient.arguments}
    asked = [a.name for a in functions.cost.arguments if a.required and _KEPT.fullmatch(a.name)]
    inner = [(f.name, a.name) for f in file.used([functions.gradient]) for a in f.arguments]
    kept = [key for key in inner if _KEPT.fullmatch(key[1])]
    left_out = any(h.constant == "None" for key in kept for h in file.handed.get(key, ()))
    return [name for name in asked if left_out and name not in own]


def _given_in(file: Definitions, reached: Sequence[Function], name: str) -> list[str]:
    """The number that a file gives to arguments of a name, of a mode that for training, or both values of a switch;
    nothing where it gives else."""
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
    trains = in_training(name)
    if trains is not None and {*values} <= {"0", "1"}:
        return [str(int(trains))]
    numbers = sorted(values, key=lambda value: value in ("0", "0.0"))
    return numbers[:1] if all(map(_is_number, values)) else []


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
