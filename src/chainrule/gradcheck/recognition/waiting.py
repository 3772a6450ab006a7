"""Adapters whose object takes long to make wait for the others: a constructor that reads all images of a data set would
take the time of all tries."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chainrule.gradcheck.recognition.candidates import Candidate

_SLOW = 0.4
"""What an adapter may take of the processor's time, in seconds."""


@dataclass
class SlowNets:
    """The objects that take long to make, as adapters make them, of those that fitted nothing so far.

    Attributes:
        known: they.
    """

    known: set[str] = field(default_factory=set)

    def last(self, tries: Iterable[Candidate]) -> Iterator[Candidate]:
        """Adapters in their order, those of such objects behind all others."""
        waiting = []
        for candidate in tries:
            if _made(candidate) in self.known:
                waiting.append(candidate)
            else:
                yield candidate
        yield from waiting

    @contextmanager
    def noting(self, candidate: Candidate) -> Iterator[None]:
        """Within it an adapter is tried."""
        begun = time.process_time()
        try:
            yield
        finally:
            made = _made(candidate)
            if made and time.process_time() - begun > _SLOW:
                self.known.add(made)


def _made(candidate: Candidate) -> str:
    """The object that an adapter makes; empty where it makes none."""
    given = candidate.plan.parameters
    return given.net or (next(iter(given.values.values()), "") if given.whole else "")
