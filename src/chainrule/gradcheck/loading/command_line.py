"""Scripts that read the command line are given the defaults that they name, as if they had been started without it."""

from __future__ import annotations

import argparse
from typing import Any


def without_arguments() -> list[str]:
    """Let every parser of this process parse an empty command line, and require nothing of it: of what must be one of
    several it is the first.

    Returns:
        What was chosen so, in words: added to whenever a parser is asked.
    """
    chosen: list[str] = []

    def defaults(parser: argparse.ArgumentParser, *given: Any, **options: Any) -> argparse.Namespace:
        for action in parser._actions:
            if action.required and action.default is None and action.choices:
                action.default = _first(action)
                said = [*action.option_strings[-1:], next(iter(action.choices))]
                chosen.append(f"the command line is taken to say {' '.join(map(str, said))}")
            action.required = False
        for group in parser._mutually_exclusive_groups:
            group.required = False
        return parser.parse_known_args([])[0]

    argparse.ArgumentParser.parse_args = defaults  # type: ignore[method-assign, assignment]
    return chosen


def _first(action: argparse.Action) -> Any:
    """The value of an argument for which the first of its choices is given, as often as it has to be."""
    first = next(iter(action.choices or ()))
    several = isinstance(action.nargs, int) or action.nargs in ("+", "*", "...")
    value = [first] * (action.nargs if isinstance(action.nargs, int) else 1) if several else first
    return [value] if isinstance(action, argparse._AppendAction) else value
