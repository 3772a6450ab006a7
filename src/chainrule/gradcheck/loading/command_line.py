"""Scripts that read the command line are given the defaults that they name, as if they had been started without it."""

from __future__ import annotations

import argparse
from typing import Any


def without_arguments() -> None:
    """Let every parser of this process parse an empty command line, and require nothing of it: of what must be one of
    several it is the first."""
    argparse.ArgumentParser.parse_args = _defaults  # type: ignore[method-assign, assignment]


def _defaults(parser: argparse.ArgumentParser, *given: Any, **options: Any) -> argparse.Namespace:
    for action in parser._actions:
        if action.required and action.default is None and action.choices:
            action.default = next(iter(action.choices))
        action.required = False
    for group in parser._mutually_exclusive_groups:
        group.required = False
    return parser.parse_known_args([])[0]
