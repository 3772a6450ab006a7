"""Values for settings of layers, by the names of arguments and keys."""

import re
from collections.abc import Mapping, Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.program.number_names import another_number, is_factor
from chainrule.gradcheck.program.signatures import Argument
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.switch_names import OTHER_MODES, in_training, is_mode, is_training
from chainrule.gradcheck.recognition.made_sizes import size_of

VALUES = {
    "stride": "2", "dilation": "2", "f": "2", "mode": '"train"', "eps": "1e-5", "epsilon": "1e-5", "momentum": "0.9",
    "seed": "0",
    "p": "0.6", "keep_prob": "0.6", "dropout": "0.4", "pool_height": "2", "pool_width": "2", "pool_size": "2",
    "size": "2", "window": "2",
    "g": "2", "groups": "2", "num_groups": "2", "n_groups": "2", "num_heads": "2", "n_heads": "2", "n_head": "2",
    "heads": "2", "nhead": "2", "alpha": "0.3", "slope": "0.3", "negative_slope": "0.3", "temperature": "2.0",
    "margin": "0.7", "delta": "0.7", "axis": "1", "pad_idx": "1", "padding_idx": "1", "ignore_index": "1",
    "pad_id": "1",
}  # fmt: skip
"""Of settings, by name or key."""

IN_CONSTRUCTORS = ("alpha", "slope", "negative_slope", "temperature", "margin", "delta")
"""Those that a constructor is given though it has a default: with 1 or 0 a factor cannot be seen."""

KEPT = ("axis",)
"""Those that keep their defaults first: code may be written for no other sign."""

_NEUTRAL = {"0.0": "0.3", "0": "0.3", "1.0": "0.7"}
"""Another value than those with which a factor cannot be seen."""

_WIDE_MARGIN = "3.0"
"""Distances of drawn vectors are smaller, and differences of drawn scores."""

_LEFT_OUT = ("ignore_index", "pad_idx", "padding_idx", "pad_id")
"""Indices of what does not count."""

_STARTS = ("start", "offset", "start_pos", "pos_offset")
"""Where a sequence begins."""

_STATISTIC = re.compile(
    r"(running|run|moving|mov|global|pop(ulation)?|ema|avg|r)_?(mean|avg|mu|var(iance)?|std|sigma2?)(_\w+)?",
    re.IGNORECASE,
)


_PENALTY = re.compile(
    r"(weights?|w|bias(es)?|b|kernels?)_?(regulari[sz](er|ation)|reg|lambda|penalty)(_?l[12])?"
    r"|l1_?(reg(ulari[sz](er|ation))?|lambda|penalty|weight)|lambda_?l1",
    re.IGNORECASE,
)

_SETTINGS = re.compile(r"\w*(params?|parameters|config|cfg|settings|options|conf)", re.IGNORECASE)
"""What a dictionary of them is called."""


def another(name: str, default: str) -> str:
    """Another value than the default of a factor, with which it may not be seen: a smoothing of 0, a temperature of 1,
    what a backward pass has written out; of an index that is left out, one that occurs. Empty where it is none."""
    if default == VALUES["margin"] and name == "margin":
        return _WIDE_MARGIN
    if name in _LEFT_OUT:
        return VALUES[name] if default != VALUES[name] else ""
    if name in _STARTS:
        return "1" if default == "0" else ""
    of_training = is_rate(name) or meaning(name).role == "l2" or training_setting(name) is not None
    is_number = name in IN_CONSTRUCTORS or ("." in default and not of_training)
    if default in _NEUTRAL:
        return VALUES.get(name, _NEUTRAL[default]) if is_number else ""
    # Of other names it may be a chance, with which the mask is another and nothing else.
    return another_number(name, default) if is_factor(name) and name not in VALUES else ""


def is_of_penalty(name: str) -> bool:
    """Whether a setting of this name is the weight of a penalty.

    >>> [is_of_penalty(name) for name in ("weight_decay", "bias_regularizer_l1", "alpha")]
    [True, True, False]
    """
    return (meaning(name).role == "l2" and name.lower() != "alpha") or _PENALTY.fullmatch(name) is not None


def is_statistic(name: str) -> bool:
    """Whether a moving average of a batch norm's is called so: ``running_var``."""
    return _STATISTIC.fullmatch(name.strip("_")) is not None


def is_test(set_to: Mapping[str, str]) -> bool:
    """Whether one of some settings is the mode for tests, in which moving averages count."""
    modes = {name: value.strip("\"'") for name, value in set_to.items() if is_mode(name)}
    return any(
        OTHER_MODES.get(value) == "train" if value in OTHER_MODES else value == str(not is_training(name))
        for name, value in modes.items()
    )


def is_small(argument: Argument) -> bool:
    """Whether it is what keeps from dividing by 0, with a default: gradients that leave it out are right enough so."""
    return argument.name in ("eps", "epsilon") and argument.default not in ("", "None")


def is_function(name: str) -> bool:
    """Whether an argument of this name is no array: a function, or the choice of one."""
    return re.search("act|func|fn|kind|type|rng|init|name", name, re.IGNORECASE) is not None


def known_setting(name: str, values: Mapping[str, str], file: Definitions) -> str:
    """A value for a setting; empty where none is known."""
    size = size_role(name)
    others = [size_of(size)] if size is not None else list(file.options.get(name, ()))
    # A capital is no setting but a matrix.
    known = values.get(name, "" if len(name) == 1 else values.get(name.lower(), ""))
    switch = in_training(name)
    return known or next(iter(others), "") or ("" if switch is None else str(switch))


def are_settings(name: str, keys: Sequence[str], values: Mapping[str, str], file: Definitions) -> bool:
    """Whether a dictionary holds settings: by its name, or by all that is looked up in it, but moving averages."""
    own = [key for key in keys if not is_statistic(key)]
    known = (known_setting(key, values, file) for key in own)
    return _SETTINGS.fullmatch(name) is not None or (bool(own) and all(known))


def has_training(name: str, file: Definitions) -> bool:
    """Whether a file chooses by an argument of this name between training and something else."""
    return "'train'" in file.options.get(name, ())
