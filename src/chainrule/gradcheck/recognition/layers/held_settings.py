"""Dictionaries and objects of settings that a layer is given: each key, or attribute, is asked for as an argument would
be."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Argument, Function

OBJECT = "__import__('argparse').Namespace"
"""What makes an object of some settings, as they come from a command line."""

_MOST = 8
"""How many dictionaries are tried."""

_OF_LAYERS = frozenset(("forward", "backward", "shape", "params", "parameters"))
"""Attributes of what is no object of settings."""


def keys_looked_up(name: str, constructor: Function, file: Definitions) -> list[str]:
    """The keys by which a class looks something up in an argument of its constructor, or in the attribute that keeps
    it; none where these are parameters.

    >>> made = Function("__init__", (Argument("p"),), "Pool", keys={"p": ("stride", "size")})
    >>> keys_looked_up("p", made, Definitions())
    ['stride', 'size']
    """
    kept = [f".{attribute}" for attribute, of in constructor.attributes.kept if of == name]
    places = (constructor.owner, *file.bases.get(constructor.owner, ()))
    own = [f for f in file.functions if f.owner in places]
    keys = [*constructor.keys.get(name, ()), *(key for f in own for at in kept for key in f.keys.get(at, ()))]
    put = {key for f in own for at in kept if at[1:] in f.attributes.changes for key in f.keys.get(at, ())}
    keys = [key for key in dict.fromkeys(keys) if key not in put]
    return [] if any(meaning(key).role in PARAMETER_ROLES for key in keys) else keys


def fields_looked_up(name: str, constructor: Function, file: Definitions) -> list[str]:
    """The attributes that a class reads of an argument of its constructor, or of the attribute that keeps it, where it
    is an object of settings.

    >>> made = Function("__init__", (Argument("args"),), "Pool", fields={"args": ("stride", "units")})
    >>> fields_looked_up("args", made, Definitions())
    ['stride', 'units']
    """
    kept = [f".{attribute}" for attribute, of in constructor.attributes.kept if of == name]
    places = (constructor.owner, *file.bases.get(constructor.owner, ()))
    own = [f for f in file.functions if f.owner in places]
    read = [
        *constructor.fields.get(name, ()),
        *(field for f in own for at in kept for field in f.fields.get(at, ())),
    ]
    return read_of_settings(read)


def read_of_settings(fields: Iterable[str]) -> list[str]:
    """The attributes that are read of an object, once each; none of one that is an array, a dictionary, a layer or
    parameters.

    >>> read_of_settings(["rate", "size_in", "rate"]), read_of_settings(["shape", "T"])
    (['rate', 'size_in'], [])
    """
    read = [*dict.fromkeys(fields)]
    theirs = {*_OF_LAYERS, *dir(np.ndarray), *dir(dict)}
    other = any(f in theirs or meaning(f).role in PARAMETER_ROLES for f in read)
    return [] if other else read


def as_object(dictionary: str) -> str:
    """The object of the settings of a dictionary.

    >>> as_object("{'stride': 1}")
    "__import__('argparse').Namespace(**{'stride': 1})"
    """
    return f"{OBJECT}(**{dictionary})"


def asking_for(keys: Sequence[str], constructor: Function) -> Function:
    """The constructor that asks for the keys themselves."""
    return constructor._replace(arguments=tuple(map(Argument, keys)), keys={}, taken_apart={}, fields={})


def dictionaries_of(values: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """The dictionaries of some keys, each with the values that it may have, the likeliest first.

    >>> list(dictionaries_of([("stride", ["1"]), ("mode", ["'max'", "'avg'"])]))
    ["{'stride': 1, 'mode': 'max'}", "{'stride': 1, 'mode': 'avg'}"]
    """
    names = [name for name, _ in values]
    for chosen in islice(product(*(texts for _, texts in values)), _MOST):
        pairs = zip(names, chosen, strict=True)
        yield "{" + ", ".join(f"{name!r}: {text}" for name, text in pairs if text) + "}"


def settings_in(texts: Iterable[str]) -> dict[str, str]:
    """The settings in the dictionaries and objects of such among some expressions, by key.

    >>> settings_in(["3", "{'stride': 1, 'mode': 'max'}"])
    {'stride': '1', 'mode': "'max'"}
    """
    nodes = (ast.parse(_dictionary_in(text), mode="eval").body for text in texts)
    pairs = [
        pair
        for node in nodes
        if isinstance(node, ast.Dict)
        for pair in zip(node.keys, node.values, strict=True)
    ]
    return {
        key.value: ast.unparse(value)
        for key, value in pairs
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _dictionary_in(text: str) -> str:
    """The dictionary that an object of settings is made of; any other expression as it is."""
    return text[len(f"{OBJECT}(**") : -1] if text.startswith(OBJECT) else text


def constants_in(texts: Iterable[str]) -> dict[str, str]:
    """Those of them that are a number, a text or a flag: these stand for themselves wherever they are written.

    >>> constants_in(["{'factor': 2.0, 'rng': rng}"])
    {'factor': '2.0'}
    """
    own = settings_in(texts)
    return {
        key: text for key, text in own.items() if isinstance(ast.parse(text, mode="eval").body, ast.Constant)
    }


def with_own(guessed: Sequence[str], own: str) -> list[str]:
    """What may be found by a key, the file's ``own`` value first; a whole number may be a size of the file's own
    inputs, and comes last where another is guessed.

    >>> with_own(["None"], "2.0"), with_own(["6"], "784"), with_own(["6"], "")
    (['2.0'], ['6', '784'], ['6'])
    """
    known = [text for text in guessed if text != "None"]
    if not own:
        return [*guessed]
    return [*dict.fromkeys([*known, own] if own.isdecimal() else [own, *known])]


def with_setting(text: str, name: str, value: str) -> str:
    """The same expression with another value in it, where it is a dictionary, or an object, that has this key.

    >>> with_setting("{'stride': 1}", "stride", "2")
    "{'stride': 2}"
    """
    settings = settings_in([text])
    if name not in settings:
        return text
    changed = "{" + ", ".join(f"{key!r}: {own}" for key, own in {**settings, name: value}.items()) + "}"
    return as_object(changed) if text.startswith(OBJECT) else changed
