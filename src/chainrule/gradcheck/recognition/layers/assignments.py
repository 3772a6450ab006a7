"""Which of several values each argument may have, found by trying: what fails together is not tried together again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence

Chosen = dict[str, str]


def assignments(
    choices: Mapping[str, Sequence[str]], blamed: Callable[[Chosen], Collection[str] | None]
) -> Iterator[Chosen]:
    """The values with which something runs, in the order of the choices.

    Args:
        choices: the values that each argument may have, the likely ones first.
        blamed: tries some values; None where they run, else the arguments that have to do with the failure.
    """
    yield from _ShapeSearch(choices, blamed).from_place(0, {})


class _ShapeSearch:
    """Depth first, back to the last argument that has to do with a failure; clashes are kept.

    Attributes:
        clashes: values that do not go together, by the last of their arguments and by all of these, in order.
    """

    def __init__(
        self, choices: Mapping[str, Sequence[str]], blamed: Callable[[Chosen], Collection[str] | None]
    ) -> None:
        self.choices, self.blamed = choices, blamed
        self.names = list(choices)
        self.clashes: dict[str, dict[tuple[str, ...], set[tuple[str, ...]]]] = {name: {} for name in choices}

    def from_place(self, place: int, chosen: Chosen) -> Generator[Chosen, None, set[str] | None]:
        """Values for the arguments from a place on; gives the earlier ones that leave none, None if some are left."""
        if place == len(self.names):
            of = self.blamed(chosen)
            if of is None:
                yield dict(chosen)
            return None if of is None else {*of}
        name = self.names[place]
        guilty: set[str] = set()
        found = False
        for value in self.choices[name]:
            now = {**chosen, name: value}
            clash = self._clash(name, now)
            of = {*clash} if clash else (yield from self.from_place(place + 1, now))
            found = found or of is None
            if of is None:
                continue
            if name not in of:
                return None if found else of
            if not clash:
                self._keep(of, now)
            guilty |= of - {name}
        return None if found else guilty

    def _clash(self, name: str, chosen: Chosen) -> tuple[str, ...]:
        """The arguments whose values are known not to go together, the last of them this one; none where there are
        none."""
        known = self.clashes[name].items()
        return next((names for names, values in known if tuple(chosen[n] for n in names) in values), ())

    def _keep(self, names: Collection[str], chosen: Chosen) -> None:
        in_order = tuple(sorted(names, key=self.names.index))
        values = self.clashes[in_order[-1]].setdefault(in_order, set())
        values.add(tuple(chosen[name] for name in in_order))
