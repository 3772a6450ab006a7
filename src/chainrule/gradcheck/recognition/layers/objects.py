"""How the object of a layer is made: what its constructor gets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate, meaning, training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.layers.built import DESCENT, building_calls
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.settings import IN_CONSTRUCTORS, VALUES
from chainrule.gradcheck.recognition.layers.shapes import WORDS, LayerShapes
from chainrule.gradcheck.recognition.made_sizes import size_of, with_sizes
from chainrule.gradcheck.recognition.stacks import compositions, composed, stack, takes_layers

_SHAPE = re.compile(r"\w*shape", re.IGNORECASE)
_STRIDES = re.compile(r"strides?_?shape", re.IGNORECASE)
_WINDOW = re.compile(
    r"(\w+_)?(conv(olution)?|kernel|filt(er)?|pool(ing)?|window)_?(shape|dims)", re.IGNORECASE
)
_ACTIVATION = re.compile(r"act(ivat(ion|e))?(_?(func?|function|fn|f|type|name))?|nonlinearity", re.IGNORECASE)
_FEATURES = re.compile(
    r"(\w+_)?(dims?|size|n|num|units|channels|features)|d_?model|(n_?)?emb(d|ed)?", re.IGNORECASE
)
_UNNAMED_SIZE = re.compile(r"[A-Z]|d_?\w+|\w*(hidden|embed|feat|vec|inner|width)\w*", re.IGNORECASE)
_OTHER_SIZES = ("5", "4", "8", "3")
_IN_HEADS = ("4", "8", "10", "12")
_VOCABULARY = re.compile(r"vocab\w*|(n|num)_?(embeddings|words|tokens)|input_?(dim|size|d)", re.IGNORECASE)
_WORDS = re.compile(r"vocab(ulary)?|v|(n|num)_?(embeddings|words|tokens)", re.IGNORECASE)
_PLACES = re.compile(
    r"block(_?size)?|length|(max|context|ctx)(_?\w*)?_?(len(gth)?|size|pos(itions)?|steps|t)?|(n|num)_?pos(itions)?",
    re.IGNORECASE,
)
_MOST_STEPS = "8"
_CLASSES = ("C", "K", "O")
_COUNTS = re.compile(r"(n|num|nb)?_?(blocks|layers|levels|stacks)|depth", re.IGNORECASE)
_VISIBLE = re.compile(r"((n|num)_?)?vis(ible)?(_units)?|\w+_in", re.IGNORECASE)
_NUMBER = re.compile(r"(n|num|nb)_\w+")
_IMAGE = re.compile(r"(img|image|in(put)?)_?(size|shape|hw|res(olution)?)|hw", re.IGNORECASE)
_AXES_OF_IMAGES = 4
_OF_IMAGES = re.compile(
    r"(?:(?:img|image|in(?:put)?)_?)?(?:(?P<high>h|height|rows)|(?P<wide>w|width|cols|columns)|(?P<channels>c|channels|depth))",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(k(ernel)?|pool|f(ilter)?|win(dow)?)_?(?P<high>h(eight)?)|(k(ernel)?|pool|f(ilter)?|win(dow)?)_?(?P<wide>w(idth)?)|patch(_?size)?",
    re.IGNORECASE,
)
_RELU = re.compile(r"relu", re.IGNORECASE)
_ROWS = Convention()
_HEADS = re.compile(r"((n|num)_?)?(heads?|groups?)(_?(n|num))?|nhead|group_?size|(n_?)?kv_?heads?", re.IGNORECASE)
_GROUPS, _HEADS_IN_GROUPS = re.compile(r"group|kv", re.IGNORECASE), "4"
_LETTER, _PART = re.compile(r"[a-z]"), "0.3"
_PROBABILITY = re.compile(r"p|rate|ratio|(keep|drop)\w*", re.IGNORECASE)


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
        return DESCENT in self.expression

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
    be handed in or drawn. What is made of layers gets some. Those that a method builds come last.
    """
    plain = list(_as_constructed(owner, file, layout))
    yield from plain
    for built in building_calls(owner, file, layout):
        yield from (made._replace(built=built) for made in plain)


def _as_constructed(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[MadeLayer]:
    constructor = file.constructors[owner]
    named = [a for a in constructor.arguments if not a.starred]
    held = stack(constructor, _ROWS, file)
    stacks = compositions(_ROWS, file) if takes_layers(constructor.several) else []
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
    elif argument.required and (windows := _window(name, layout)):
        yield from map(_Given, windows)
    elif _SHAPE.fullmatch(name) and (argument.required or size in ("widths", "input size")):
        if name == "shape" and _is_of_images(layout):
            yield from (
                _Given(repr(shape)) for shape in dict.fromkeys((layout.weights, layout.weights[::-1]))
            )
        yield _Given(repr(layout.inputs))
        yield _Given(repr(layout.inputs[1:]))
        if not argument.required:
            yield _Given("")
    elif _IMAGE.fullmatch(name) and len(layout.inputs) == _AXES_OF_IMAGES and argument.required:
        last = layout.inputs[-1] < layout.inputs[1]
        yield _Given(repr(layout.inputs[1:3] if last else layout.inputs[2:]))
    elif argument.required and (number := _of_images(name, layout)):
        yield _Given(number)
    elif argument.required and (side := _SIDE.fullmatch(name)):
        yield _Given("3" if side["high"] else "2")
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
        yield from map(_Given, _divided_among(layout, _heads(constructor)))
    elif takes_layers(name) and argument.required and (layers := _layers(seen, file)):
        yield _Given(layers)
        yield _Given(size_of("widths"))
    elif size == "hidden size" and argument.default[:1] == "[":
        yield _Given(size_of("hidden sizes"))
    elif size == "rng":
        yield from map(
            _Given, ("rng", f"{file.numpy_name}.random.RandomState(0)" if argument.required else "")
        )
    elif _HEADS.fullmatch(name):
        # Of heads in groups there are several groups, and several heads in each.
        in_groups = len(_heads(constructor)) > 1 and not _GROUPS.search(name)
        yield _Given(_HEADS_IN_GROUPS if in_groups else VALUES["n_heads"])
    elif size == "vocabulary":
        # Of as many words as indices are drawn of, else of as many as there are classes.
        yield from (_Given(text) for text in (str(WORDS), size_of(size)))
    elif size is not None and (argument.required or size not in ("stride", "padding", "kernel")):
        yield _Given(size_of(size))
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
        yield _Given("")
    elif seen:
        yield from map(_Given, seen)
        if all(map(str.isdigit, seen)) and not _COUNTS.fullmatch(name):
            # Of the file's own size, which need not be that of these inputs.
            yield _Given(str(math.prod(layout.features)))
    elif _ACTIVATION.fullmatch(name):
        yield from _activations(name, file)
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
    elif layout.labels and _FEATURES.fullmatch(name) and _has_heads(constructor):
        # A net of indices has as many as it likes, and few are compared sooner.
        yield _Given(_IN_HEADS[0])
    elif _FEATURES.fullmatch(in_english(name)) and _has_inputs_before(name, constructor):
        yield _Given(_OTHER_SIZES[0])
    elif (
        _VISIBLE.fullmatch(name)
        or _FEATURES.fullmatch(in_english(name))
        or (_UNNAMED_SIZE.fullmatch(name) and name == constructor.arguments[0].name)
    ):
        yield from map(_Given, _divided_among(layout, _heads(constructor)))
    elif name.endswith("_out") or in_english(name) in ("classes", "categories"):
        yield _Given(size_of("output size"))
    elif _UNNAMED_SIZE.fullmatch(name):
        yield _Given(_other_size(name, constructor))
    elif _COUNTS.fullmatch(name):
        yield _Given("2")
    elif _NUMBER.fullmatch(name):
        numbers = [a.name for a in constructor.arguments if _NUMBER.fullmatch(a.name)]
        yield _Given(str(WORDS + numbers.index(name)))
    else:
        yield from map(_Given, [*([_PART] if layout.labels else []), "None"])


def _other_size(name: str, constructor: Function) -> str:
    """A size for an argument whose name does not say of what: another than those of the others."""
    others = [a.name for a in constructor.arguments[1:]]
    unnamed = [other for other in others if _UNNAMED_SIZE.fullmatch(other) and not size_role(other)]
    named = {size_of(size) for other in others if (size := size_role(other)) is not None}
    heads = _has_heads(constructor)
    sizes = [size for size in (_IN_HEADS if heads else _OTHER_SIZES) if size not in named]
    if name in _CLASSES and name == unnamed[-1] and not heads:
        return size_of("output size")
    return sizes[unnamed.index(name) % len(sizes)]


def _has_inputs_before(name: str, constructor: Function) -> bool:
    """Whether the size of the inputs is another argument's, before this one."""
    names = [a.name for a in constructor.arguments]
    return any(size_role(other) == "input size" for other in names[: names.index(name)])


def _has_heads(constructor: Function) -> bool:
    return bool(_heads(constructor))


def _heads(constructor: Function) -> list[str]:
    """The arguments that say how many heads there are, or groups of these."""
    return [a.name for a in constructor.arguments if _HEADS.fullmatch(a.name)]


def _divided_among(layout: LayerShapes, heads: list[str]) -> list[str]:
    """The number of features; nothing where each head would not have several of them, as one hides a scale."""
    features = math.prod(layout.features)
    each, rest = divmod(features, 2 ** len(heads))
    return [] if heads and (rest or each < 2) else [str(features)]


def _is_of_images(layout: LayerShapes) -> bool:
    """Whether the weights of a layer are kernels, whose shape it may be told."""
    return len(layout.weights) == len(layout.inputs) > 2


def _of_images(name: str, layout: LayerShapes) -> str:
    """How high or wide images are, or how many channels they have; empty where an argument is none of these."""
    if len(layout.inputs) != _AXES_OF_IMAGES:
        return ""
    last = layout.inputs[-1] < layout.inputs[1]
    channels, high, wide = (layout.inputs[i] for i in ((3, 1, 2) if last else (1, 2, 3)))
    said = _OF_IMAGES.fullmatch(in_english(name))
    numbers = {"high": high, "wide": wide, "channels": channels}
    return str(numbers[said.lastgroup]) if said and said.lastgroup else ""


def _window(name: str, layout: LayerShapes) -> list[str]:
    """What an argument may be that is the shape of a window or how far it moves; nothing where it is neither.

    A kernel's has the channels first, or is that of the window alone.
    """
    axes = len(layout.inputs) - 2
    if axes not in (1, 2):
        return []
    if _STRIDES.fullmatch(name):
        return [repr((2,) * axes)]
    window = (3,) * axes
    return [repr((layout.inputs[1], *window)), repr(window)] if _WINDOW.fullmatch(name) else []


def _layers(seen: list[str], file: Definitions) -> str:
    """The layers that a file itself hands to a net, else some that are made of its classes; empty where there are
    none."""
    own = next((text for text in seen if "(" in text), "")
    return with_sizes(own, _ROWS) if own else composed(_ROWS, file)


def _has_outputs(constructor: Function) -> bool:
    return any(size_role(a.name) in ("output size", "hidden size") for a in constructor.arguments)


def _activations(name: str, file: Definitions) -> Iterator[_Given]:
    options = file.options.get(name, ())
    functions = [f.name for f in file.functions if _RELU.fullmatch(f.name) and not f.owner]
    functions += [f"{owner}()" for owner in file.constructors if _RELU.fullmatch(owner)]
    if options:
        yield from map(_Given, options)
    elif functions:
        yield _Given(functions[0], "the file's ReLU was assumed")
    else:
        yield _Given(f"lambda x: {file.numpy_name}.maximum(x, 0)", "ReLU was assumed")
