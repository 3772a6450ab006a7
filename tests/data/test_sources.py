"""Data sets as files of settings name them: what a table's file becomes, and what is refused, in a line."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from chainrule.data import sources
from chainrule.data.sources import TableSource
from chainrule.errors import DataError
from chainrule.experiments.experiment import Experiment
from chainrule.searches.search import read_search
from chainrule.settings.strict import explain

TABLE = {"path": "d.csv", "target": "label"}


@pytest.fixture
def folder(tmp_path):
    lines = [f"{i % 7},{'Rome' if i % 2 else ''},{1 + i % 3},{'ab'[i % 2]}" for i in range(40)]
    (tmp_path / "d.csv").write_text("\n".join(["size,city,heavy,label", *lines]))
    return tmp_path


def test_a_table_is_split_as_it_says_and_lies_beside_the_file_that_names_it(folder):
    data = sources.load(TableSource(**TABLE, val=0.25, test=0.25, drop=["heavy"]), beside=folder)
    assert {name: len(rows) for name, rows in data.batches.items()} == {"train": 20, "val": 10, "test": 10}
    assert data.columns == ("size", "city = Rome", "city is missing")
    assert data.name == sources.name_of(TableSource(**TABLE)) == "d.csv"


def test_a_column_weighs_rows(folder):
    data = sources.load(TableSource(**TABLE, weights="heavy"), beside=folder)
    assert sorted(set(data.weights)) == [1, 2, 3]
    assert "heavy" not in data.columns


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"target": "lable"}, "dataset.target 'lable': is no column; did you mean 'label'?"),
        ({"drop": ["cty"]}, "dataset.drop 'cty': is no column; did you mean 'city'?"),
        (
            {"drop": ["size", "city", "heavy"]},
            "d.csv: has no column left to learn from; give more, or drop fewer",
        ),
        (
            {"drop": ["label"]},
            "dataset.target 'label': is dropped too, or says what rows weigh; name another",
        ),
        (
            {"weights": "label"},
            "dataset.target 'label': is dropped too, or says what rows weigh; name another",
        ),
    ],
)
def test_columns_that_are_not_there_are_refused(folder, changed, line):
    with pytest.raises(DataError) as refused:
        sources.load(TableSource(**TABLE | changed), beside=folder)
    assert refused.value.problems == (line,)


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ({**TABLE, "vall": 0.2}, ["dataset.vall: is no known key; did you mean 'val'?"]),
        ({**TABLE, "val": 1.5}, ["dataset.val = 1.5: should be less than 1"]),
        (
            7,
            [
                'dataset = 7: write the name of a data set, { path = "d.parquet", target = "label" } or '
                '{ path = "folder" }'
            ],
        ),
    ],
)
def test_what_is_no_table_is_said_in_a_line(written, lines):
    with pytest.raises(ValidationError) as refused:
        Experiment.model_validate({"title": "", "settings": {}, "dataset": written})
    assert explain(refused.value, Experiment) == lines


def test_records_keep_its_name_alone():
    experiment = Experiment.model_validate({"title": "", "settings": {}, "dataset": TABLE})
    assert experiment.model_dump(mode="json")["dataset"] == "d.csv"
    assert experiment.on("d.csv") is experiment


def test_a_search_takes_one(folder):
    settings = {"train": "train", "val": "val", "test": "test", "preprocess": "center", "init": "he"}
    settings |= {"batch_size": 8, "epochs": 1, "shuffle": True, "learning_rate": 0.1}
    document = {
        "settings": settings,
        "space": {"l2": [0.0, 0.1]},
        "strategy": {"kind": "grid"},
        "dataset": TABLE,
    }
    search = read_search(document)
    assert search.images(sources.load(search.dataset, beside=folder)) == 8
    assert np.array_equal(
        sources.load(search.dataset, beside=folder).images, sources.load(search.dataset, beside=folder).images
    )


def test_rows_of_a_group_stay_together(folder):
    data = sources.load(TableSource(**TABLE, val=0.3, groups="size"), beside=folder)
    assert "size" not in data.columns
    lines = (folder / "d.csv").read_text().splitlines()[1:]
    of_groups = [sum(line.startswith(f"{group},") for line in lines) for group in range(7)]
    held = len(data.batches["val"])
    assert any(sum(of_groups[g] for g in chosen) == held for chosen in _subsets(7))
    assert 8 <= held <= 16


def _subsets(count):
    return [[g for g in range(count) if mask >> g & 1] for mask in range(2**count)]
