"""What the arguments of a layer's forward pass are by their names, beside the usual roles: states, masks, lengths of
sequences, indices."""

from __future__ import annotations

import re
from typing import Literal

from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import PARAMETER_ROLES, Role, meaning, weighted_by
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import counted_size

ArgumentKind = (
    Role | Literal["mask", "sample weights", "lengths", "indices", "sequences", "records", "vector"]
)

COUNTING: tuple[ArgumentKind, ...] = ("mask", "sample weights")
"""What says beside the labels of a loss how much each of its samples, or classes, or entries counts."""

LISTS: tuple[ArgumentKind, ...] = ("sequences", "records")
"""What is no array but a list: of sequences of several lengths, of tuples of indices and numbers."""

_KINDS: tuple[tuple[ArgumentKind, str], ...] = (
    ("mask", r"(\w+_)?mask(_\w+)?"),
    ("lengths", r"(\w+_)?(len(gth)?s|seq_?lens?)"),
    (
        "indices",
        r"(\w+_)?(idx|indices|index|ids|tokens?|words?|captions?|contexts?|centers?|negatives?|neg(_samples)?|users?|items?)(_(idx|indices|ids|words?|id))?",
    ),
    (
        "state",
        r"(prev(ious)?|init(ial)?|last|start|old)_?\w+|\w+_?(prev(ious)?|init(ial)?|last|tm1|0|old)|h|c|s|state|hidden|cell"
        r"|h(idden)?_?state|c(ell)?_?state|hx|cx",
    ),
    (
        "weights",
        r"(?-i:[WUV])\w*|w_?\w{1,4}|\w*weights?\w*|\w+_w|(?-i:[A-Za-z]*W)|\w*kernels?|(\w+_)?filters?",
    ),
    ("scale", r"\w*gains?"),
    ("bias", r"b_?\w{0,3}|\w*bias\w*|\w+_b"),
)
"""In the order in which they are looked for: ``W_prev`` is a state by that order, but weights by its role."""

_COUNTING = re.compile(r"M|observed|known|valid|present|rated")
_SEQUENCES = re.compile(r"seqs|sequences|sents|sentences|texts|docs|documents|bags", re.IGNORECASE)

_ATTENDED = re.compile(r"[qkv]|quer(y|ies)|keys?|values?", re.IGNORECASE)

_CAPITAL = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z])")
"""Where a word begins in ``outsideWordIdx``."""


def kind_of(name: str) -> ArgumentKind:
    """What an array of this name is; ``other`` where that does not say."""
    role = meaning(name).role
    if role in (*PARAMETER_ROLES, "inputs", "labels", "state"):
        return role
    plain = _CAPITAL.sub("_", name.strip("_"))
    if weighted_by(plain) is not None:
        return "sample weights"
    if _SEQUENCES.fullmatch(in_english(plain)):
        return "sequences"
    kinds = (kind for kind, pattern in _KINDS if re.fullmatch(pattern, plain, re.IGNORECASE))
    kind: ArgumentKind = next(kinds, "other")
    return "other" if kind in PARAMETER_ROLES and counted_size(name) else kind


def may_say_what_counts(name: str) -> bool:
    """Whether an array of this name may be a mask, where it is used like one."""
    return _COUNTING.fullmatch(name) is not None


def may_be_left_out(kind: ArgumentKind) -> bool:
    """Whether an argument of this kind that is None by default is an array all the same: a mask, a first state."""
    return kind in ("mask", "state")


def is_attended(name: str, function: Function) -> bool:
    """Whether an argument of a function is the queries, keys or values beside the others of these."""
    letters = [a.name.lower()[:1] for a in function.arguments if _ATTENDED.fullmatch(a.name)]
    return len({*letters}) > 1 and _ATTENDED.fullmatch(name) is not None
