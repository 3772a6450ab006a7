"""Exceptions that say value, problem and repair."""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Iterable, Iterator

TRACEBACK = "CHAINRULE_TRACEBACK"
"""Set to ``1``, whatever ends a command, or a task of its workers, is shown whole beside its line."""


class ChainruleError(Exception):
    """A clear no to what was asked: every problem found, one line each.

    The command line prints the lines and exits with code 2; nothing of ours raises it for a bug.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class SettingsError(ChainruleError):
    """Settings that are unknown, of a wrong type, out of range or impossible together."""


class DataError(ChainruleError):
    """Data that is missing, damaged, unsafe to read or not what it claims to be."""


class StoreError(ChainruleError):
    """A folder or file of results that cannot be written, read or continued."""


class MissingExtraError(ChainruleError):
    """A feature whose optional packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} need optional packages: pip install 'chainrule[{extra}]'")
        self.feature, self.extra = feature, extra

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        return type(self), (self.feature, self.extra)


@contextlib.contextmanager
def needs(feature: str, extra: str) -> Iterator[None]:
    """Turn a failed import inside into :class:`MissingExtraError`.

    >>> with needs("dreams", "sleep"):
    ...     import a_package_that_nobody_has
    Traceback (most recent call last):
    chainrule.errors.MissingExtraError: dreams need optional packages: pip install 'chainrule[sleep]'
    """
    try:
        yield
    except ImportError as error:
        raise MissingExtraError(feature, extra) from error


TRAINING = ("training and statistics", "train")
"""What SciPy and scikit-learn are for, and the extra that brings them."""


def wants_traceback() -> bool:
    """Whether the user wants to see all of an error."""
    return os.environ.get(TRACEBACK, "").lower() not in ("", "0", "off")


def show_traceback(error: BaseException) -> None:
    """Print all of an error on standard error, where the user wants to see it."""
    if wants_traceback():
        import traceback

        traceback.print_exception(error)


def suggestion(value: str, known: Iterable[str]) -> str:
    """``did you mean 'x'?`` where a known name is close, else the list of known names.

    >>> suggestion("hing", ["cross_entropy", "hinge"]), suggestion("x", ["cross_entropy", "hinge"])
    ("did you mean 'hinge'?", 'known: cross_entropy, hinge')
    """
    names = sorted(known)
    close = difflib.get_close_matches(value, names, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known: {', '.join(names)}"


class CheckError(ChainruleError):
    """What was given cannot be checked: each problem with its repair, one line each.

    ``names_file`` says that each line names the file that it is about.

    >>> from chainrule import check_layer
    >>> try:
    ...     check_layer(lambda x: x, lambda dout: dout, [1, 2])
    ... except CheckError as error:
    ...     print(error)
    the inputs: hold no floating-point array; give the layer's inputs and parameters as floats
    """

    def __init__(self, *problems: str, names_file: bool = False) -> None:
        super().__init__(*problems)
        self.names_file = names_file


class MisfitError(CheckError):
    """Gradients have other shapes than the parameters."""


class TimeUpError(CheckError):
    """The time that a check may take is over: what has not been asked by then will not be answered."""
