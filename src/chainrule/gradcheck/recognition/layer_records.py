"""Lists that say of each layer how large it is and what it is made of: ``[(32, "tanh"), (10, "sigmoid")]``, or
dictionaries ``{"input_dim": 784, "output_dim": 32, "activation": "relu"}``."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.size_names import size_role

LayerRecord = tuple[tuple[str, int | str], ...]
"""What stands in each place, by key where there is one: a size, or the text of what the layer is made of."""

_LAST = ("'softmax'", "'sigmoid'", "'linear'", "'identity'")
"""What the last layer is made of, where its file does not say it."""


_HIDDEN = ("'tanh'", "'sigmoid'", "'relu'")
"""What hidden layers are made of where nothing says more."""

_LISTED = r"(hidden_?|layers?_?)?(activations|act(ivation)?s?_?(functions|func(tion)?s|fns|list|names|types))"
"""What a list of such texts is called."""


class LayerRecords(NamedTuple):
    """Such a list as a file reads it.

    Attributes:
        hidden: the record of a hidden layer.
        last: that of the last layer.
        texts: what may stand in the place of the hidden layers' text.
    """

    hidden: LayerRecord
    last: LayerRecord
    texts: tuple[str, ...]

    @property
    def key(self) -> str:
        """By what the text is looked up; empty where it has a place alone."""
        return next(key for key, value in self.hidden if isinstance(value, str))

    @property
    def text(self) -> str:
        """That of the hidden layers."""
        return next(value for _, value in self.hidden if isinstance(value, str))

    @property
    def others(self) -> list[str]:
        """The other texts that may stand there."""
        return [text for text in self.texts if text != self.text]

    def written(self, widths: Sequence[int], text: str = "", *, with_inputs: bool = False) -> str:
        """The list of a net of these widths, the inputs first.

        Args:
            widths: of all layers.
            text: of the hidden layers; empty: their own.
            with_inputs: the inputs have a record of their own where each says how many units go out alone.

        >>> records = LayerRecords((("", 32), ("", "'tanh'")), (("", 10), ("", "'sigmoid'")), ())
        >>> records.written([6, 5, 3])
        "[(5, 'tanh'), (3, 'sigmoid')]"
        """
        pairs = [*itertools.pairwise(widths)]
        if with_inputs and len([value for _, value in self.hidden if isinstance(value, int)]) == 1:
            pairs.insert(0, (widths[0], widths[0]))
        records = [_written(self.hidden, pair, text) for pair in pairs[:-1]]
        return f"[{', '.join([*records, _written(self.last, pairs[-1], '')])}]"


def in_records(name: str) -> str:
    """What the text of the hidden layers in the list of this name is called as an option."""
    return f"{name}[]"


def with_text(written: str, text: str) -> str:
    """A list with another text in the records of the hidden layers.

    >>> with_text("[(5, 'tanh'), (3, 'sigmoid')]", "'relu'")
    "[(5, 'relu'), (3, 'sigmoid')]"
    """
    tree = ast.parse(written, mode="eval")
    assert isinstance(tree.body, ast.List)
    for record in tree.body.elts[:-1]:
        places = record.values if isinstance(record, ast.Dict) else [*ast.iter_child_nodes(record)]
        for node in places:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = ast.literal_eval(text)
    return ast.unparse(tree)


def layer_records(file: Definitions, name: str) -> LayerRecords | None:
    """How the list of this name is read; None where it is none such."""
    handed = [h for (_, taken), every in file.handed.items() if taken == name for h in every]
    found = (_of_text(h.constant or h.expression, file) for h in handed)
    keys = dict.fromkeys(key for f in file.functions for key in f.keys.get(f"{name}[]", ()))
    return next(filter(None, found), None) or _of_keys(keys, file)


def listed_texts(name: str, layers: int, file: Definitions) -> str:
    """The list that says of each of some layers what it is made of, ``['tanh', 'softmax']``; empty where an argument of
    this name is none such, or no texts are known."""
    if not re.fullmatch(_LISTED, in_english(name).strip("_"), re.IGNORECASE):
        return ""
    texts = next((texts for texts in file.options.values() if {*_HIDDEN} & {*texts}), ())
    hidden = next((text for text in _HIDDEN if text in texts), "")
    last = next((text for text in _LAST if text in texts), hidden)
    return f"[{', '.join([*[hidden] * (layers - 1), last])}]" if hidden else ""


def _of_text(text: str, file: Definitions) -> LayerRecords | None:
    """How a list is read that is written down."""
    if text[:1] != "[":
        return None
    tree = ast.parse(text, mode="eval").body
    records = [*map(_record, tree.elts)] if isinstance(tree, ast.List) else []
    if not records or not all(map(_is_of_layer, records)):
        return None
    found = LayerRecords(records[0], records[-1], ())
    return found._replace(texts=next((texts for texts in file.options.values() if found.text in texts), ()))


def _record(entry: ast.expr) -> LayerRecord:
    match entry:
        case ast.Dict(keys=keys, values=values):
            names = [key.value if isinstance(key, ast.Constant) else "" for key in keys]
            return tuple((str(name), _place(value)) for name, value in zip(names, values, strict=True))
        case ast.Tuple(elts=values):
            return tuple(("", _place(value)) for value in values)
    return ()


def _place(value: ast.expr) -> int | str:
    is_size = isinstance(value, ast.Constant) and type(value.value) is int
    return int(ast.unparse(value)) if is_size else ast.unparse(value)


def _is_of_layer(record: LayerRecord) -> bool:
    """Whether a record says how many units go out, or come in and go out, and one thing more."""
    sizes = [key for key, value in record if isinstance(value, int)]
    named = len(sizes) == 1 or not any(sizes) or "input size" in map(size_role, sizes)
    return len(sizes) in (1, 2) and len(record) == len(sizes) + 1 and named


def _of_keys(keys: Iterable[str], file: Definitions) -> LayerRecords | None:
    """How a list is read of whose records these keys are looked up."""
    record: list[tuple[str, int | str]] = []
    texts: tuple[str, ...] = ()
    for key in keys:
        if size_role(key) in ("input size", "output size", "hidden size"):
            record.append((key, 0))
        elif file.options.get(key):
            texts = file.options[key]
            record.append((key, texts[0]))
        else:
            return None
    hidden = tuple(record)
    if not _is_of_layer(hidden):
        return None
    last = next((text for text in _LAST if text in texts), texts[0])
    return LayerRecords(hidden, tuple((k, last if isinstance(v, str) else v) for k, v in hidden), texts)


def _written(record: LayerRecord, pair: tuple[int, int], text: str) -> str:
    """A record of a layer that so many units come into and go out of."""
    sizes = [key for key, value in record if isinstance(value, int)]
    comes_in = [
        len(sizes) > 1 and (size_role(key) == "input size" if key else not n) for n, key in enumerate(sizes)
    ]
    widths = iter(pair[0] if comes else pair[1] for comes in comes_in)
    values = [(key, str(next(widths)) if isinstance(value, int) else text or value) for key, value in record]
    if any(key for key, _ in values):
        return "{" + ", ".join(f"{key!r}: {value}" for key, value in values) + "}"
    return f"({', '.join(value for _, value in values)})"
