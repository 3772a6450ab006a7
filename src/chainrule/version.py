"""Which chainrule this is."""

from __future__ import annotations

import functools
import re
from importlib import metadata

FIRST = "0.1.0"
"""The version whose files do not say which wrote them."""


@functools.cache
def installed_version() -> str:
    """The version that is installed."""
    return metadata.version("chainrule")


def version_of(package: str) -> str | None:
    """The version of a package; None where it is not installed.

    >>> version_of("a package that nobody has") is None
    True
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def is_newer(other: str) -> bool:
    """Whether ``other`` is a later version than this one."""
    return _numbers(other) > _numbers(installed_version())


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)[:3]]
