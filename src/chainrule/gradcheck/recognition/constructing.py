"""How an object is made: what its constructor gets."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_settings,
    l2_name,
    meaning,
    switched_off,
    training_setting,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import is_alphabet, size_role
from chainrule.gradcheck.recognition.containers import LAYERS_MADE, depths_of, from_one
from chainrule.gradcheck.recognition.conventions import (
    L2,
    Convention,
    drawn_labels,
    inputs,
    parameter,
    state,
)
from chainrule.gradcheck.recognition.layer_records import layer_records
from chainrule.gradcheck.recognition.made_sizes import alphabet, size_of, with_sizes

MADE = "made"
"""What an object is called in the expression that makes and fills it."""

_MOST_OBJECTS_DEEP = 3


class CannotMakeError(Exception):
    """An argument of a constructor whose meaning is not known."""


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
    given = _given(constructor, convention, file, way, depth)
    called = constructor.shown if constructor.makes else constructor.owner
    return f"{called}({', '.join(f'{key}={value}' for key, value in given)})"


def _given(
    constructor: Function, convention: Convention, file: Definitions, way: tuple[int, bool], depth: int
) -> Iterator[tuple[str, str]]:
    """What each argument of a constructor gets; nothing where its default will do."""
    meanings = from_one({argument.name: meaning(argument.name) for argument in constructor.arguments})
    l2 = l2_name(argument.name for argument in constructor.arguments)
    sized = any(size_role(argument.name) for argument in constructor.arguments)
    layers, optional = way
    for argument in constructor.arguments:
        role, size = meanings[argument.name].role, size_role(argument.name)
        if size == "widths" and (records := layer_records(file, argument.name)) is not None:
            asks = any(size_role(a.name) == "input size" for a in constructor.arguments)
            widths = convention.widths(max(layers, LAYERS_MADE))
            yield argument.name, records.written(widths, with_inputs=not asks)
        elif size is not None and argument.may_be_size:
            own = _own_expression(constructor, argument, convention, file)
            sizes = size_of(size, convention, constructor, argument.name, max(layers, LAYERS_MADE))
            is_listed = argument.default[:1] == "[" and sizes[:1] != "["
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
            yield argument.name, _required(constructor, argument, convention, file, depth)
        elif argument.default == "None" and _looks_up(constructor, argument.name):
            with contextlib.suppress(CannotMakeError):
                yield argument.name, _settings(argument.name, constructor, convention, file)


def _required(
    constructor: Function, argument: Argument, convention: Convention, file: Definitions, depth: int
) -> str:
    """What an argument gets that must have something."""
    role = meaning(argument.name).role
    own = _own_expression(constructor, argument, convention, file)
    if role == "inputs":
        return inputs(convention)
    if role == "labels":
        return drawn_labels(convention, file.numpy_name)
    if role in ("state", "cell"):
        return state(convention)
    if is_alphabet(argument.name):
        return alphabet(convention)
    if is_settings(argument.name):
        return _settings(argument.name, constructor, convention, file)
    if own:
        return _with_own_sizes(argument.name, own, constructor, convention, file, depth)
    if (setting := training_setting(argument.name)) is not None:
        return setting
    if role == "bundle" and depth < _MOST_OBJECTS_DEEP:
        return _other_object(constructor, argument, convention, file, depth)
    if convention.state:
        return _settings(argument.name, constructor, convention, file)
    raise CannotMakeError(argument.name)


def _own_expression(
    constructor: Function, argument: Argument, convention: Convention, file: Definitions
) -> str:
    """What the file itself hands to an argument, with small sizes in the place of its own; empty where it is not
    known."""
    called = constructor.name if constructor.makes else constructor.owner
    handed = file.handed.get((called, argument.name), ())
    own = next((h.constant for h in handed if h.constant), "")
    return with_sizes(own, convention) if "(" in own else own


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
    read = _read_of(name, [*file.functions, constructor])
    if any(meaning(n).role in PARAMETER_ROLES for n in made.attributes.sets):
        with contextlib.suppress(CannotMakeError):
            return _made(made, convention, file, depth=depth + 1) if depth < _MOST_OBJECTS_DEEP else own
        return own
    does = {function.name for function in file.functions if function.owner == made.owner}
    sizes = {n: _setting(n, convention) for n in read if size_role(n) is not None or is_alphabet(n)}
    return _record(name, sizes) if sizes and does.isdisjoint(read) else own


def _read_of(name: str, functions: list[Function]) -> list[str]:
    """The attributes that functions read of what has a name, or is an attribute of this name."""
    places = (name, f".{name}", f"._{name}")
    return list(dict.fromkeys(k for f in functions for at in places for k in f.fields.get(at, ())))


def _record(name: str, values: Mapping[str, str | None]) -> str:
    return f'type("{name.title()}", (), dict({", ".join(f"{k}={v}" for k, v in values.items())}))()'


def _settings(name: str, constructor: Function, convention: Convention, file: Definitions) -> str:
    """An object, or a dictionary, of the settings that a file reads of one of this name.

    Raises:
        CannotMakeError: it reads some whose meaning is not known, and no class of the file has them.
    """
    places = (name, f".{name}", f"._{name}")
    functions = [*file.functions, constructor]
    keys = dict.fromkeys(k for f in functions for at in places for k in f.keys.get(at, ()))
    optional = dict.fromkeys(k for f in functions for at in places for k in f.optional_keys.get(at, ()))
    fields = dict.fromkeys(_read_of(name, functions))
    asked = (keys | optional) or fields
    if not (asked or is_settings(name)):
        raise CannotMakeError(name)
    known = {k: v for k in asked if (v := _setting(k, convention)) is not None}
    if convention.state and asked is fields and fields and len(known) == len(fields):
        return _record(name, known)
    base = next((owner for owner in file.constructors if re.search(name[:4], owner, re.IGNORECASE)), "")
    unknown = asked.keys() - known.keys() - optional.keys()
    if unknown and (asked is not fields or not base):
        raise CannotMakeError(name)
    if asked is not fields:
        return "{" + ", ".join(f'"{key}": {value}' for key, value in known.items()) + "}"
    given = ", ".join(f"{key}={value}" for key, value in known.items())
    return f'type("Settings", ({base}{"," * bool(base)}), dict({given}))()'


def with_attributes(name: str, fields: Iterable[str], convention: Convention) -> str:
    """An object of no class of the file that has these attributes.

    Raises:
        CannotMakeError: the meaning of one is not known.
    """
    known = {field: _setting(field, convention) for field in fields}
    unknown = next((field for field, value in known.items() if value is None), None)
    if unknown is not None:
        raise CannotMakeError(unknown)
    return _record(name, known)


def _looks_up(constructor: Function, name: str) -> bool:
    """Whether an argument holds settings that a constructor looks up by their keys."""
    return is_settings(name) and (name in constructor.keys or name in constructor.optional_keys)


def _setting(name: str, convention: Convention) -> str | None:
    size = size_role(name)
    if size is not None:
        return size_of(size, convention)
    if convention.state and is_alphabet(name):
        return alphabet(convention)
    if meaning(name).role == "l2":
        return L2
    if name == "dtype":
        return "float"
    return switched_off(name) or training_setting(name)


def sizes_given(function: Function, convention: Convention) -> list[str]:
    """What a function gets that makes parameters of sizes.

    Raises:
        CannotMakeError: it asks for something else.
    """
    given = [(a, _setting(a.name, convention)) for a in function.arguments if a.required]
    unknown = next((argument.name for argument, value in given if value is None), None)
    if unknown is not None:
        raise CannotMakeError(unknown)
    return [f"{a.keyword}={value}" if a.keyword_only else str(value) for a, value in given]
