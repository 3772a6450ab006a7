"""Settings from TOML files, and ``key=value`` pairs in their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from chainrule import inputs
from chainrule.errors import SettingsError
from chainrule.inputs import parsed_toml
from chainrule.text import one_line

LARGEST = 2**20
"""Bytes of the largest file of settings."""


def read_toml(path: Path) -> dict[str, Any]:
    """The document in ``path``.

    Raises:
        SettingsError: the file cannot be read or is not TOML.
    """
    return inputs.read_toml(path, LARGEST, SettingsError, "give a TOML file")


def overridden(
    settings: Mapping[str, Any], overrides: Iterable[str], owners: Callable[[str], Iterable[str]]
) -> tuple[dict[str, Any], list[str]]:
    """Settings with ``key=value`` pairs in their places, values as in TOML, and what is wrong with the pairs.

    Args:
        settings: common ones.
        overrides: the pairs; a key such as ``init.normal`` is a part of a setting.
        owners: what sets a setting by itself, where an override would do nothing.

    >>> overridden({"l2": 0.1}, ["l2=0.01", 'loss="hinge"'], owners=lambda key: [])
    ({'l2': 0.01, 'loss': 'hinge'}, [])
    """
    changed, problems = dict(settings), []
    for override in overrides:
        key, equals, value = (part.strip() for part in override.partition("="))
        first = key.partition(".")[0]
        if not equals or not key:
            problems.append(f"--set {override}: is no key=value; write for example --set epochs=5")
        elif names := list(dict.fromkeys(owners(first))):
            problems.append(f"--set {override}: {first} is set by {', '.join(names)}; edit the file")
        elif value.startswith("{") and _toml_value(value) == value:
            problems.append(
                f"--set {one_line(override, 200)}: is no table of TOML; {_table_meant(key, value)}"
            )
        else:
            assign(changed, key, _toml_value(value))
    return changed, problems


def assign(settings: dict[str, Any], key: str, value: Any) -> None:
    """Put a value at a key such as ``l2`` or ``init.normal``; tables on the way are copied.

    >>> settings = {"learning_rate": {"min": 1e-5, "max": 0.1}}
    >>> assign(settings, "learning_rate.max", 0.2)
    >>> settings
    {'learning_rate': {'min': 1e-05, 'max': 0.2}}
    """
    first, _, rest = key.partition(".")
    if rest:
        inner = settings.get(first)
        settings[first] = dict(inner) if isinstance(inner, Mapping) else {}
        assign(settings[first], rest, value)
    else:
        settings[first] = value


def _table_meant(key: str, text: str) -> str:
    """What to write for a table of another language, such as JSON or Python: the same in TOML, else the form."""
    table = re.sub(r"""(["']?)(\w+)\1\s*:\s*""", r"\2=", text).replace("'", '"')
    form = table if _toml_value(table) != table else '{name=value, other="text"}'
    # In quotes, as a shell would take those of the texts away.
    return f"write --set '{one_line(f'{key}={form}', 200)}'"


def _toml_value(text: str) -> Any:
    try:
        document = parsed_toml(f"value = {text}".encode())
    except ValueError:
        return text
    return document["value"] if len(document) == 1 else text
