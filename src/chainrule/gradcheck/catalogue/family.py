"""A family: the bugs of one part of the work, which stand in one file."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from chainrule.gradcheck.catalogue.bug import Bug


@dataclass(frozen=True)
class Family:
    """Bugs that belong together.

    Attributes:
        name: of the file.
        about: what they are about, in a line.
        bugs: in the order in which they stand there.
    """

    name: str
    about: str
    bugs: tuple[Bug, ...]

    @classmethod
    def of(cls, module: ModuleType) -> Family:
        """The family that a module holds."""
        bugs = tuple(value for value in vars(module).values() if isinstance(value, Bug))
        return cls(module.__name__.rpartition(".")[2], str(module.__doc__).strip().rstrip("."), bugs)
