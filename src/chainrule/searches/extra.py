"""optuna, where it is installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from chainrule.errors import needs


def require_optuna() -> Any:
    """The package.

    Raises:
        MissingExtraError: it is not installed.
    """
    with needs("searches", "search"):
        import optuna
    return optuna


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Inside, optuna says nothing of studies that it makes; afterwards as much as before."""
    logging = require_optuna().logging
    before = logging.get_verbosity()
    logging.set_verbosity(logging.WARNING)
    try:
        yield
    finally:
        logging.set_verbosity(before)
