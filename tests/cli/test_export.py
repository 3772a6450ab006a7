"""``chainrule export``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule import load
from chainrule.cli.app import run
from chainrule.data.frames import read_frame
from support.tables_in_files import QUICK, write_people


def test_a_runtime_predicts_of_columns_what_the_net_does(capsys):
    runtime = pytest.importorskip("onnxruntime")
    write_people()
    assert run(["fit", "people.csv", "--target", "stayed", "--quiet", *QUICK]) == 0
    assert run(["export", "people.net", "--onnx", "people.onnx"]) == 0
    assert capsys.readouterr().out.endswith("graph: people.onnx\n")
    net, frame = load("people.net"), read_frame(Path("people.csv"))
    session = runtime.InferenceSession("people.onnx", providers=["CPUExecutionProvider"])
    texts = np.array([value or "" for value in frame["city"]], object)
    numbers = {f"column {name}": frame[name].astype(float) for name in ("age", "visits", "weight")}
    label, probabilities = session.run(None, numbers | {"column city": texts})
    assert label.tolist() == net.predict(frame).tolist()
    np.testing.assert_allclose(probabilities, net.predict_proba(frame), rtol=1e-9)
