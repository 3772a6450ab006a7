"""How an object is made: what its constructor gets."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_settings, l2_name, meaning, training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import is_alphabet, is_text, is_text_file, size_role
from chainrule.gradcheck.program.switch_names import switched_off
from chainrule.gradcheck.recognition.chained_sizes import chained_sizes
from chainrule.gradcheck.recognition.containers import LAYERS_MADE, depths_of, from_one, shapes_of
from chainrule.gradcheck.recognition.conventions import (
    L2,
    Convention,
    drawn_labels,
    inputs,
    parameter,
    state,
)
from chainrule.gradcheck.recognition.held_settings import (
    CannotMakeError,
    attributes_of,
    listed_settings,
    looks_up,
    record,
    setting_of,
    settings,
)
from chainrule.gradcheck.recognition.layer_records import layer_records, listed_texts
from chainrule.gradcheck.recognition.made_sizes import alphabet, layer_count, size_of, text, with_sizes
from chainrule.gradcheck.recognition.spread_attributes import spread_attributes

MADE = "made"
"""What an object is called in the expression that makes and fills it."""

NO_FILE = '"text.txt"'
"""The name of a text that is not there, so that one that is drawn stands in."""

_MOST_OBJECTS_DEEP = 3


def every_way(constructor: Function, convention: Convention, file: Definitions) -> list[str]:
    """The expressions that make an object: by its constructor, then by the class methods that make one; without the
    parameters that it can do without, then with all, in nets of 1 to 3 layers.

    Raises:
        CannotMakeError: all of them ask for what is not known.
    """
    if built := filled(constructor, convention, file):
        return built
    ways = [(layers, optional) for optional in (False, True) for layers in (1, 2, 3)]
    texts: dict[str, None] = {}
    unknown: CannotMakeError | None = None
    for maker in (constructor, *(f for f in file.functions if f.makes and f.owner == constructor.owner)):
        try:
            texts |= dict.fromkeys(_made(maker, convention, file, way) for way in ways)
        except CannotMakeError as error:
            unknown = unknown or error
    if unknown is not None and not texts:
        raise unknown
    return list(texts)


def without_constructor(owner: str) -> str:
    """The expression that makes an object which its constructor has not made."""
    return f"{owner}.__new__({owner})"


def filled(constructor: Function, convention: Convention, file: Definitions) -> list[str]:
    """The expressions that make an object and fill it as the file does, with small sizes in the place of its own.

    Raises:
        CannotMakeError: it is made of something whose meaning is not known.
    """
    ways: list[str] = []
    for building in (b for b in file.built if b.owner == constructor.owner):
        calls = ", ".join(f"{MADE}.{call}" for call in building.calls)
        if building.constructor:
            ways.append(with_sizes(f"({MADE} := {building.constructor}, {calls}, {MADE})", convention))
        try:
            ways += _made_and_filled(constructor, calls, convention, file)
        except CannotMakeError:
            if not ways:
                raise
    return [f"{way}[-1]" for way in dict.fromkeys(ways)]


def _made_and_filled(
    constructor: Function, calls: str, convention: Convention, file: Definitions
) -> Iterator[str]:
    """The same with a constructor that is called by the names of its arguments: it may know of the inputs what the
    first layer is not told."""
    made = _made(constructor, convention, file)
    sized = any(size_role(argument.name) == "input size" for argument in constructor.arguments)
    for first in (1, 0)[not sized :]:
        filling = with_sizes(f"({calls}, {MADE})", convention, first)
        yield f"({MADE} := {made}, {filling[1:]}"


def _made(
    constructor: Function,
    convention: Convention,
    file: Definitions,
    way: tuple[int, bool] = (1, False),
    depth: int = 0,
) -> str:
    """From sizes, parameters, data, other objects, and what the file itself gives."""
    given = [f"{key}={value}" for key, value in _given(constructor, convention, file, way, depth)]
    called = constructor.shown if constructor.makes else constructor.owner
    if constructor.several and size_role(constructor.several) == "widths" and not constructor.arguments:
        given = [str(width) for width in convention.widths(max(way[0], LAYERS_MADE))]
    return f"{called}({', '.join(given)})"


def _given(
    constructor: Function, convention: Convention, file: Definitions, way: tuple[int, bool], depth: int
) -> Iterator[tuple[str, str]]:
    """What each argument of a constructor gets; nothing where its default will do."""
    meanings = from_one({argument.name: meaning(argument.name) for argument in constructor.arguments})
    l2 = l2_name(argument.name for argument in constructor.arguments)
    sized = any(size_role(argument.name) for argument in constructor.arguments)
    chained = chained_sizes(constructor, convention)
    layers, optional = way
    for argument in constructor.arguments:
        role, size = meanings[argument.name].role, size_role(argument.name)
        if argument.name in constructor.attributes.spread:
            is_first = argument.name == constructor.attributes.spread[0]
            yield argument.name, spread_attributes(constructor, convention, file) if is_first else "{}"
        elif count := layer_count(constructor, argument.name, convention, max(layers, LAYERS_MADE)):
            yield argument.name, count
        elif argument.name in chained:
            yield argument.name, str(chained[argument.name])
        elif size == "widths" and (records := layer_records(file, argument.name)) is not None:
            asks = any(size_role(a.name) == "input size" for a in constructor.arguments)
            widths = convention.widths(max(layers, LAYERS_MADE))
            yield argument.name, records.written(widths, with_inputs=not asks)
        elif size == "widths" and _of_pairs(constructor, argument.name, file):
            widths = convention.widths(max(layers, LAYERS_MADE))
            yield argument.name, str(shapes_of(widths, convention.weights == "out, in"))
        elif size is not None and argument.may_be_size:
            own = _own_expression(constructor, argument, convention, file)
            if size == "hidden size" and argument.name in _counted(constructor):
                size = "hidden sizes"
            sizes = size_of(size, convention, constructor, argument.name, max(layers, LAYERS_MADE))
            # The widths of all hidden layers may be called after one: ``n_units=[50]``, ``Net(784, [50, 50])``.
            is_listed = sizes[:1] != "[" and "[" in (argument.default[:1], own[:1])
            # What is called layers may be objects; sizes of a recurrent net may be those of a text.
            is_own = "(" in own and not (convention.state and sizes.isdecimal())
            yield argument.name, own if is_own else f"[{sizes}]" if is_listed else sizes
        elif (certain := switched_off(argument.name)) is not None:
            yield argument.name, certain
        elif role == "l2" and (argument.required or argument.name == l2):
            yield argument.name, L2
        elif role in PARAMETER_ROLES and (argument.required or (optional and not sized)):
            counted = next(iter(depths_of(meanings, (layers,))), 1)
            yield argument.name, parameter(meanings[argument.name], counted, convention)
        elif argument.required:
            texts = listed_texts(argument.name, max(layers, LAYERS_MADE), file)
            yield argument.name, texts or required_value(constructor, argument, convention, file, depth)
        elif argument.default == "None" and looks_up(constructor, argument.name):
            with contextlib.suppress(CannotMakeError):
                yield argument.name, settings(argument.name, constructor, convention, file)


def _counted(constructor: Function) -> set[str]:
    """The arguments whose entries a constructor counts: ``self.n_layers = len(n_hidden) + 1``."""
    kept = dict(constructor.attributes.kept)
    return {kept.get(of, of) for _, of, _ in constructor.attributes.counted}


def _of_pairs(constructor: Function, name: str, file: Definitions) -> bool:
    """Whether a class looks up in each entry of a list by numbers: ``for shape in shapes: zeros(shape[0])``."""
    called = {name, *(f".{attribute}" for attribute, kept in constructor.attributes.kept if kept == name)}
    places = {f"{each}[]" for each in called}
    return any(places & f.numbered for f in (constructor, *_methods(constructor, file)))


def _methods(constructor: Function, file: Definitions) -> list[Function]:
    return [f for f in file.functions if f.owner == constructor.owner != ""]


def required_value(
    constructor: Function, argument: Argument, convention: Convention, file: Definitions, depth: int = 0
) -> str:
    """What an argument gets that must have something.

    Raises:
        CannotMakeError: its meaning is not known.
    """
    role = meaning(argument.name).role
    own = _own_expression(constructor, argument, convention, file)
    is_object = bool(own or attributes_of(argument.name, [*file.functions, constructor]))
    if convention.state and is_text(argument.name) and not is_object:
        return text(convention)
    if convention.state and is_text_file(argument.name) and not is_object:
        return NO_FILE
    if role == "inputs":
        return inputs(convention)
    if role == "labels":
        return drawn_labels(convention, file.numpy_name)
    if role in ("state", "cell"):
        return state(convention)
    if is_alphabet(argument.name):
        return alphabet(convention)
    if is_settings(argument.name):
        return settings(argument.name, constructor, convention, file)
    if any((h.constant or h.expression)[:1] == "{" for h in _handed(constructor, argument, file)):
        with contextlib.suppress(CannotMakeError):
            return settings(argument.name, constructor, convention, file)
    if own:
        return _with_own_sizes(argument.name, own, constructor, convention, file, depth)
    if held := constructor.taken_apart.get(argument.name):
        return f"({', '.join(listed_settings(held, convention))},)"
    if (setting := training_setting(argument.name)) is not None:
        return setting
    if role == "bundle" and depth < _MOST_OBJECTS_DEEP:
        return _other_object(constructor, argument, convention, file, depth)
    if _is_switch(constructor, argument.name, file):
        return "False"
    if convention.state:
        return settings(argument.name, constructor, convention, file)
    raise CannotMakeError(argument.name)


def _is_switch(constructor: Function, name: str, file: Definitions) -> bool:
    """Whether a class asks no more of an argument, or of the attribute that has it, than whether it is so."""
    called = {name, *(attribute for attribute, kept in constructor.attributes.kept if kept == name)}
    return any(called & f.switches for f in (constructor, *_methods(constructor, file)))


def _own_expression(
    constructor: Function, argument: Argument, convention: Convention, file: Definitions
) -> str:
    """What the file itself hands to an argument, with small sizes in the place of its own; empty where it is not
    known."""
    own = next((h.constant for h in _handed(constructor, argument, file) if h.constant), "")
    return with_sizes(own, convention) if "(" in own else own


def _handed(constructor: Function, argument: Argument, file: Definitions) -> Sequence[HandedOn]:
    called = constructor.name if constructor.makes else constructor.owner
    return file.handed.get((called, argument.name), ())


def _other_object(
    constructor: Function, argument: Argument, convention: Convention, file: Definitions, depth: int
) -> str:
    """An object of another class of the file, for one that holds it: the net of a trainer."""
    others = [other for owner, other in file.constructors.items() if owner != constructor.owner]
    same = [other for other in others if argument.name.lower() in other.owner.lower()]
    holding = [o for o in others if any(meaning(n).role in PARAMETER_ROLES for n in o.attributes.sets)]
    for other in [*same, *holding]:
        return _made(other, convention, file, depth=depth + 1)
    raise CannotMakeError(argument.name)


def _with_own_sizes(
    name: str, own: str, constructor: Function, convention: Convention, file: Definitions, depth: int
) -> str:
    """What the file makes for an argument, with the sizes of a recurrent net in the place of its own: an object with
    parameters is made from them; of one that a text gives them to, and that does nothing, they are all there is."""
    made = file.constructors.get(own.partition("(")[0])
    if not convention.state or made is None:
        return own
    read = attributes_of(name, [*file.functions, constructor])
    if any(meaning(n).role in PARAMETER_ROLES for n in made.attributes.sets):
        with contextlib.suppress(CannotMakeError):
            return _made(made, convention, file, depth=depth + 1) if depth < _MOST_OBJECTS_DEEP else own
        return own
    does = {function.name for function in file.functions if function.owner == made.owner}
    sizes = {n: setting_of(n, convention) for n in read if size_role(n) is not None or is_alphabet(n)}
    return record(name, sizes) if sizes and does.isdisjoint(read) else own
