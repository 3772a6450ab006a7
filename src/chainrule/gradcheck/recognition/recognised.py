"""What recognition finds in a file: each of its gradients, with the adapter by which it can be checked."""

from __future__ import annotations

from typing import NamedTuple


class OtherDepth(NamedTuple):
    """The adapter of the same functions for a net of another number of layers."""

    layers: int
    text: str


class Recognised(NamedTuple):
    """A gradient of a file, and how it is called.

    Attributes:
        gradient: the function that gives it, ``compute_gradients`` or ``Net.backward``; empty where the file's only
            adapter does not name it.
        cost: the function that gives its cost.
        text: the adapter that was assumed; empty where the file declares its own, or where there is none.
        declared: the name of the file's own adapter.
        notes: what was assumed, in words.
        layers: how many the net has; 0 where that cannot be chosen.
        depths: adapters for nets of other depths.
        doubt: why it is not checked, unless it is asked for; empty where it is.
    """

    gradient: str
    cost: str
    text: str
    declared: str
    notes: list[str]
    layers: int
    depths: list[OtherDepth]
    doubt: str

    @property
    def runs(self) -> bool:
        """Whether there is an adapter by which it can be checked."""
        return bool(self.text or self.declared)

    @classmethod
    def by_own_adapter(cls, name: str, gradient: str) -> Recognised:
        """A gradient whose adapter the file declares under this name."""
        return cls(gradient, "", "", name, [], 0, [], "")

    @classmethod
    def not_checked(cls, gradient: str, why: str) -> Recognised:
        """A gradient for which there is no adapter."""
        return cls(gradient, "", "", "", [], 0, [], why)
