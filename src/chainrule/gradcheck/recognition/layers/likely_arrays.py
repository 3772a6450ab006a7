"""Which of the arrays that an argument of a layer may be are likely, beside the inputs: these are tried first."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from chainrule.gradcheck.recognition.layers.drawn_arrays import shaped
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind
from chainrule.gradcheck.recognition.layers.plans import WHOLE_NUMBERS, drawn
from chainrule.gradcheck.recognition.layers.shapes import WORDS

SAMPLES = (2, 7)
"""Samples, each of several steps; or as many samples."""

_OTHER_STEPS = "4"
"""How many there are of sequences beside the inputs, where these have 7."""

TABLE = re.compile(r"(?-i:E|C)|\w*emb(ed(ding)?s?)?|wte|(tok|lookup)\w*", re.IGNORECASE)
"""What is called so has a row for each word, where there are indices of words."""


def features_first(texts: list[str], sizes: Collection[int]) -> list[str]:
    """Those inputs first that have as many features as arrays of the layer's object; of several steps where no usual
    ones have so many. Before indices stand those with as many entries in all, which a layer makes a vector of.

    >>> features_first(["rng.normal(size=(7, 6))", "rng.normal(size=(2, 7, 8))"], {8})[0]
    'rng.normal(size=(2, 7, 8))'
    """
    flat = [shaped("inputs", (size // 2, 2))[0] for size in sorted(sizes) if size % 2 == 0 and size > 4]
    first = next((n for n, text in enumerate(texts) if text.startswith(WHOLE_NUMBERS)), len(texts))
    steps = [shaped("inputs", (*SAMPLES, size))[0] for size in sorted(sizes)]
    every = [*texts[:first], *flat, *texts[first:], *steps]
    return sorted(
        dict.fromkeys(every), key=lambda text: bool(sizes) and not {*map(str, sizes)} & {*_sizes(text)[-1:]}
    )


def ordered(
    name: str, kinds: Mapping[str, ArgumentKind], inputs: str, texts: list[str], *, alike_first: bool
) -> list[str]:
    """The likely ones first: labels, and what stands beside them, with one for each vector of the inputs, states of as
    many samples; weights with a row for each word, beside indices of words; vectors where weights have a small letter.

    Args:
        alike_first: whether sequences beside the inputs have as many samples and features as these.
    """
    kind, beside = kinds[name], {*kinds.values()}
    of_words = {"indices", "sequences"} & beside or inputs.startswith("rng.permutation")
    if kind == "other" and inputs.startswith("rng.permutation"):
        # Each index may have a number of its own.
        texts = [drawn(kind, inputs[inputs.rindex("(") : -1]), *texts] if inputs.endswith("))") else texts
    has_table = any(map(TABLE.fullmatch, kinds))
    if of_words and kind in ("weights", "other") and (TABLE.fullmatch(name) or not has_table):
        if name[:1].isupper():
            # A capital is a matrix: of a vector an index would pick a number.
            texts = [text for text in texts if len(_sizes(text)) > 1]
        return sorted(texts, key=lambda text: f"size=({WORDS}, " not in text)
    if kind == "weights" and _is_recurrent(name, kinds):
        return sorted(texts, key=lambda text: ("size=(5, 5)" not in text, "size=(5, " not in text))
    if kind == "weights" and re.fullmatch("w|w_?[a-z]|theta|coefs?", name) and "labels" in beside:
        return sorted(texts, key=lambda text: len(_sizes(text)) > 1)
    if kind == "labels" or (kind in ("mask", "other") and "labels" in beside):
        own = _sizes(inputs)
        likely = [own[:-1], own, [*own[:-1], "1"]][: 1 if kind == "labels" else None]
        return sorted(
            texts, key=lambda text: likely.index(of) if (of := _sizes(text)) in likely else len(likely)
        )
    own = _sizes(inputs)
    if kind == "mask" and alike_first and "other" in beside:
        # Of each step of the inputs it says which of the others count.
        return sorted(texts, key=lambda text: _sizes(text) != [*own[:-1], _OTHER_STEPS])
    if kind == "other" and alike_first and len(own) > len(SAMPLES):
        ends = [len(own), own[0], own[-1]]
        return sorted(texts, key=lambda text: [len(sizes := _sizes(text)), *sizes[:1], *sizes[-1:]] != ends)
    return _beside(inputs, texts) if kind == "state" else texts


def of_parameters(texts: list[str]) -> list[str]:
    """What arrays that one argument holds may be, those with fewer axes first: what has more than its own may be spread
    like them, and run as well.

    >>> of_parameters(["rng.normal(size=(7, 6))", "rng.normal(size=(5,))"])
    ['rng.normal(size=(5,))', 'rng.normal(size=(7, 6))']
    """
    return sorted((text for text in texts if "permutation" not in text), key=lambda text: len(_sizes(text)))


def _is_recurrent(name: str, beside: Collection[str]) -> bool:
    """Whether weights are those of a state, which has 5 units: ``Uz`` beside ``Wz``, ``Whh`` beside ``Wxh``."""
    of_inputs = (f"W{name[1:]}" if name[:1] == "U" else re.sub("(?<=[Ww])(_?)h", r"\1x", name, count=1),)
    return name[:1] in "UWw" and any(other != name and other in beside for other in of_inputs)


def _beside(inputs: str, states: list[str]) -> list[str]:
    """Those states first that may be those of as many samples as the inputs hold."""
    samples = {"2", "7"} & {*_sizes(inputs)}
    return sorted(states, key=lambda state: not {"2", "7"} & {*_sizes(state)} <= samples)


def _sizes(text: str) -> list[str]:
    """The sizes of what an expression draws; of a list of sequences how many there are, twice."""
    if text.startswith("[["):
        return [str(text.count("[") - 1)] * 2
    if "ogrid" in text:
        return re.findall(r"(?<=:)\d+", text)
    return re.findall(r"\d+", re.split(r"size=|reshape", text)[-1])
