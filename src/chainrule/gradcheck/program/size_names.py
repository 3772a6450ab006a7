"""The one table of what sizes are called: of layers, of kernels, of sequences, of alphabets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.spoken import speaks_of

SizeRole = Literal[
    "input size", "hidden size", "hidden sizes", "output size", "widths", "rng", "seed",
    "input channels", "output channels", "kernel", "stride", "padding", "steps", "vocabulary", "patches",
    "patch size",
]  # fmt: skip

_COUNT = r"(n|num|nb|number(_of)?)_?"
_SIZE = r"(sizes?|dims?|dimensions?|d|nodes|neurons|units|features?|shape|layer(_?size)?|n)"
_CHANNELS = r"ch(an(nel)?)?s?"
_SIZES: tuple[tuple[SizeRole, str], ...] = (
    ("input size", rf"d|n?_?in|d(im)?_?in|fan_?in|n_?x|{_COUNT}(inputs?|features?)|in(put)?s?_?{_SIZE}?"),
    (
        "hidden sizes",
        r"hidden_?(dims|sizes|layers|layer_?sizes|widths|(layer_?)?(size|dim|unit|width)_?(list|lst))",
    ),
    (
        "hidden size",
        rf"(m|h|n_?h(id)?|(hidden_?)?width|{_COUNT}(hid(den)?|nodes|units)|hid(den)?_?{_SIZE}?"
        rf"|(state|rnn|lstm|gru|cell|rec(urrent)?|emb(ed(ding)?)?|latent|code|bottleneck)_?{_SIZE}"
        rf"|{_COUNT}(latent_?)?(factors|components)|(hid(den)?_?)?(node|unit)s?_?(count|number))_?\d?",
    ),
    (
        "output size",
        rf"k|n?_?out|d(im)?_?out|fan_?out|n_?(y|lab(els)?)|{_COUNT}(outputs?|classes|labels|neurons)"
        rf"|out(put)?s?_?{_SIZE}?|units|neurons",
    ),
    (
        "widths",
        r"((hidden|layers?)_?)?(nodes|neurons|units|sizes)_?(list|lst|arr(ay)?|per_?layer)|list_?of_?(nodes|sizes)"
        r"|((enc|dec)(oder)?_?)?(layer_?)?(sizes|dims|dimensions|layers|nodes|widths|structure|architecture|shapes?)",
    ),
    ("rng", r"rng"),
    ("seed", r"(random_?)?(seed|state)"),
    ("input channels", rf"({_COUNT})?in_?(put_?)?{_CHANNELS}|c_?in|{_COUNT}channels|channels"),
    ("output channels", rf"({_COUNT})?out_?(put_?)?{_CHANNELS}|c_?out|filters|{_COUNT}(filters?|kernels?)"),
    (
        "kernel",
        r"kern[ae]l(_?(size|width|height|dim(ension)?))?|(filter|pool|window)_?(size|width|height|dim(ension)?)|ksize|hh|ww",
    ),
    ("stride", r"(\w+_)?strides?(_?(h|w|size|height|width))?"),
    ("padding", r"(\w+_)?pad(ding)?(_?size)?"),
    (
        "steps",
        rf"(seq(uence)?|time|text|unroll)_?(len(gth)?|size|steps)|{_COUNT}(time_?)?steps|ta[uo]|(?-i:T)",
    ),
    (
        "vocabulary",
        rf"(vocab(ulary)?|alphabet|chars?|characters?)_?(size|len(gth)?|dim|count|num)|{_COUNT}(uniq(ue)?_?)?(chars?|characters|words|tokens|users|items)"
        r"|len_?(vocab|chars)",
    ),
)
"""Arguments of a constructor, which asks for sizes where other functions ask for arrays."""

_SIZES_BESIDE_FILTERS: tuple[tuple[SizeRole, str], ...] = (
    ("kernel", r"f|(filter|patch|kernel)_?(size|width|side|dim)"),
    ("output channels", rf"n_?f|{_COUNT}filters?"),
    ("patches", rf"n_?p|{_COUNT}patch(es)?"),
    ("patch size", r"d|patch_?(dim|len|pixels)|f_?(flat|dim|d)"),
)
"""In a file whose net has filters: ``f`` is a function elsewhere."""

_TEXT = r"((input|train(ing)?|raw|full)_?)?(text|corpus|book|novel)(_?(data|text|str(ing)?|contents?))?(_?(all|full))?"
_TEXT_FILE = r"(\w+_)?(file|path|filename|fname)(_?(name|path))?|(book|text|data)_?(dir|url|file|path)|fn"
_ALPHABET = (
    r"(all_?|book_?|uniq(ue)?_?)?(vocab(ulary)?|chars?|characters?|charset|alphabet)(_?(list|set|map|dict))?"
    r"|(chars?|words?|tokens?|ind(ex|ices)?|idx|ix|int|id|c|i|w)_?(to|2)_?(chars?|ind(ex|ices)?|idx|ix|int|id|c|i)"
)


def size_role(name: str) -> SizeRole | None:
    """What a constructor's argument of this name is the size of; None where it is no size."""
    return _size_role(name, beside_filters=speaks_of("filters"))


@lru_cache(maxsize=4096)
def _size_role(name: str, *, beside_filters: bool) -> SizeRole | None:
    plain = in_english(name)
    sizes = (*_SIZES_BESIDE_FILTERS, *_SIZES) if beside_filters else _SIZES
    return next((role for role, pattern in sizes if re.fullmatch(pattern, plain, re.IGNORECASE)), None)


def counted_size(name: str) -> SizeRole | None:
    """The size that a name says to be a number, as ``n_hidden`` and ``hidden_size`` do; ``hidden`` may be an array."""
    says = re.search(
        r"^_?(n|num|nb)_?[a-z]|size|dim|nodes|neurons|units|labels$|len", in_english(name), re.IGNORECASE
    )
    role = size_role(name) if meaning(name).role == "other" else None
    if speaks_of("filters") and role in ("kernel", "output channels", "patches"):
        return role
    counted = ("input size", "hidden size", "output size", "steps", "vocabulary")
    return role if says and role in counted else None


def is_text(name: str) -> bool:
    """Whether something of this name is a text, of whose characters an alphabet is made: ``book_data``, ``corpus``."""
    return re.fullmatch(_TEXT, name.strip("_"), re.IGNORECASE) is not None


def is_text_file(name: str) -> bool:
    """Whether something of this name says where a text lies: ``book_fname``, ``data_path``."""
    return re.fullmatch(_TEXT_FILE, name.strip("_"), re.IGNORECASE) is not None


def is_alphabet(name: str) -> bool:
    """Whether something of this name holds as many things as there are characters: ``char_to_ind``, ``chars``."""
    return re.fullmatch(_ALPHABET, name.strip("_"), re.IGNORECASE) is not None
