"""What arguments are called that make a pass in training another than one in predictions: modes, dropout, smoothing."""

from __future__ import annotations

import re
from functools import lru_cache

_MODE = r"(is_?)?(train(ing)?|test(ing)?|eval(uation)?|inference)(_?(mode|phase|fla?g|time))?|mode|phase"
OTHER_MODES = {
    "train": "test", "training": "test", "test": "train", "testing": "train", "eval": "train", "inference": "train",
}  # fmt: skip
"""What training and test are called where a text says which, and what the other is."""

_DROPOUT: tuple[tuple[str, str], ...] = (
    (r"(drop_?out|drop)_?(rate|prob(ability)?|p)|p_?drop(_?out)?", "0.0"),
    (r"keep_?(rate|prob(ability)?|p)|p_?keep", "1.0"),
)

_SMOOTHING = (
    r"(labels?_?)?smooth(ing|ed)?(_?(eps(ilon)?|alpha|factor|rate|param(eter)?))?|labels?_?eps(ilon)?"
)
SMOOTHED = "0.1"
"""How much of a label a net may be trained to give to the other classes."""

_NONE_DROPPED = {"0": "0.0", "0.0": "0.0", "1": "1.0", "1.0": "1.0"}
_SOME_DROPPED = {"0.0": "0.4", "1.0": "0.6"}


_KEEPING = r"(save|keep|store|retain|record|remember|cache|memori[sz]e)_?(\w+)?|(requires?|needs?)_?grad\w*"


@lru_cache(maxsize=4096)
def without_chance(name: str) -> str | None:
    """A value for an argument of this name that drops no units at random; None where it drops none."""
    return next((value for pattern, value in _DROPOUT if re.fullmatch(pattern, name, re.IGNORECASE)), None)


def with_chance(name: str, given: str = "") -> str | None:
    """A value for an argument of this name that drops some units at random; None where it drops none.

    ``dropout`` alone may be what is dropped or what is kept: a ``given`` value that drops none says which.
    """
    usual = _NONE_DROPPED.get(given) if re.fullmatch(r"drop_?out", name, re.IGNORECASE) else None
    return _SOME_DROPPED.get(without_chance(name) or usual or "")


def is_smoothing(name: str) -> bool:
    """Whether an argument of this name says how much of a label the other classes get."""
    return re.fullmatch(_SMOOTHING, name.strip("_"), re.IGNORECASE) is not None


def switched_off(name: str) -> str | None:
    """A value with which an argument of this name drops no units and smooths no labels; None where it does neither."""
    return "0.0" if is_smoothing(name) else without_chance(name)


def is_mode(name: str) -> bool:
    """Whether a switch of this name is one between training and test: ``training``, ``is_train``, ``test_mode``."""
    return re.fullmatch(_MODE, name.strip("_"), re.IGNORECASE) is not None


def is_training(name: str) -> bool:
    """Whether a switch of this name is on in training: ``training``, ``is_train``, ``train_mode``."""
    return is_mode(name) and re.search("train", name, re.IGNORECASE) is not None


def in_training(name: str) -> bool | None:
    """The value of a switch of this name in training: True of ``training``, False of ``test``; None of what is none, or
    does not say which of the two it is."""
    if not is_mode(name) or not re.search("train|test|eval|inference", name, re.IGNORECASE):
        return None
    return is_training(name)


def keeps(name: str) -> bool:
    """Whether a switch of this name has a forward pass keep what the backward pass needs: ``save_cache``."""
    return re.fullmatch(_KEEPING, name.strip("_"), re.IGNORECASE) is not None
