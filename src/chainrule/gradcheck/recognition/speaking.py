"""Which kind of net a file holds, as far as this says what its names mean: a recurrent one, one with filters, or one
with batch norm."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.filters import names_beside_filters
from chainrule.gradcheck.program.norm_names import norm_names
from chainrule.gradcheck.program.recurrent import recurrent_names
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.spoken import SpokenMeaning, spoken


@contextlib.contextmanager
def speaking(file: Definitions) -> Iterator[None]:
    """Let names mean what they mean in a file, where it holds a net of such a kind."""
    kinds = (recurrent_names, names_beside_filters, norm_names)
    token = spoken.set(next(filter(None, (_told(file, names_in) for names_in in kinds)), {}))
    try:
        yield
    finally:
        spoken.reset(token)


def is_special() -> bool:
    """Whether the file that is being recognised holds a net of such a kind."""
    return bool(spoken.get())


def _told(
    file: Definitions, names_in: Callable[[Iterable[str]], Mapping[str, SpokenMeaning]]
) -> Mapping[str, SpokenMeaning]:
    """What names mean in a file; nothing where those that say it stand in functions that have nothing to do with each
    other."""
    constructors = file.constructors.values()
    of_classes = ([f for f in (*file.functions, *constructors) if f.owner == o] for o in file.constructors)
    groups = itertools.chain(of_classes, (file.used([f]) for f in file.functions if not f.owner))
    if not any(names_in(_names(file, group)) for group in groups):
        return {}
    return names_in(_names(file, [*file.functions, *constructors]))


def _names(file: Definitions, functions: Iterable[Function]) -> Iterator[str]:
    """The names in functions that may be those of parameters and states."""
    for function in functions:
        yield from (argument.name for argument in function.arguments)
        yield from (*function.attributes.reads, *function.attributes.sets)
        yield from (name for name in function.uses if name in file.bound)
        yield from (key for keys in function.keys.values() for key in keys)
        yield from (key for keys in function.optional_keys.values() for key in keys)
        yield from (name for names in function.fields.values() for name in names)
        yield from (name for names in function.unpacked.values() for name in names)
