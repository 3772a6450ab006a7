"""A folder of results read whole, and refused in a line where it is none."""

from __future__ import annotations

import json

import pytest

from chainrule.errors import SettingsError, StoreError
from chainrule.report.folder import RunFolder
from support.runs import example_results, example_run


def test_everything_is_read(tmp_path):
    run = RunFolder.read(example_run(tmp_path / "r"))
    assert run.name == "r"
    assert run.recipes == ["linear", "deep"]
    assert run.results == example_results()
    assert {figure.kind for figure in run.figures} == {
        "curves", "templates", "gradients", "predictions", "searches",
    }  # fmt: skip
    assert run.plan is not None
    assert run.plan.seeds == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("name", "keys", "value", "words"),
    [
        (
            "linear-curves",
            ("rows", 0, "curves", "val_loss", "mean"),
            [1.0],
            "val_loss of 'rate 0.1' needs 6 values",
        ),
        ("linear-templates", ("shape",), [3, 9, 9], "'rate 0.1' needs 3 images of 243 values"),
        ("linear-templates", ("rows", 0, "images", 0, 0), 256, "need values from 0 to 255"),
        ("linear-predictions", ("rows", 0, "counts", 0), [1], "the counts of 'rate 0.1' need 3 lines of 3"),
        (
            "linear-predictions",
            ("rows", 0, "mistakes", 0, "truth"),
            3,
            "a mistake of 'rate 0.1' is of no class",
        ),
        (
            "linear-predictions",
            ("rows", 0, "mistakes", 0, "image"),
            "",
            "an image of 'rate 0.1' needs 48 bytes",
        ),
    ],
)
def test_figures_that_contradict_themselves_are_damaged(tmp_path, name, keys, value, words):
    path = example_run(tmp_path) / "figures" / f"{name}.json"
    document = json.loads(path.read_text())
    place = document
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match=words) as caught:
        RunFolder.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_only_some_recipes(tmp_path):
    run = RunFolder.read(example_run(tmp_path)).only(["deep"])
    assert {row.recipe for row in run.results.rows} == {"deep"}
    assert {figure.recipe for figure in run.figures} == {"deep"}
    with pytest.raises(SettingsError, match=r"recipe 'dep': .* did you mean 'deep'"):
        RunFolder.read(tmp_path).only(["dep"])


def test_a_run_of_an_older_version_has_fewer_figures(tmp_path):
    run = RunFolder.read(example_run(tmp_path, kinds={"curves", "templates"}))
    assert {figure.kind for figure in run.figures} == {"curves", "templates"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: None, "there is no such folder"),
        (lambda folder: folder.mkdir(), "is no folder of results, it holds no results.json"),
        (lambda folder: folder.write_text("x"), "is no folder; give one of results, or draw a history with"),
        (
            lambda folder: (example_run(folder) / "results.json").unlink(),
            "is half written: 0 nets are finished",
        ),
        (
            lambda folder: (example_run(folder) / "results.json").write_text('{"version": 9}'),
            "newer chainrule",
        ),
        (lambda folder: (example_run(folder) / "results.json").write_text('{"rows'), "not JSON"),
        (
            lambda folder: (example_run(folder) / "plan.json").write_text("{}"),
            r"written by chainrule 0\.1\.0, this is .*: dataset",
        ),
        (
            lambda folder: (example_run(folder) / "figures" / "linear-curves.json").write_text(
                '{"version": 2}'
            ),
            "newer chainrule",
        ),
        (
            lambda folder: (example_run(folder) / "figures" / "linear-predictions.json").write_text("{}"),
            r"written by chainrule 0\.1\.0, this is .*: recipe",
        ),
    ],
)
def test_what_is_no_run_is_said_in_a_line(tmp_path, spoil, message):
    folder = tmp_path / "run"
    spoil(folder)
    with pytest.raises(StoreError, match=message) as caught:
        RunFolder.read(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_an_image_that_is_no_base64_is_damage(tmp_path):
    path = example_run(tmp_path) / "figures" / "linear-predictions.json"
    document = json.loads(path.read_text())
    document["rows"][0]["mistakes"][0]["image"] = "?"
    path.write_text(json.dumps(document))
    with pytest.raises(StoreError, match=r"damaged: rows\.0\.mistakes\.0\.image"):
        RunFolder.read(tmp_path)
