"""Settings that a constructor is given together: an object, a dictionary, or one after the other."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from keyword import iskeyword

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.lookups import literal
from chainrule.gradcheck.program.names import is_settings, meaning, training_setting
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import is_alphabet, size_role
from chainrule.gradcheck.program.switch_names import switched_off
from chainrule.gradcheck.recognition.conventions import L2, Convention
from chainrule.gradcheck.recognition.made_sizes import alphabet, size_of


class CannotMakeError(Exception):
    """An argument of a constructor whose meaning is not known."""


def listed_settings(names: Iterable[str], convention: Convention) -> Iterator[str]:
    """The settings that an argument holds one after the other: ``self.eta_min, self.eta_max = rates``.

    Raises:
        CannotMakeError: the meaning of one is not known.
    """
    for name in names:
        yield _known_setting(name, convention)


def read_of(name: str, functions: Iterable[Function]) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """The keys, and the attributes, that functions read of an argument of a name: with what stands for one that need
    not be there, None for one that must."""
    keys: dict[str, str | None] = {}
    fields: dict[str, str | None] = {}
    for f in functions:
        keys = {**f.optional_keys.get(name, {}), **keys, **dict.fromkeys(f.keys.get(name, ()))}
        fields = {**f.optional_fields.get(name, {}), **fields, **dict.fromkeys(f.fields.get(name, ()))}
    return keys, fields


def looked_up(functions: Iterable[Function], file: Definitions) -> dict[str, tuple[str, set[str]]]:
    """What functions, or what they use, look up in arguments that hold settings: by its name what stands for it where
    it lacks, empty where nothing does, and the names of those arguments."""
    found: dict[str, tuple[str, set[str]]] = {}
    for function in functions:
        for name in (a.name for a in function.arguments if is_settings(a.name)):
            keys, fields = read_of(name, file.used([function]))
            for key, default in (keys or fields).items():
                before, holders = found.get(key, ("", set()))
                found[key] = default or before, holders | {name}
    return found


def written_settings(file: Definitions) -> dict[str, str]:
    """What a file writes where it gives settings together, by key: of ``loss(X, y, w, {"scale": 2.0})``."""
    given = (handed for several in file.handed.values() for handed in several)
    texts = (handed.constant or handed.expression for handed in given)
    trees = (ast.parse(text, mode="eval").body for text in texts if text[:1] == "{")
    pairs = (pair for t in trees if isinstance(t, ast.Dict) for pair in zip(t.keys, t.values, strict=True))
    written: dict[str, str] = {}
    for key, value in pairs:
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and literal(value):
            written.setdefault(key.value, literal(value))
    return written


def settings_read(file: Definitions, function: Function) -> list[str]:
    """What a function, or what it uses, looks up in arguments that hold settings: ``GDparams.lam``."""
    used = file.used([function])
    names = dict.fromkeys(a.name for f in used for a in f.arguments if is_settings(a.name))
    return [setting for name in names for read in read_of(name, used) for setting in read]


def attributes_of(name: str, functions: list[Function]) -> list[str]:
    """The attributes that functions read of what has a name, or is an attribute of this name."""
    places = (name, f".{name}", f"._{name}")
    return list(dict.fromkeys(k for f in functions for at in places for k in f.fields.get(at, ())))


def record(name: str, values: Mapping[str, str | None]) -> str:
    """The expression that makes an object with these attributes."""
    if any(map(iskeyword, values)):
        return f'type("{name.title()}", (), {{{", ".join(f"{k!r}: {v}" for k, v in values.items())}}})()'
    return f'type("{name.title()}", (), dict({", ".join(f"{k}={v}" for k, v in values.items())}))()'


def settings(name: str, constructor: Function, convention: Convention, file: Definitions) -> str:
    """An object, or a dictionary, of the settings that a file reads of one of this name.

    Raises:
        CannotMakeError: it reads some whose meaning is not known, and no class of the file has them.
    """
    places = (name, f".{name}", f"._{name}")
    functions = [*file.functions, constructor]
    keys = dict.fromkeys(k for f in functions for at in places for k in f.keys.get(at, ()))
    optional = dict.fromkeys(k for f in functions for at in places for k in f.optional_keys.get(at, ()))
    fields = dict.fromkeys(attributes_of(name, functions))
    asked = (keys | optional) or fields
    if not (asked or is_settings(name)):
        raise CannotMakeError(name)
    written = written_settings(file)
    known = {k: v for k in asked if (v := _written_or_known(k, written.get(k), convention)) is not None}
    if convention.state and asked is fields and fields and len(known) == len(fields):
        return record(name, known)
    base = next((owner for owner in file.constructors if name[:4].lower() in owner.lower()), "")
    unknown = asked.keys() - known.keys() - optional.keys()
    if unknown and (asked is not fields or not base):
        raise CannotMakeError(name)
    if asked is not fields:
        return "{" + ", ".join(f'"{key}": {value}' for key, value in known.items()) + "}"
    given = ", ".join(f"{key}={value}" for key, value in known.items())
    return f'type("Settings", ({base}{"," * bool(base)}), dict({given}))()'


def _written_or_known(name: str, written: str | None, convention: Convention) -> str | None:
    """A value for a setting: that of its meaning, in a list where the file writes several; else what the file writes;
    None where neither is known."""
    value = setting_of(name, convention)
    if value is None or not written:
        return value or written
    return f"[{value}]" if written[0] in "[({" and value.isdecimal() else value


def with_attributes(name: str, fields: Iterable[str], convention: Convention) -> str:
    """An object of no class of the file that has these attributes.

    Raises:
        CannotMakeError: the meaning of one is not known.
    """
    return record(name, {field: _known_setting(field, convention) for field in fields})


def looks_up(constructor: Function, name: str) -> bool:
    """Whether an argument holds settings that a constructor looks up by their keys."""
    return is_settings(name) and (name in constructor.keys or name in constructor.optional_keys)


def setting_of(name: str, convention: Convention) -> str | None:
    """A value for a setting of this name; None where its meaning is not known."""
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
    given = [(a, _known_setting(a.name, convention)) for a in function.arguments if a.required]
    return [f"{a.keyword}={value}" if a.keyword_only else value for a, value in given]


def _known_setting(name: str, convention: Convention) -> str:
    value = setting_of(name, convention)
    if value is None:
        raise CannotMakeError(name)
    return value
