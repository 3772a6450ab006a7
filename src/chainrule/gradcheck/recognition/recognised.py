"""What recognition finds in a file: each of its gradients, with the adapter by which it can be checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chainrule.gradcheck.program.interface import SourceLine

DEPTHS = "nets of depth {}"
"""What differs in variants that are nets of another depth."""


class Variant(NamedTuple):
    """The same functions with a net of another depth, or with another option.

    Attributes:
        varied: what differs, ``loss of {}``, :data:`DEPTHS`: values stand in the place of the braces.
        given: the value that the gradient's own adapter has.
        value: this one's.
        text: the adapter; empty where it cannot be tried.
        why: it cannot be, in words; empty where it can.
        convicts: whether the gradient is written for it, so that it is wrong where it is wrong with it, and not checked
            whole without it: not where options belong together.
    """

    varied: str
    given: str
    value: str
    text: str
    why: str
    convicts: bool


class Recognised(NamedTuple):
    """A gradient of a file, and how it is called.

    Attributes:
        gradient: the function that gives it, ``compute_gradients`` or ``Net.backward``; empty where the file's only
            adapter does not name it.
        cost: the function that gives its cost.
        text: the adapter that was assumed; empty where the file declares its own, or where there is none.
        declared: the name of the file's own adapter.
        notes: what was assumed, in words.
        variants: what else is to be tried once it is right.
        doubt: why it is not checked, unless it is asked for; empty where it is.
        unchecked: what of it cannot be checked.
        is_unwritten: whether it is not checked as it is not written yet.
        is_assumed: whether something of its cost was assumed, so that it is never called wrong.
        is_of_usual_cost: whether that is a usual one, as the file has none.
        undefined: the name without which it cannot be computed, whatever it is given, as nothing gives that a value;
            empty where there is none.
        line: on which that is read.
    """

    gradient: str
    cost: str
    text: str
    declared: str
    notes: list[str]
    variants: list[Variant]
    doubt: str
    unchecked: list[str]
    is_assumed: bool = False
    is_of_usual_cost: bool = False
    is_unwritten: bool = False
    undefined: str = ""
    line: SourceLine | None = None

    @property
    def runs(self) -> bool:
        """Whether there is an adapter by which it can be checked."""
        return bool(self.text or self.declared)

    @property
    def is_told(self) -> bool:
        """Whether something can be said of it: it can be checked, or never be computed."""
        return self.runs or self.undefined != ""

    @classmethod
    def by_own_adapter(cls, name: str, gradient: str) -> Recognised:
        """A gradient whose adapter the file declares under this name."""
        return cls(gradient, "", "", name, [], [], "", [])

    @classmethod
    def not_checked(cls, gradient: str, why: str) -> Recognised:
        """A gradient for which there is no adapter."""
        return cls(gradient, "", "", "", [], [], why, [])

    @classmethod
    def not_written(cls, gradient: str, names: Iterable[str], is_unwritten: bool) -> Recognised:
        """A gradient of which functions are not written yet; ``is_unwritten``: as it is not itself."""
        return cls.not_checked(gradient, not_written(names))._replace(is_unwritten=is_unwritten)


def not_written(names: Iterable[str]) -> str:
    """That functions are not written yet, in words.

    >>> not_written(["f_forward", "f_backward"])
    'f_forward and f_backward give nothing'
    """
    listed = list(names)
    return f"{' and '.join(listed)} {'give' if len(listed) > 1 else 'gives'} nothing"
