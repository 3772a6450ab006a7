"""What stands in for a module that is not there: it can be passed around and called, and no number comes of it."""

from __future__ import annotations

from typing import Any, NoReturn


class StandIn:
    """A module that is not there, or anything of it.

    Whatever is taken from it or called on it is a stand-in again, so that plots and loading end nothing. Whoever
    wants a value of it is told which module is missing: nothing that it stands in for gets into a cost or a gradient.

    Args:
        reason: why it is not there, in words.
        module: what is missing; empty where it is there and cannot be imported.

    >>> plot = StandIn("net.py, line 1 could not run", "matplotlib")
    >>> isinstance(plot.figure().add_subplot(1, 1, 1), StandIn)
    True
    """

    def __init__(self, reason: str, module: str) -> None:
        self._reason = reason, module

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(*self._reason)

    def __call__(self, *arguments: Any, **options: Any) -> StandIn:
        return StandIn(*self._reason)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Nothing: ``plt.rcParams["image.cmap"] = "gray"`` ends nothing."""

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def _needed(self, *arguments: Any, **options: Any) -> NoReturn:
        reason, module = self._reason
        raise absence(module) or ImportError(reason)

    __hash__ = object.__hash__


_TWO_SIDED = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"
_OTHERS = (
    "eq ne lt le gt ge neg pos abs invert bool int float complex index len iter getitem contains array array_ufunc "
    "array_function"
)


def _refuse_values() -> None:
    """Every way to get a value out of an object leads to an :class:`ImportError`."""
    names = [f"{before}{name}" for name in _TWO_SIDED.split() for before in ("", "r", "i")]
    for name in [*names, *_OTHERS.split()]:
        setattr(StandIn, f"__{name}__", StandIn._needed)


_refuse_values()


def absence(module: str) -> ModuleNotFoundError | None:
    """What Python says of a module that is not there; None for an empty name."""
    return ModuleNotFoundError(f"No module named {module!r}", name=module) if module else None


def missing_module(error: BaseException) -> str:
    """The module whose absence an exception, or what it was raised from, tells of; empty where it is none."""
    for each in (error, error.__cause__):
        if isinstance(each, ModuleNotFoundError):
            return str(each.name or "")
    return ""
