"""What remains to be done once a verdict is reached: it is left undone when time is up, and that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from chainrule.errors import TimeUpError
from chainrule.gradcheck.program.point import Point

Gained = TypeVar("Gained")


class Remaining:
    """Work that a verdict does not wait for.

    Args:
        point: of the program that is asked.

    Attributes:
        undone: what was not done, or not to its end, in words.
    """

    def __init__(self, point: Point) -> None:
        self._point = point
        self.undone: list[str] = []

    def done(self, words: str, work: Callable[[], Gained], otherwise: Gained) -> Gained:
        """What some work gives, ``otherwise`` where time is up before."""
        if self.undone:
            self.undone.append(words)
            return otherwise
        try:
            result = work()
        except TimeUpError:
            result = otherwise
        try:
            self._point.require_time()
        except TimeUpError:
            # What the work has caught as a failure may have been this.
            self.undone.append(words)
        return result


def told_undone(undone: Sequence[str], *, begun: bool = True) -> list[str]:
    """What was left undone, in words; the first of it was ``begun``, as time was up in the midst of it.

    >>> told_undone(["its causes", "a repair"])
    ['time was up: the search for its causes was not finished; not looked for: a repair; give more with --time SECONDS']
    >>> told_undone(["its causes"], begun=False)
    ['time was up: not looked for: its causes; give more with --time SECONDS']
    """
    unfinished, never = (undone[:1], undone[1:]) if begun else ((), undone)
    said = [f"the search for {words} was not finished" for words in unfinished]
    said += [f"not looked for: {', '.join(never)}"] if never else []
    return [f"time was up: {'; '.join(said)}; give more with --time SECONDS"] if said else []
