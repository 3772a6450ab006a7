"""What each chart of the page holds: every value, marks for what matters, scales that show it."""

from __future__ import annotations

import pytest

from chainrule.records.figures import Band
from chainrule.report import overlay
from support.charts import values
from support.runs import example_curves


@pytest.mark.parametrize("metric", ["loss", "cost", "accuracy"])
def test_curves_of_all_settings_and_both_splits(metric):
    figure = example_curves("linear")
    data = values(overlay.draw_overlay(figure, metric))
    for row in figure.rows:
        for split, name in (("train", "train"), ("val", "validation")):
            band = row.curves[f"{split}_{metric}"]
            own = [point for point in data if point["setting"] == row.row and point["split"] == name]
            assert [point["epoch"] for point in own] == row.epoch
            for key in ("mean", "low", "high"):
                assert [point[key] for point in own] == getattr(band, key)


def test_the_learning_rate_stands_beside():
    figure = example_curves("linear")
    data = values(overlay.draw_overlay(figure, "learning_rate"))
    assert [point["mean"] for point in data] == [rate for row in figure.rows for rate in row.learning_rate]
    bare = figure.model_copy(
        update={"rows": [row.model_copy(update={"learning_rate": []}) for row in figure.rows]}
    )
    assert overlay.metrics(bare) == ["loss", "cost", "accuracy"]


def test_a_runaway_loss_is_drawn_on_a_logarithmic_axis():
    figure = example_curves("linear")
    row = figure.rows[0]
    mean = [2.0, 2.1, 2.2, 2.1, 2.0, 1e9]
    wild = row.curves["train_loss"].model_copy(update={"mean": mean})
    row = row.model_copy(update={"curves": row.curves | {"train_loss": wild}})
    spec = overlay.draw_overlay(figure.model_copy(update={"rows": [row]}), "loss").to_dict()
    (scale,) = [layer["encoding"]["y"]["scale"] for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert scale["type"] == "log"


def test_one_setting_that_runs_away_does_not_press_the_others_flat():
    figure = example_curves("linear")
    y = overlay.overlay(figure, "loss", legend=False).to_dict()["layer"][1]["encoding"]["y"]
    assert (y["title"], y["scale"]) == ("loss", {"zero": False})
    far = {
        name: Band(mean=[40.0] * 6, low=[39.0] * 6, high=[41.0] * 6) for name in ("train_loss", "val_loss")
    }
    runaway = figure.rows[0].model_copy(update={"row": "far", "curves": far})
    figure = figure.model_copy(update={"rows": [*figure.rows, *example_curves("deep").rows, runaway]})
    y = overlay.overlay(figure, "loss", legend=False).to_dict()["layer"][1]["encoding"]["y"]
    assert y["axis"]["title"] == "loss, logarithmic"
    assert y["scale"]["type"] == "log"
    rate = overlay.overlay(figure, "learning_rate", legend=False).to_dict()["layer"][0]["encoding"]["y"]
    assert rate["scale"] == {"zero": True}
