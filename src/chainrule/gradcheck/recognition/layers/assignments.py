"""Which of several values each argument may have, found by trying: what fails together is not tried together again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

Chosen = dict[str, str]


class _Clash(NamedTuple):
    """Values that do not go together."""

    values: Mapping[str, str]

    def holds(self, chosen: Mapping[str, str]) -> bool:
        return all(chosen.get(name) == value for name, value in self.values.items())


def assignments(
    choices: Mapping[str, Sequence[str]], blamed: Callable[[Chosen], Collection[str] | None]
) -> Iterator[Chosen]:
    """The values with which something runs, in the order of the choices.

    Args:
        choices: the values that each argument may have, the likely ones first.
        blamed: tries some values; None where they run, else the arguments that have to do with the failure.
    """
    names = list(choices)
    clashes: list[list[_Clash]] = [[] for _ in names]

    def from_place(place: int, chosen: Chosen) -> Iterator[Chosen | int]:
        """Values for all arguments from a place on; a number is the place where others must be chosen."""
        if place == len(names):
            of = blamed(chosen)
            if of is None:
                yield dict(chosen)
                return
            last = max(names.index(name) for name in of)
            clashes[last].append(_Clash({name: chosen[name] for name in of}))
            yield last
            return
        for value in choices[names[place]]:
            now = {**chosen, names[place]: value}
            if any(clash.holds(now) for clash in clashes[place]):
                continue
            for found in from_place(place + 1, now):
                if not isinstance(found, int):
                    yield found
                elif found < place:
                    yield found
                    return
                else:
                    break

    yield from (found for found in from_place(0, {}) if not isinstance(found, int))
