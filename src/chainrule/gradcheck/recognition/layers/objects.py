"""How the object of a layer is made: what its constructor gets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product, starmap
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate, meaning, training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import is_alphabet, size_role
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.layers.built import (
    DESCENT,
    DESCENT_OF_ALL,
    building_calls,
    optimizer_calls,
)
from chainrule.gradcheck.recognition.layers.handed_activations import activations, asks_for_derivative
from chainrule.gradcheck.recognition.layers.handed_layers import asks_for_more, stand_in, stand_ins
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
from chainrule.gradcheck.recognition.layers.settings import IN_CONSTRUCTORS, VALUES
from chainrule.gradcheck.recognition.layers.shapes import WORDS, LayerShapes
from chainrule.gradcheck.recognition.made_sizes import size_of, with_sizes
from chainrule.gradcheck.recognition.stacks import (
    composed,
    compositions,
    nonlinearities,
    stack,
    takes_layers,
)

_SHAPE = re.compile(r"\w*shape", re.IGNORECASE)
_ACTIVATION = re.compile(r"act(ivat(ion|e))?(_?(func?|function|fn|f|type|name))?|nonlinearity", re.IGNORECASE)
_VOCABULARY = re.compile(r"vocab\w*|(n|num)_?(embeddings|words|tokens)|input_?(dim|size|d)", re.IGNORECASE)
_WORDS = re.compile(r"vocab(ulary)?|v|(n|num)_?(embeddings|words|tokens)", re.IGNORECASE)
_PLACES = re.compile(
    r"block(_?size)?|length|(max|context|ctx)(_?\w*)?_?(len(gth)?|size|pos(itions)?|steps|t)?|(n|num)_?pos(itions)?",
    re.IGNORECASE,
)
_MOST_STEPS = "8"
_AXES_OF_IMAGES = 4
_ROWS = Convention()
_LETTER, _PART = re.compile(r"[a-z]"), "0.3"
_PROBABILITY = re.compile(r"p|prob(ability)?|rate|ratio|(keep|drop)\w*", re.IGNORECASE)


class MadeLayer(NamedTuple):
    """The expression that makes the object of a layer; empty for functions.

    Attributes:
        guess: what of it was assumed and may be another, in words.
        handed: the parameters that it is given, by argument, as they stand in the expression.
        built: the calls of the methods that make its parameters once they are told what its inputs are like,
            ``build((7, 6))``; none where its constructor makes them.
    """

    text: str = ""
    guess: str = ""
    handed: tuple[tuple[str, str], ...] = ()
    built: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """The same with all that comes before its first pass."""
        calls = ", ".join(f"layer.{call}" for call in self.built)
        return f"[layer := {self.text}, {calls}, layer][-1]" if calls else self.text

    @property
    def descends(self) -> bool:
        """Whether it has an optimizer that takes steps with a rate of 1."""
        return DESCENT in self.expression or DESCENT_OF_ALL in self.expression

    def handing(self, arrays: Mapping[str, str]) -> MadeLayer:
        """The same with other parameters, by argument."""
        text = self.text
        for name, before in self.handed:
            # Of b and Wb, the text of one ends that of the other.
            text = re.sub(rf"\b{name}={re.escape(before)}", f"{name}={arrays[name]}", text)
        return self._replace(text=text, handed=tuple((name, arrays[name]) for name, _ in self.handed))


class _Given(NamedTuple):
    text: str
    guess: str = ""
    is_array: bool = False


def made_layers(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[MadeLayer]:
    """The objects of a class for inputs of this layout, the likeliest first.

    Kernels may be asked for as one size or as a pair, the inputs' shape with or without the samples, parameters may
    be handed in or drawn. What is made of layers gets some. Those that a method builds come later, and those last that
    are given an optimizer.
    """
    constructed = list(_as_constructed(owner, file, layout))
    every = constructed + [
        made._replace(built=built) for built in building_calls(owner, file, layout) for made in constructed
    ]
    yield from every
    for call in optimizer_calls(owner, file):
        yield from (made._replace(built=(*made.built, call)) for made in every)


def _as_constructed(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[MadeLayer]:
    constructor = file.constructors[owner]
    named = [a for a in constructor.arguments if not a.starred]
    held = stack(constructor, _ROWS, file, stand_ins(owner, file))
    stacks = compositions(_ROWS, file) if takes_layers(constructor.several) else []
    if takes_layers(constructor.several) and not stacks:
        stacks = [stand_ins(owner, file)]
    for stacked, handed_in in product([text[1:-1] for text in stacks] or [""], (False, True)):
        given = [list(_values(a, constructor, file, layout, handed_in=handed_in)) for a in named]
        for chosen in product(*given):
            pairs = [(a.name, value) for a, value in zip(named, chosen, strict=True) if value.text]
            arguments = ", ".join(filter(None, [stacked, *(f"{name}={value.text}" for name, value in pairs)]))
            guesses = [f"{value.guess} for {name}" for name, value in pairs if value.guess]
            made = f"{owner}({arguments})"
            if held:
                put = ", ".join(f"{name}={value}" for name, value in held.items())
                made = f"[net := {made}, vars(net).update({put})][0]"
            handed = tuple((name, value.text) for name, value in pairs if value.is_array)
            yield MadeLayer(made, "; ".join(guesses), handed)


def likeliest_arguments(function: Function, file: Definitions, layout: LayerShapes) -> str:
    """What a function that asks for sizes may be called with, for inputs of this layout."""
    firsts = {
        a.name: next(_values(a, function, file, layout, handed_in=False)).text
        for a in function.arguments
        if not a.starred
    }
    return ", ".join(f"{name}={text}" for name, text in firsts.items() if text)


def _values(
    argument: Argument, constructor: Function, file: Definitions, layout: LayerShapes, *, handed_in: bool
) -> Iterator[_Given]:
    """What an argument of a constructor may get; an empty text leaves it at its default.

    Parameters that have one are ``handed_in`` or drawn by the layer.
    """
    name, role, size = argument.name, meaning(argument.name).role, size_role(argument.name)
    kind = kind_of(name)
    seen = [h.constant for h in file.handed.get((constructor.owner, name), ()) if h.constant]
    if role == "l2" and name.lower() != "alpha":
        # What the penalty adds to the gradient, the forward pass leaves out.
        yield _Given("0.0")
    elif argument.required and (shapes := windows(name, layout)):
        yield from map(_Given, shapes)
    elif _SHAPE.fullmatch(name) and (argument.required or size in ("widths", "input size")):
        if name == "shape" and _is_of_images(layout):
            yield from (
                _Given(repr(shape)) for shape in dict.fromkeys((layout.weights, layout.weights[::-1]))
            )
        yield _Given(repr(layout.inputs))
        yield _Given(repr(layout.inputs[1:]))
        if name == "shape":
            yield from map(_Given, _other_shapes(layout))
        if not argument.required:
            yield _Given("")
    elif argument.required and (number := size_of_images(name, layout)):
        yield _Given(number)
    elif argument.required and (length := side(name)):
        yield _Given(length)
    elif size == "input size" and argument.default[:1] == "(":
        yield _Given(repr(layout.inputs[1:]))
    elif size == "kernel" and argument.required:
        yield _Given(size_of("kernel"))
        yield _Given("(3, 3)")
    elif written := [text for text in seen if "(" in text]:
        yield from (_Given(with_sizes(text, Convention())) for text in written)
    elif layout.classes and _VOCABULARY.fullmatch(name):
        yield _Given(str(layout.classes))
    elif size == "input size" and not _has_outputs(constructor):
        yield from map(_Given, features_of(layout, constructor))
    elif takes_layers(name) and argument.required and (layers := _layers(seen, file)):
        yield _Given(layers)
        yield _Given(size_of("widths"))
    elif takes_layers(name) and argument.required and (several := stand_ins(constructor.owner, file)):
        yield _Given(several)
    elif (
        argument.required
        and asks_for_more(name, constructor.owner, file)
        and asks_for_derivative(name, constructor.owner, file)
    ):
        own = nonlinearities(file)
        given = [(each, "") for each in own] or activations(name, constructor.owner, file)
        yield from starmap(_Given, given)
    elif argument.required and (one := stand_in(name, constructor.owner, file)):
        own = nonlinearities(file) if asks_for_more(name, constructor.owner, file) else []
        yield from map(_Given, own or [one])
    elif size == "hidden size" and argument.default[:1] == "[":
        yield _Given(size_of("hidden sizes"))
    elif argument.required and is_alphabet(name) and (words := _numbered(constructor, name)):
        yield _Given(words)
    elif size == "rng":
        yield from map(
            _Given, ("rng", f"{file.numpy_name}.random.RandomState(0)" if argument.required else "")
        )
    elif name in heads_of(constructor):
        yield _Given(number_of_heads(name, constructor))
    elif size == "vocabulary":
        # Of as many words as indices are drawn of, else of as many as there are classes.
        yield from (_Given(text) for text in (str(WORDS), size_of(size)))
    elif size is not None and (argument.required or size not in ("stride", "padding", "kernel")):
        yield _Given(size_of(size))
        if size == "hidden size" and not any(
            size_role(a.name) for a in constructor.arguments if a != argument
        ):
            # What it gives goes on where it came from, as in attention.
            yield from map(_Given, features_of(layout, constructor))
    elif is_rate(name):
        yield _Given("1.0")
    elif kind in PARAMETER_ROLES and (argument.required or (handed_in and argument.default == "None")):
        shape = layout.shape(kind, has_weights="weights" in [kind_of(a.name) for a in constructor.arguments])
        # Those of a net are of none of the layouts of a loss.
        if shape:
            yield _Given(f"rng.normal(size={shape})", is_array=True)
    elif name in IN_CONSTRUCTORS:
        yield _Given(VALUES[name])
    elif not argument.required:
        yield from map(_Given, smaller(name, argument.default, constructor, layout))
        yield _Given("")
        if argument.default == "None":
            yield from map(_Given, sizes_by_name(name, constructor, layout))
        if size == "padding":
            # A backward pass may be for images that are padded alone.
            yield from (_Given(text) for text in file.options.get(name, ()) if text != argument.default)
    elif inner := _class_called(name, constructor.owner, file):
        yield _Given(f"{inner.owner}({likeliest_arguments(inner, file, layout)})")
    elif seen:
        # The file's own inputs may be of another size than these.
        sizes = sizes_by_name(name, constructor, layout) if all(map(str.isdigit, seen)) else []
        yield from map(_Given, dict.fromkeys([*sizes, *seen]))
    elif _ACTIVATION.fullmatch(name):
        yield from starmap(_Given, activations(name, constructor.owner, file))
    elif texts := file.options.get(name, ()):
        yield from map(_Given, texts)
    elif _PROBABILITY.fullmatch(name):
        yield _Given("0.5")
    elif (setting := training_setting(name)) is not None:
        yield _Given(setting)
    elif _WORDS.fullmatch(name) and not layout.classes:
        yield _Given(str(WORDS))
    elif _PLACES.fullmatch(name):
        yield _Given(_MOST_STEPS)
    elif layout.labels and _LETTER.fullmatch(name):
        # Of a loss it is no size but a part of one, as a quantile is.
        yield _Given(_PART)
    elif sizes := sizes_by_name(name, constructor, layout):
        yield from map(_Given, sizes)
    else:
        yield from map(_Given, [*([_PART] if layout.labels else []), "None"])


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


def _other_shapes(layout: LayerShapes) -> list[str]:
    """What a shape may be that is not the inputs': the weights', or a window's beside inputs that are images."""
    if len(layout.inputs) == _AXES_OF_IMAGES:
        return ["(2, 2)"]
    return [repr(layout.weights)] if layout.weights else []


def _is_of_images(layout: LayerShapes) -> bool:
    """Whether the weights of a layer are kernels, whose shape it may be told."""
    return len(layout.weights) == len(layout.inputs) > 2


def _layers(seen: list[str], file: Definitions) -> str:
    """The layers that a file itself hands to a net, else some that are made of its classes; empty where there are
    none."""
    own = next((text for text in seen if "(" in text), "")
    return with_sizes(own, _ROWS) if own else composed(_ROWS, file)


def _has_outputs(constructor: Function) -> bool:
    return any(size_role(a.name) in ("output size", "hidden size") for a in constructor.arguments)
