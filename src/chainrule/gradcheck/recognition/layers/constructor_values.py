"""What an argument of a constructor may get where layers are made, by its name, its default and what is done with
it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate, training_setting
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import SizeRole, is_alphabet, size_role
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.layers.asked_arguments import AskedArgument, GivenValue
from chainrule.gradcheck.recognition.layers.built import optimizer
from chainrule.gradcheck.recognition.layers.handed_activations import (
    activations,
    asks_for_derivative,
    beside_derivative,
)
from chainrule.gradcheck.recognition.layers.handed_layers import (
    asked_of,
    asks_for_more,
    goes_through,
    holds_layers,
    stand_in,
    stand_ins,
)
from chainrule.gradcheck.recognition.layers.held_settings import (
    as_object,
    asking_for,
    constants_in,
    dictionaries_of,
    fields_looked_up,
    keys_looked_up,
    settings_in,
    with_own,
)
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.named_sizes import (
    features_of,
    heads_of,
    number_of_heads,
    side,
    size_of_images,
    sizes_by_name,
    smaller,
    windows,
)
from chainrule.gradcheck.recognition.layers.settings import IN_CONSTRUCTORS, VALUES, is_of_penalty
from chainrule.gradcheck.recognition.layers.shapes import WORDS, LayerShapes
from chainrule.gradcheck.recognition.layers.shapes_told import (
    SHAPE,
    as_tuples,
    in_parts,
    is_of_images,
    other_shapes,
    saying_shapes,
)
from chainrule.gradcheck.recognition.made_sizes import goes_back, size_of, with_sizes
from chainrule.gradcheck.recognition.stacks import composed, nonlinearities, takes_layers

_ACTIVATION = re.compile(r"act(ivat(ion|e))?(_?(func?|function|fn|f|type|name))?|nonlinearity", re.IGNORECASE)
_VOCABULARY = re.compile(r"vocab\w*|(n|num)_?(embeddings|words|tokens)|input_?(dim|size|d)", re.IGNORECASE)
_WORDS = re.compile(r"vocab(ulary)?|v|(n|num)_?(embeddings|words|tokens)", re.IGNORECASE)
_PLACES = re.compile(
    r"block(_?size)?|(\w+_)?len(gth)?|(max|context|ctx)(_?\w*)?_?(len(gth)?|size|pos(itions)?|steps|t)?|(n|num)_?pos(itions)?",
    re.IGNORECASE,
)
_MOST_STEPS = "8"
_OTHER_SIZE = "5"
"""What no name tells of is a size, if anything."""
_ROWS = Convention()
_LETTER, _PART = re.compile(r"[a-z]"), "0.3"
_PROBABILITY = re.compile(r"p|prob(ability)?|rate|ratio|(keep|drop)\w*", re.IGNORECASE)


def values_of(asked: AskedArgument) -> list[GivenValue]:
    """What an argument may get, the likeliest first; nothing where no value suits inputs of this layout."""
    for rule in (_optimizer, beside_derivative, _shape, _dictionary, _layer, _object, _size):
        given = rule(asked)
        if given is not None:
            return given
    return _setting(asked)


def likeliest_arguments(function: Function, file: Definitions, layout: LayerShapes) -> str:
    """What a function that asks for sizes may be called with, for inputs of this layout."""
    every = {
        a.name: values_of(AskedArgument(a, function, file, layout))
        for a in function.arguments
        if not a.starred
    }
    return ", ".join(f"{name}={given[0].text}" for name, given in every.items() if given and given[0].text)


def unknown_keys(constructor: Function, file: Definitions, layout: LayerShapes) -> list[str]:
    """The keys of the dictionaries that a constructor asks for under which no value is known."""
    asked = [AskedArgument(a, constructor, file, layout) for a in constructor.arguments if not a.starred]
    texts = [given[0].text for each in asked if (given := _dictionary(each))]
    return [key for key, text in settings_in(texts).items() if text == "None"]


def _texts(texts: Iterable[str]) -> list[GivenValue]:
    return [GivenValue(text) for text in texts]


def _optimizer(asked: AskedArgument) -> list[GivenValue] | None:
    """An optimizer, by whose steps the gradients are known; what is asked what texts are is the name of one."""
    steps = sorted(asked_of(asked.name, asked.owner, asked.file)) if asked.required else []
    text = "" if any(hasattr(str, step) for step in steps) else optimizer(asked.name, steps)
    return _texts([text]) if text else None


def _shape(asked: AskedArgument) -> list[GivenValue] | None:
    """Shapes, of the inputs, of windows, of weights, and what says them; the weight of a penalty, which is none, as
    what that adds to the gradient the forward pass leaves out."""
    name, layout, size = asked.name, asked.layout, asked.size
    if is_of_penalty(name):
        return _texts(["0.0"])
    if asked.required and name != "shape":
        parts = in_parts(name, asked.constructor, layout)
        if parts is not None:
            return _texts(parts)
        if of_images := size_of_images(name, layout):
            return _texts([of_images])
        if asked.is_indexed and (tuples := as_tuples(name, layout)):
            return _texts(tuples)
    if asked.required and (shapes := windows(name, layout)):
        return _texts(shapes)
    if SHAPE.fullmatch(name) and (asked.required or size in ("widths", "input size")):
        return _texts(_shapes(asked))
    if asked.required and (length := side(name)):
        return _texts([length])
    if size == "input size" and asked.argument.default[:1] == "(":
        return _texts([repr(layout.inputs[1:])])
    if size == "kernel" and asked.required:
        return _texts([size_of("kernel"), "(3, 3)"])
    return None


def _shapes(asked: AskedArgument) -> list[str]:
    layout = asked.layout
    shapes = [repr(layout.inputs), repr(layout.inputs[1:])]
    if asked.name == "shape":
        kernels = (layout.weights, layout.weights[::-1]) if is_of_images(layout) else ()
        shapes = [*(repr(shape) for shape in dict.fromkeys(kernels)), *shapes, *other_shapes(layout)]
    return [*shapes, *([] if asked.required else [""])]


def _dictionary(asked: AskedArgument) -> list[GivenValue] | None:
    """A dictionary of settings, with what the file itself has in it."""
    keys = keys_looked_up(asked.name, asked.constructor, asked.file) if asked.required else []
    return None if not keys or is_alphabet(asked.name) else _texts(_of_settings(asked, keys))


def _object(asked: AskedArgument) -> list[GivenValue] | None:
    """An object of settings: ``args.stride``; ``rng.normal`` is none."""
    is_one = asked.required and asked.size != "rng"
    fields = fields_looked_up(asked.name, asked.constructor, asked.file) if is_one else []
    return _texts(map(as_object, _of_settings(asked, fields))) if fields and asked.kind == "other" else None


def _of_settings(asked: AskedArgument, keys: Sequence[str]) -> Iterator[str]:
    """The dictionaries of some keys, each of which is asked for like an argument."""
    constructor = asking_for(keys, asked.constructor)
    inner = [
        AskedArgument(argument, constructor, asked.file, asked.layout) for argument in constructor.arguments
    ]
    handed = asked.file.handed.get((asked.owner, asked.name), ())
    own = constants_in([h.expression for h in handed if h.expression])
    guessed = (["False"] if each.is_switch else [given.text for given in values_of(each)] for each in inner)
    values = [(e.name, with_own(texts, own.get(e.name, ""))) for e, texts in zip(inner, guessed, strict=True)]
    yield from dictionaries_of(values)


def _layer(asked: AskedArgument) -> list[GivenValue] | None:
    """Layers, and what the file itself makes for it."""
    name, file, owner = asked.name, asked.file, asked.owner
    if written := [text for text in asked.seen if "(" in text]:
        return _texts(with_sizes(text, _ROWS) for text in written)
    if not asked.required:
        return None
    holds = holds_layers(name, owner, file)
    if (holds or takes_layers(name)) and (layers := composed(_ROWS, file)):
        return _texts([layers, stand_ins(owner, file) if holds else size_of("widths")])
    is_list = holds or (goes_through(name, owner, file) and (takes_layers(name) or not _is_number(asked)))
    if is_list and (several := stand_ins(owner, file)):
        return _texts([several])
    fields = dict.fromkeys((*asked.constructor.fields.get(name, ()), *sorted(asked_of(name, owner, file))))
    if asked.kind == "other" and asked.size is None and (before := saying_shapes(fields, asked.layout)):
        return _texts(before)
    if asks_for_more(name, owner, file) and asks_for_derivative(name, owner, file):
        given = [(each, "") for each in nonlinearities(file)] or activations(name, owner, file)
        return list(starmap(GivenValue, given))
    if one := stand_in(name, owner, file):
        own = nonlinearities(file) if asks_for_more(name, owner, file) else []
        return _texts(own or [one])
    return None


def _is_number(asked: AskedArgument) -> bool:
    """Whether an argument is a number by its name, or nothing is asked of it but whether it is so."""
    name = asked.name
    said = is_rate(name) or training_setting(name) is not None or name in VALUES
    patterns = (_PLACES, _PROBABILITY, _WORDS)
    return said or asked.is_switch or asked.size is not None or any(p.fullmatch(name) for p in patterns)


def _size(asked: AskedArgument) -> list[GivenValue] | None:
    """Sizes whose names say of what, and what numbers are drawn with."""
    name, size, constructor, layout = asked.name, asked.size, asked.constructor, asked.layout
    if layout.classes and _VOCABULARY.fullmatch(name):
        return _texts([str(layout.classes)])
    is_whole = not _gives(constructor, "output size", "hidden size")
    in_groups = bool(heads_of(constructor)) and not _gives(constructor, "output channels")
    if (size == "input size" and is_whole) or (size == "input channels" and in_groups):
        return _texts(features_of(layout, constructor))
    if size == "hidden size" and asked.argument.default[:1] == "[":
        return _texts([size_of("hidden sizes")])
    if asked.required and is_alphabet(name) and (words := _numbered(constructor, name)):
        return _texts([words])
    if size == "rng":
        return _texts(["rng", f"{asked.file.numpy_name}.random.RandomState(0)" if asked.required else ""])
    if name in heads_of(constructor):
        return _texts([number_of_heads(name, constructor)])
    if size == "vocabulary":
        # Of as many words as indices are drawn of, else of as many as there are classes.
        return _texts([str(WORDS), size_of(size)])
    if size is not None and (asked.required or size not in ("stride", "padding", "kernel")):
        may_be_of_inputs = size in ("hidden size", "widths") and asked.gives_what_it_takes
        of_inputs = features_of(layout, constructor) if may_be_of_inputs else []
        its = (
            size_of(size, constructor=constructor, name=name)
            if goes_back(constructor, name)
            else size_of(size)
        )
        return _texts(dict.fromkeys([its, *of_inputs]))
    return None


def _setting(asked: AskedArgument) -> list[GivenValue]:
    """Whatever else an argument may be: a rate, a parameter, a factor, what the file itself gives, or its default."""
    name, kind, layout = asked.name, asked.kind, asked.layout
    if is_rate(name):
        return _texts(["1.0"])
    if kind in PARAMETER_ROLES and (asked.required or (asked.handed_in and asked.argument.default == "None")):
        among = [kind_of(a.name) for a in asked.constructor.arguments]
        shape = layout.shape(kind, has_weights="weights" in among)
        # Those of a net are of none of the layouts of a loss.
        return [GivenValue(f"rng.normal(size={shape})", is_array=True)] if shape else []
    if name in IN_CONSTRUCTORS:
        # What may be left out may be no number, as a weight for each class.
        return _texts([VALUES[name], *([""] if asked.argument.default == "None" else [])])
    return _required(asked) if asked.required else _with_default(asked)


def _with_default(asked: AskedArgument) -> list[GivenValue]:
    """What an argument may get that has a default; sizes that are smaller, where that is large."""
    name, default, constructor, layout = asked.name, asked.argument.default, asked.constructor, asked.layout
    given = [*smaller(name, default, constructor, layout), ""]
    if default == "None":
        given += sizes_by_name(name, constructor, layout)
    if asked.size == "kernel" and default.isdecimal():
        # What takes both may still need a pair.
        given.append(f"({default}, {default})")
    if asked.size == "padding":
        # A backward pass may be for images that are padded alone.
        given += [text for text in asked.file.options.get(name, ()) if text != default]
    return _texts(given)


def _required(asked: AskedArgument) -> list[GivenValue]:
    """What an argument may get that has none."""
    name, constructor, file, layout = asked.name, asked.constructor, asked.file, asked.layout
    sizes = sizes_by_name(name, constructor, layout)
    if inner := _class_called(name, asked.owner, file):
        return _texts([f"{inner.owner}({likeliest_arguments(inner, file, layout)})"])
    if asked.seen:
        # The file's own inputs may be of another size than these.
        return _texts(dict.fromkeys([*(sizes if all(map(str.isdigit, asked.seen)) else []), *asked.seen]))
    if _ACTIVATION.fullmatch(name):
        return list(starmap(GivenValue, activations(name, asked.owner, file)))
    if texts := file.options.get(name):
        return _texts(texts)
    if _PROBABILITY.fullmatch(name):
        return _texts(["0.5"])
    if (setting := training_setting(name)) is not None:
        return _texts([setting])
    if _WORDS.fullmatch(name) and not layout.classes:
        return _texts([str(WORDS)])
    if _PLACES.fullmatch(name):
        return _texts([_MOST_STEPS])
    if layout.labels and _LETTER.fullmatch(name):
        # Of a loss it is no size but a part of one, as a quantile is.
        return _texts([_PART])
    return _texts(sizes or [*([_PART] if layout.labels else []), "None", _OTHER_SIZE])


def _numbered(constructor: Function, name: str) -> str:
    """A dictionary of words with their numbers: those that are looked up in it, and some more; empty where none are."""
    looked_up = [*constructor.keys.get(name, ()), *constructor.optional_keys.get(name, {})]
    if not looked_up:
        return ""
    words = [*dict.fromkeys(looked_up), *(f"word {number}" for number in range(WORDS))][:WORDS]
    return repr({word: number for number, word in enumerate(words)})


def _class_called(name: str, holder: str, file: Definitions) -> Function | None:
    """The constructor of the other class of a file that is called like an argument: ``Tower`` of ``tower``."""
    plain = name.replace("_", "").lower()
    others = (c for owner, c in file.constructors.items() if owner != holder and owner.lower() == plain)
    return next(others, None)


def _gives(constructor: Function, *sizes: SizeRole) -> bool:
    """Whether a constructor asks for one of some sizes of outputs."""
    return any(size_role(a.name) in sizes for a in constructor.arguments)
