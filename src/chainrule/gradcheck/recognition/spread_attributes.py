"""What a constructor is given whose entries it makes attributes of its object:
``for key, value in data.items(): setattr(self, key, value)``.
"""

from __future__ import annotations

import re

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import is_alphabet, is_text
from chainrule.gradcheck.recognition.conventions import (
    SAMPLES,
    Convention,
    drawn_labels,
    inputs,
    integer_labels,
)
from chainrule.gradcheck.recognition.held_settings import setting_of
from chainrule.gradcheck.recognition.made_sizes import text

_OTHER_PART = re.compile(r"_?(val(id(ation)?)?|test(ing)?|dev)$", re.IGNORECASE)
"""What the names of data end in that are held back, beside those of the same name in training."""


def spread_attributes(constructor: Function, convention: Convention, file: Definitions) -> str:
    """A dictionary of all that a class reads of its objects and never sets, as far as the meaning of the names is
    known; of data also what it only changes."""
    owners = (constructor.owner, *file.bases.get(constructor.owner, ()))
    methods = [constructor, *(f for f in file.functions if f.owner in owners)]
    called = {f.name for f in methods}
    own = {name for f in methods for name in f.attributes.sets}
    read = dict.fromkeys(name for f in methods for name in f.attributes.reads if name not in called)
    data = {name: _data(name, [*read], convention, file) for name in read}
    settings = {name: setting_of(name, convention) for name in read if name not in own}
    known = {name: value for name in read if (value := data[name] or settings.get(name))}
    return f"{{{', '.join(f'{name!r}: {value}' for name, value in known.items())}}}"


def _data(name: str, names: list[str], convention: Convention, file: Definitions) -> str:
    """Inputs, labels or a text of this name; integers where one-hot labels have the same in capitals; the characters of
    such a text beside it. Empty for anything else."""
    role = meaning(_OTHER_PART.sub("_train", name)).role
    if role == "inputs":
        return inputs(convention)
    if role == "labels" and name[:1].islower() and name[:1].upper() + name[1:] in names:
        return integer_labels(convention)
    if role == "labels":
        return drawn_labels(convention, file.numpy_name)
    if not (convention.state and any(map(is_text, names))):
        return ""
    if is_alphabet(name) and name[:1] == "c":
        return f"{{c: i for i, c in enumerate({text(convention)})}}"
    if is_alphabet(name):
        return f"dict(enumerate({text(convention)}))"
    return f"{text(convention)} * {SAMPLES}" if is_text(name) else ""
