"""A net as an ONNX graph: what runs it says what the net predicts."""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS
from chainrule.components.kinds import Activation
from chainrule.data.encoding import CategoryColumn, Encoding
from chainrule.errors import MissingExtraError, SettingsError
from chainrule.nets.onnx import to_onnx
from nets.test_file import FRAME, KINDS, MIXED, OF_NUMBERS, UNKNOWN
from nets.test_net import X, net

pytest.importorskip("onnx")


@pytest.mark.parametrize("kind", [*KINDS, "hinge", "real labels"])
def test_a_runtime_predicts_the_same(kind, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    more = {"hinge": {"loss": "hinge"}, "real labels": {"classes": np.array([1.0, 2.5, 3.0])}}
    one = net(**(KINDS | more)[kind])
    to_onnx(one, tmp_path / "one.onnx")
    session = runtime.InferenceSession(tmp_path / "one.onnx", providers=["CPUExecutionProvider"])
    # erf is computed in float32 there.
    relative = 1e-5 if kind == "gelu" else 1e-9
    for rows in (X, X[:1]):
        label, values = session.run(None, {"rows": rows})
        assert label.tolist() == one.predict(rows).tolist()
        if kind != "hinge":
            np.testing.assert_allclose(values, one.predict_proba(rows), rtol=relative, atol=1e-12)
        elif len(one.classes) > 2:
            np.testing.assert_allclose(values, one.decision_function(rows), rtol=1e-9, atol=1e-12)
    assert [(given.name, given.shape) for given in session.get_inputs()] == [("rows", ["N", 4])]
    assert [made.name for made in session.get_outputs()] == [
        "label",
        "scores" if kind == "hinge" else "probabilities",
    ]


def test_a_runtime_says_the_same_numbers(tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    one = net(**OF_NUMBERS)
    to_onnx(one, tmp_path / "one.onnx")
    session = runtime.InferenceSession(tmp_path / "one.onnx", providers=["CPUExecutionProvider"])
    for rows in (X, X[:1]):
        (prediction,) = session.run(None, {"rows": rows})
        np.testing.assert_allclose(prediction, one.predict(rows), rtol=1e-9)
    assert [made.name for made in session.get_outputs()] == ["prediction"]


@UNKNOWN
def test_a_runtime_takes_the_columns_of_a_net_of_texts_and_gaps(tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    one = net(**MIXED)
    to_onnx(one, tmp_path / "one.onnx")
    session = runtime.InferenceSession(tmp_path / "one.onnx", providers=["CPUExecutionProvider"])
    given = {f"column {name}": FRAME[name] for name in ("w", "city", "side")}
    given |= {
        name: np.array([v or "" for v in values], object) for name, values in given.items() if "w" not in name
    }
    label, probabilities = session.run(None, given)
    assert label.tolist() == one.predict(FRAME).tolist()
    np.testing.assert_allclose(probabilities, one.predict_proba(FRAME), rtol=1e-9)
    both = Encoding((CategoryColumn(name="side", categories=("", None)),))
    with pytest.raises(SettingsError, match="column 'side': has empty and missing texts"):
        to_onnx(
            net(widths=(2, 3), batch_norm=False, columns=both.outputs, encoding=both), tmp_path / "two.onnx"
        )


def test_equal_nets_are_equal_files_that_the_checker_accepts(tmp_path):
    import onnx

    for name in ("a", "b"):
        to_onnx(net(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    onnx.checker.check_model(onnx.load(tmp_path / "a"), full_check=True)


def test_what_a_graph_cannot_hold_is_named(tmp_path):
    ACTIVATIONS.register(
        Activation(name="mine", about="own", forward=lambda s: (s, s), backward=lambda dh, s: dh)
    )
    try:
        own = dataclasses.replace(net(), network=dataclasses.replace(net().network, activation="mine"))
        with pytest.raises(
            SettingsError, match="activation 'mine': has no node in ONNX; train with relu, leaky_relu, "
        ):
            to_onnx(own, tmp_path / "own.onnx")
    finally:
        ACTIVATIONS.unregister("mine")
    with pytest.raises(SettingsError, match="labels are bytes"):
        to_onnx(net(classes=np.array([b"a", b"b", b"c"])), tmp_path / "own.onnx")
    with pytest.raises(SettingsError, match="rows with several labels"):
        to_onnx(net(loss="binary_cross_entropy", several=True), tmp_path / "own.onnx")


def test_a_missing_package_is_named_with_its_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(
        MissingExtraError, match=r"ONNX files need optional packages: pip install 'chainrule\[onnx\]'"
    ):
        to_onnx(net(), tmp_path / "one.onnx")
