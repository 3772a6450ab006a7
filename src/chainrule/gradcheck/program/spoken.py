"""What names mean in the file that is being recognised, where it holds a net of a kind that gives them another meaning.

Such kinds are recurrent nets (:mod:`.recurrent`), nets with filters (:mod:`.filters`) and those with batch norm
(:mod:`.norm_names`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Literal

SpokenRole = Literal[
    "inputs",
    "weights",
    "recurrent",
    "gate",
    "filters",
    "bias",
    "filter bias",
    "scale",
    "shift",
    "state",
    "cell",
]
SpokenMeaning = tuple[SpokenRole, int | None]

spoken: ContextVar[Mapping[str, SpokenMeaning]] = ContextVar("spoken", default=MappingProxyType({}))
"""The roles of names, and the layers that they count, in the file that is being recognised."""


def speaks_of(role: SpokenRole) -> bool:
    """Whether something in the file that is being recognised has this role by the kind of its net."""
    return any(meant == role for meant, _ in spoken.get().values())


def is_called(pattern: str, name: str) -> bool:
    """Whether a name is one of a pattern, but for underscores around it."""
    return re.fullmatch(pattern, name.strip("_"), re.IGNORECASE) is not None


def all_called(pattern: str, names: list[str]) -> list[str]:
    """Those of a pattern."""
    return [name for name in names if is_called(pattern, name)]
