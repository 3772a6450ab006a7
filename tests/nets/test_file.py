"""A net as a file: what is saved is loaded, what is damaged, newer or something else is one line; the documented
reader agrees."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from chainrule import load, tensors
from chainrule.components import ACTIVATIONS
from chainrule.components.kinds import Activation
from chainrule.data.encoding import CategoryColumn, Encoding, NumberColumn
from chainrule.data.frames import Frame
from chainrule.errors import StoreError
from chainrule.nets.file import member_bytes, save
from chainrule.settings.strict import Strict
from nets.test_net import X, net

PAGE = Path(__file__).parents[2] / "docs" / "net-file.md"
KINDS = {
    "deep": {"widths": (4, 6, 5, 3)},
    "two classes": {"widths": (4, 6, 2)},
    "plain": {"batch_norm": False},
    "one layer": {"widths": (4, 3), "batch_norm": False},
    "single": {"members": 1},
    "numbers": {"classes": np.array([1, 5, 9])},
    "truths": {"widths": (4, 2), "batch_norm": False, "classes": np.array([False, True])},
    "no names": {"columns": None},
    **{name: {"activation": name} for name in ACTIVATIONS if name != "relu"},
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "one.net"


def reader(activation="relu"):
    """What the programs of the page define: that of forty lines, and what makes numbers of columns."""
    text = PAGE.read_text()
    program, more, *_ = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    if activation != "relu":
        (other,) = re.findall(rf"^\| `{activation}` \| `(.*)` \|$", text, re.MULTILINE)
        program = program.replace("np.maximum(h, 0)", other)
    assert len([line for line in program.splitlines() if line.strip()]) <= 40
    names: dict = {"__name__": "reader", "math": math}
    exec(compile(program + more, str(PAGE), "exec"), names)
    return names


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_predicts_the_same_bits(kind, path):
    one = dataclasses.replace(net(**KINDS[kind]), trained={"rows": 50, "loss": float("nan")})
    save(one, path)
    again = load(path)
    np.testing.assert_array_equal(again.predict_proba(X), one.predict_proba(X))
    assert again.predict(X).tolist() == one.predict(X).tolist()
    assert (again.columns, again.trained) == (one.columns, {"rows": 50, "loss": None})
    save(again, path.with_name("again.net"))
    assert path.with_name("again.net").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_forty_lines_of_numpy_run_it(kind, path):
    names = reader(KINDS[kind].get("activation", "relu"))
    save(net(**KINDS[kind]), path)
    np.testing.assert_allclose(names["predict"](path, X), net(**KINDS[kind]).predict_proba(X), rtol=1e-10)


def changed(path, arrays=None, **document):
    """A file that is whole, of other content than was saved."""
    save(net(), path)
    before, held = tensors.read(path, 10**6, StoreError, "")
    said = {key: value for key, value in {**before, **document}.items() if value is not ...}
    path.write_bytes(tensors.to_bytes(said, {**held, **(arrays or {})}))
    return path


NOT = np.full((3, 6), np.nan, np.float32)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "is no net that chainrule saved"),
        ({"format": ...}, "is no net that chainrule saved"),
        ({"version": 6, "written_by": "9.0"}, "is of version 6, written by chainrule 9.0; update chainrule"),
        ({"classes": None}, "is damaged: its loss, its classes and its outputs do not fit"),
        ({"loss": "squared_error"}, "is damaged: its loss, its classes and its outputs do not fit"),
        ({"version": "1"}, "is damaged: version"),
        ({"widths": [4, 6]}, "is damaged: it names 3 classes for 6"),
        ({"widths": [4, 10**9, 3]}, "is damaged: widths.1"),
        ({"widths": [4, 7, 3]}, "is damaged: W1 is float32 (3, 6, 4), not floats (3, 7, 4)"),
        ({"members": 2}, "is damaged: W1"),
        ({"members": ...}, "is damaged: members: is missing"),
        ({"more": 1}, "is damaged: more: is no known key"),
        ({"classes": ["a", "a", "b"]}, "is damaged: it names 3 classes for 3"),
        ({"columns": ["w"]}, "is damaged: it names 1 columns for 4"),
        ({"activation": "gelu9"}, "has activation 'gelu9', which is unknown here; update chainrule"),
        ({"loss": "other"}, "has loss 'other', which is unknown here"),
        ({"eps": 0.1}, "has eps 0.1"),
        ({"batch_norm": False}, "is damaged: array beta1 is missing, or there for nothing"),
        ({"arrays": {"W9": np.zeros(1)}}, "is damaged: array W9 is missing, or there for nothing"),
        ({"arrays": {"b1": NOT}}, "is damaged: b1 holds numbers that are not finite"),
        ({"arrays": {"variance1": -np.ones((3, 6))}}, "is damaged: variance1 holds a variance below 0"),
        ({"arrays": {"b1": np.zeros((3, 6), int)}}, "is damaged: b1 is int64"),
    ],
)
def test_what_is_no_net_of_ours_is_said_in_one_line(change, words, path):
    with pytest.raises(StoreError) as refused:
        load(changed(path, **change))
    (line,) = refused.value.problems
    assert words in line
    assert str(path) in line


OF_NUMBERS = {"widths": (4, 6, 1), "loss": "squared_error", "classes": None}


def test_a_net_of_numbers_is_a_file_of_version_2(path):
    one = net(**OF_NUMBERS)
    save(one, path)
    again = load(path)
    np.testing.assert_array_equal(again.predict(X), one.predict(X))
    assert (again.classes, again.predict(X).shape) == (None, (50,))
    document, _ = tensors.read(path, 10**6, StoreError, "")
    assert (document["version"], document["classes"]) == (2, None)
    np.testing.assert_allclose(reader()["predict"](path, X), one.predict(X), rtol=1e-10)


ENCODED = (
    NumberColumn(name="w", fill=1.5, marked=True),
    CategoryColumn(name="city", categories=("Oslo", "Rome")),
    CategoryColumn(name="side", categories=("left", None)),
)
FRAME = Frame(
    {
        "city": np.array(["Rome", "Oslo", "Lima", None], object),
        "side": np.array([None, "left", "right", "left"], object),
        "w": np.array([0.5, np.nan, -3.0, 2.0]),
    }
)
_ENCODING = Encoding(ENCODED)
UNKNOWN = pytest.mark.filterwarnings("ignore::chainrule.data.encoding.EncodingNotice")
MIXED = {"widths": (6, 5, 3), "columns": _ENCODING.outputs, "encoding": _ENCODING}


@UNKNOWN
def test_a_net_of_texts_and_gaps_is_a_file_of_version_3(path):
    one = net(**MIXED)
    save(one, path)
    again = load(path)
    assert (again.encoding, again.columns) == (_ENCODING, _ENCODING.outputs)
    document, _ = tensors.read(path, 10**6, StoreError, "")
    assert document["version"] == 3
    np.testing.assert_array_equal(again.predict_proba(FRAME), expected := one.predict_proba(FRAME))
    names = reader()
    columns = {name: FRAME[name].tolist() for name in FRAME.columns}
    rows = names["rows"](names["read"](path)[0], columns | {"w": FRAME["w"]})
    np.testing.assert_allclose(names["predict"](path, rows), expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        (ENCODED[:2], "what its columns are encoded to does not fit them"),
        ((ENCODED[0], *ENCODED), "what its columns are encoded to does not fit them"),
        ((*ENCODED[:2], CategoryColumn(name="side", categories=("left", "left"))), "does not fit them"),
        ([], "is damaged: encoding"),
        ([{"name": "w", "fill": 1.5}], "is damaged: encoding.0"),
        ([{"name": "w", "fill": "1", "marked": True}], "is damaged: encoding.0"),
    ],
)
def test_an_encoding_that_is_none_of_ours_is_said_in_one_line(encoding, words, path):
    written = [one.model_dump() if isinstance(one, Strict) else one for one in encoding]
    save(net(**MIXED), path)
    document, arrays = tensors.read(path, 10**6, StoreError, "")
    path.write_bytes(tensors.to_bytes(document | {"encoding": written}, arrays))
    with pytest.raises(StoreError, match=words):
        load(path)


def test_a_damaged_or_missing_file(path):
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        load(path)
    save(net(), path)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="its checksum is another"):
        load(path)
    path.write_text(json.dumps({"a": 1}))
    with pytest.raises(StoreError, match="no file of tensors"):
        load(path)


def test_what_a_file_cannot_hold_is_named(path):
    own = Activation(name="mine", about="own", forward=lambda s: (s, s), backward=lambda dh, s: dh)
    ACTIVATIONS.register(own)
    try:
        one = net()
        with pytest.raises(StoreError, match="cannot hold activation 'mine'"):
            save(dataclasses.replace(one, network=dataclasses.replace(one.network, activation="mine")), path)
    finally:
        ACTIVATIONS.unregister("mine")
    with pytest.raises(StoreError, match="labels that are bytes"):
        save(net(classes=np.array([b"a", b"b", b"c"])), path)
    assert not path.exists()


def test_a_net_of_rows_with_several_labels_is_a_file_of_version_5(path):
    one = net(loss="binary_cross_entropy", several=True)
    save(one, path)
    document, _ = tensors.read(path, 10**6, StoreError, "")
    assert (document["version"], document["several"]) == (5, True)
    np.testing.assert_array_equal(load(path).predict_proba(X), one.predict_proba(X))


def test_a_member_of_a_run_predicts_with_its_best_weights(path):
    one = net(members=1)
    last = {name: array + 1 for name, array in one.parameters.items()}
    path.write_bytes(member_bytes(one, last))
    np.testing.assert_array_equal(load(path).predict_proba(X), one.predict_proba(X))
    _, arrays = tensors.read(path, 10**6, StoreError, "")
    np.testing.assert_array_equal(arrays["last.W1"], last["W1"][0])


def test_labels_of_a_member_that_are_bytes_are_kept_as_text(path):
    one = net(members=1, classes=np.array([b"a", b"b", b"c"]))
    path.write_bytes(member_bytes(one, one.parameters))
    assert load(path).classes.tolist() == ["b'a'", "b'b'", "b'c'"]
