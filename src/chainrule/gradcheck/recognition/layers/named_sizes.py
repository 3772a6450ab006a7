"""Sizes that the constructor of a layer asks for, by their names: of features, of images and windows, of heads."""

from __future__ import annotations

import math
import re

from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.settings import VALUES
from chainrule.gradcheck.recognition.layers.shapes import WORDS, LayerShapes
from chainrule.gradcheck.recognition.made_sizes import size_of

_STRIDES = re.compile(r"strides?_?shape", re.IGNORECASE)
_WINDOW = re.compile(
    r"(\w+_)?(conv(olution)?|kernel|filt(er)?|pool(ing)?|window)_?(shape|dims)", re.IGNORECASE
)
_FEATURES = re.compile(
    r"(\w+_)?(dims?|size|n|num|units|channels|features)|d_?model|(n_?)?emb(d|ed)?", re.IGNORECASE
)
_UNNAMED_SIZE = re.compile(
    r"[A-Z]|d(?!ata|type|evice|ebug)_?\w+|\w*(hidden|embed|feat|vec|inner|width)\w*", re.IGNORECASE
)
_OTHER_SIZES = ("5", "4", "8", "3")
_LARGE, _SMALL = 16, "8"
_IN_HEADS = ("4", "8", "10", "12")
_CLASSES = ("C", "K", "O")
_COUNTS = re.compile(r"(n|num|nb)?_?(blocks|layers|levels|stacks)|depth", re.IGNORECASE)
_VISIBLE = re.compile(r"((n|num)_?)?vis(ible)?(_units)?|\w+_in", re.IGNORECASE)
_NUMBER = re.compile(r"(n|num|nb)_\w+")
_OF_IMAGES = re.compile(
    r"(?:(?:img|image|in(?:put)?)_?)?(?:(?P<high>h|height|rows)|(?P<wide>w|width|cols|columns)|(?P<channels>c|channels|depth))",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"(img|image|in(put)?)_?(size|shape|hw|res(olution)?)|hw", re.IGNORECASE)
_AXES_OF_IMAGES = 4
_HEADS = re.compile(
    r"((n|num|nb)_?)?((attn|attention|q|query|kv|key_?value)_?)?(heads?|groups?)(_?(n|num))?|nhead|group_?size",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(k(ernel)?|pool|f(ilter)?|win(dow)?)_?(?P<high>h(eight)?)|(k(ernel)?|pool|f(ilter)?|win(dow)?)_?(?P<wide>w(idth)?)|patch(_?size)?",
    re.IGNORECASE,
)
_GROUPS, _HEADS_IN_GROUPS = re.compile(r"group|kv", re.IGNORECASE), "4"


def sizes_by_name(name: str, constructor: Function, layout: LayerShapes) -> list[str]:
    """What a size may be that has no usual role, for inputs of this layout; nothing where a name says of no size."""
    plain = in_english(name)
    if layout.labels and _FEATURES.fullmatch(name) and heads_of(constructor):
        # A net of indices has as many as it likes, and few are compared sooner.
        return [_IN_HEADS[0]]
    if _FEATURES.fullmatch(plain) and _has_inputs_before(name, constructor):
        return [_OTHER_SIZES[0]]
    is_first = name == constructor.arguments[0].name
    if _VISIBLE.fullmatch(name) or _FEATURES.fullmatch(plain) or (_UNNAMED_SIZE.fullmatch(name) and is_first):
        return features_of(layout, constructor)
    if name.endswith("_out") or plain in ("classes", "categories"):
        return [size_of("output size")]
    if _UNNAMED_SIZE.fullmatch(name):
        return [_other_size(name, constructor)]
    if _COUNTS.fullmatch(name):
        return ["2"]
    if _NUMBER.fullmatch(name):
        numbers = [a.name for a in constructor.arguments if _NUMBER.fullmatch(a.name)]
        return [str(WORDS + numbers.index(name))]
    return []


def smaller(name: str, default: str, constructor: Function, layout: LayerShapes) -> list[str]:
    """Sizes in the place of one that is large by default, which heads and groups divide: one of its own, and that of
    the inputs; nothing where none is."""
    is_large = default.isdecimal() and int(default) > _LARGE
    if not is_large or not _FEATURES.fullmatch(in_english(name)):
        return []
    of_inputs = features_of(layout, constructor) if heads_of(constructor) else []
    return [*dict.fromkeys([_SMALL, *of_inputs])]


def heads_of(constructor: Function) -> list[str]:
    """The arguments that say how many heads there are, or groups of these."""
    return [a.name for a in constructor.arguments if _HEADS.fullmatch(a.name)]


def says_how_many(name: str) -> bool:
    """Whether a setting of this name is a number of heads or of groups, as a G is by custom.

    >>> says_how_many("num_groups"), says_how_many("G"), says_how_many("gain")
    (True, True, False)
    """
    plain = name.strip("_")
    return plain in ("g", "G") or _HEADS.fullmatch(plain) is not None


def number_of_heads(name: str, constructor: Function) -> str:
    """How many heads or groups an argument asks for: of heads in groups there are several groups, and several heads in
    each."""
    in_groups = len(heads_of(constructor)) > 1 and not _GROUPS.search(name)
    return _HEADS_IN_GROUPS if in_groups else VALUES["n_heads"]


def features_of(layout: LayerShapes, constructor: Function) -> list[str]:
    """The number of features; nothing where each head would not have several of them, as one hides a scale."""
    features, heads = math.prod(layout.features), heads_of(constructor)
    each, rest = divmod(features, 2 ** len(heads))
    return [] if heads and (rest or each < 2) else [str(features)]


def size_of_images(name: str, layout: LayerShapes) -> str:
    """How high or wide images are, or both, or how many channels they have; empty where an argument is none of it."""
    if len(layout.inputs) != _AXES_OF_IMAGES:
        return ""
    last = _has_channels_last(layout)
    channels, high, wide = (layout.inputs[i] for i in ((3, 1, 2) if last else (1, 2, 3)))
    if _IMAGE.fullmatch(name):
        return repr((high, wide))
    said = _OF_IMAGES.fullmatch(in_english(name))
    numbers = {"high": high, "wide": wide, "channels": channels}
    return str(numbers[said.lastgroup]) if said and said.lastgroup else ""


def channels_of(layout: LayerShapes) -> str:
    """How many channels inputs have, by the kernels beside them; empty where these are none."""
    *_, before, last = (0, 0, *layout.weights)
    if len(layout.weights) <= 2:
        return ""
    return str(layout.weights[1] if before == last else before)


def side(name: str) -> str:
    """How high, wide or both a window is; empty where an argument is no side of one."""
    said = _SIDE.fullmatch(name)
    return "" if said is None else "3" if said["high"] else "2"


def wider(name: str, given: str) -> str:
    """Another width of a window, with which it is no square; empty where an argument is none."""
    said = _SIDE.fullmatch(name)
    return "3" if said is not None and said["wide"] and given == "2" else ""


def windows(name: str, layout: LayerShapes) -> list[str]:
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


def other_kernels(layout: LayerShapes) -> list[tuple[int, ...]]:
    """The weights of kernels of an even size for inputs of this layout, and of those that are higher than wide; none
    where it has no kernels of images."""
    if not _has_kernels(layout):
        return []
    windows = [(2, 2), (3, 2)]
    weights = layout.weights
    if _has_channels_last(layout):
        return [(*window, *weights[2:]) for window in windows]
    return [(*weights[:2], *window) for window in windows]


def with_more_channels(layout: LayerShapes) -> LayerShapes | None:
    """The same with twice as many channels, where there are as many as kernels are high; None where there are not."""
    if not _has_kernels(layout):
        return None
    inputs, weights = [*layout.inputs], [*layout.weights]
    at, of_weights, high = (3, 2, 0) if _has_channels_last(layout) else (1, 1, 2)
    before = inputs[at]
    if not before == weights[of_weights] == weights[high]:
        return None
    inputs[at] = weights[of_weights] = 2 * before
    features = tuple(2 * size if size == before else size for size in layout.features)
    return layout._replace(inputs=tuple(inputs), weights=tuple(weights), features=features)


def _has_kernels(layout: LayerShapes) -> bool:
    return len(layout.inputs) == len(layout.weights) == _AXES_OF_IMAGES


def _has_channels_last(layout: LayerShapes) -> bool:
    """Whether the features are the last axis; where a layout has none, it is the smallest axis that they are."""
    features = math.prod(layout.features)
    second, last = layout.inputs[1], layout.inputs[-1]
    return last == features if features in (second, last) else last < second


def other_windows(name: str, given: str, constructor: Function, layout: LayerShapes) -> list[str]:
    """An even size, or shape, of the kernels of a layer that has several, beside an odd one: what has no middle may lie
    elsewhere on the way back."""
    if not any(size_role(argument.name) == "output channels" for argument in constructor.arguments):
        return []
    if size_role(name) == "kernel":
        return [{"3": "2", "(3, 3)": "(2, 2)"}[given]] if given in ("3", "(3, 3)") else []
    axes = len(layout.inputs) - 2
    shape = [*map(int, re.findall(r"\d+", given))] if _WINDOW.fullmatch(name) else []
    return [repr((*shape[:-axes], *[2] * axes))] if axes and len(shape) >= axes else []


def unequal(name: str, given: str) -> list[str]:
    """Two different sides, or steps, of windows in the place of two that are the same: one may be taken for the other.

    >>> unequal("kernel_size", "(2, 2)"), unequal("kernel_size", "(2, 3)"), unequal("image_size", "(2, 2)")
    (['(2, 3)'], [], [])
    """
    of_windows = (
        size_role(name) in ("kernel", "stride") or _WINDOW.fullmatch(name) or _STRIDES.fullmatch(name)
    )
    same = re.fullmatch(r"\((\d+), \1\)", given) if of_windows else None
    return [repr((int(same[1]), int(same[1]) + 1))] if same else []


def _other_size(name: str, constructor: Function) -> str:
    """A size for an argument whose name does not say of what: another than those of the others."""
    others = [a.name for a in constructor.arguments[1:]]
    unnamed = [other for other in others if _UNNAMED_SIZE.fullmatch(other) and not size_role(other)]
    named = {size_of(size) for other in others if (size := size_role(other)) is not None}
    heads = heads_of(constructor)
    sizes = [size for size in (_IN_HEADS if heads else _OTHER_SIZES) if size not in named]
    if name in _CLASSES and name == unnamed[-1] and not heads:
        return size_of("output size")
    return sizes[unnamed.index(name) % len(sizes)]


def _has_inputs_before(name: str, constructor: Function) -> bool:
    """Whether the size of the inputs is another argument's, before this one."""
    names = [a.name for a in constructor.arguments]
    return any(size_role(other) == "input size" for other in names[: names.index(name)])
