"""Figures of another program's net as charts: those that the command writes."""

from __future__ import annotations

import numpy as np

import chainrule


def test_the_charts_hold_what_was_given(tmp_path):
    (tmp_path / "h.csv").write_text("varv,kostnad\n1,0.75\n2,0.5\n")
    history = chainrule.plot_history(tmp_path / "h.csv", columns={"epoch": "varv", "loss": "kostnad"})
    assert "0.75" in history.to_json()
    weights = chainrule.plot_weights(np.eye(4, 16), classes=["a", "b", "c", "d"])
    assert weights.to_json().count("data:image/png") == 4
    gradients = chainrule.plot_gradients({"dW1": np.arange(4.0), "dW2": np.arange(3.0)})
    assert len(gradients.concat) == 2
