"""Arguments that hold more than one array, by what a layer's passes, or a cost and its gradient, do with them."""

from __future__ import annotations

from collections.abc import Callable

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.records import RecordPart
from chainrule.gradcheck.recognition.layers.kinds import kind_of, may_say_what_counts
from chainrule.gradcheck.recognition.layers.pairs import LayerPair


def arrays_held(name: str, layer: LayerPair, is_parameter: Callable[[str], bool]) -> tuple[str, ...]:
    """The arrays that an argument holds one after the other: parameters, inputs beside a state that both passes take
    apart, or whatever both a cost and its gradient take apart alike; none where it holds none such."""
    held = layer.forward.taken_apart.get(name, ())
    alike = len(held) > 1 and held == layer.backward.taken_apart.get(name)
    of_step = {"inputs", "state"} <= {*map(kind_of, held)}
    return held if (alike and (layer.takes_the_same or of_step)) or all(map(is_parameter, held)) else ()


def holds_pairs(name: str, layer: LayerPair, file: Definitions) -> bool:
    """Whether an argument of a cost is a list of inputs and labels, one pair for each sample; not of indices and
    numbers."""
    used = file.used([layer.forward])
    of_indices = [f.records[name] for f in used if f.records.get(name, ()) not in ((), ("number", "index"))]
    return layer.takes_the_same and not of_indices and any(name in f.pairs for f in used)


def says_what_counts(name: str, layer: LayerPair, file: Definitions) -> bool:
    """Whether an argument is a mask by its use and, as that alone is also the use of weights, by what it may be
    called; counts are observed as well, so that what is called so has to pick entries."""
    used = file.used([layer.forward, layer.backward])
    picks = name != "observed" or any(name in f.picking for f in used)
    return picks and may_say_what_counts(name) and any(name in f.counting for f in used)


def is_capital(name: str, layer: LayerPair, file: Definitions) -> bool:
    """Whether an argument is a capital that says no shape of an array, nor how often anything is done."""
    sizes = {size for f in file.used([layer.forward]) for size in f.as_vector.sizes}
    return len(name) == 1 and name.isupper() and name not in sizes


def records_held(name: str, layer: LayerPair, file: Definitions) -> tuple[RecordPart, ...]:
    """What the parts of the tuples in a list are; nothing where an argument is no such list."""
    of = [f.records[name] for f in file.used([layer.forward]) if name in f.records]
    return of[0] if of else ()
