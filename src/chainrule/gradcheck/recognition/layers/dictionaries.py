"""What stands in the dictionaries that a pass of a layer is given: their keys, and what is found by them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from chainrule.gradcheck.program.definitions import Definitions, MadeParameters
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Argument
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.held_settings import read_of_settings
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind, kind_of
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.settings import is_statistic, is_test


def keys_of(file: Definitions, layer: LayerPair, argument: Argument) -> list[str]:
    """The keys that are looked up in a dictionary of this name, by the two passes or those that they hand it to."""
    functions = file.used([layer.forward, layer.backward])
    looked = [key for f in functions for key in f.keys.get(argument.name, ())]
    # What need not be there draws otherwise each time.
    seeds = [
        key for f in functions for key in f.optional_keys.get(argument.name, ()) if size_role(key) == "seed"
    ]
    return list(dict.fromkeys([*looked, *seeds]))


def fields_of(file: Definitions, layer: LayerPair, argument: Argument) -> list[str]:
    """The attributes that are read of an argument that must be given and is an object of settings, by the two passes or
    those that they hand it to."""
    if not argument.required:
        return []
    functions = file.used([layer.forward, layer.backward])
    return read_of_settings(field for f in functions for field in f.fields.get(argument.name, ()))


def switches(file: Definitions, layer: LayerPair) -> frozenset[str]:
    """The names that are conditions by themselves in the two passes or what they use."""
    functions = file.used([layer.forward, layer.backward])
    return frozenset(name for f in functions for name in f.switches)


def made_with(file: Definitions, name: str, keys: Collection[str]) -> MadeParameters:
    """The parameters that a function of the file makes among which some keys are looked up; none where it makes no
    such."""
    if not keys and meaning(name).role != "bundle":
        return {}
    # A number that counts layers stands as # in a key, for all that follows.
    patterns = [re.escape(key).replace(r"\#", r"\d+\w*") for key in keys]
    return next((m for m in file.made if all(any(re.fullmatch(p, name) for name in m) for p in patterns)), {})


def kind_of_parameter(key: str) -> ArgumentKind:
    """What a parameter of this name is; a small letter is a vector or a number."""
    kind = kind_of(key)
    if kind in PARAMETER_ROLES:
        return kind
    return "shift" if re.fullmatch(r"[a-z]\d?", key) else "other"


def inner(name: str, layer: LayerPair, file: Definitions) -> str:
    """A dictionary inside one, for running averages; empty where nothing is looked up in any."""
    keys = dict.fromkeys(key for f in file.used([layer.forward]) for key in f.keys.get(f"{name}[]", ()))
    # An array may be asked for: a number of NumPy's has what one has.
    zeros = (f'"{key}": {file.numpy_name}.float64(0.0)' for key in keys)
    return "{" + ", ".join(zeros) + "}" if keys else ""


def averages(name: str, known: Mapping[str, str], layer: LayerPair, file: Definitions) -> dict[str, str]:
    """Moving averages in a dictionary of settings for tests, where the function has 0 and 1 for them."""
    functions = file.used([layer.forward]) if is_test(known) else []
    keys = {key for f in functions for key in f.optional_keys.get(name, ()) if is_statistic(key)}
    return dict.fromkeys(sorted(keys), f"{file.numpy_name}.float64(0.7)")
