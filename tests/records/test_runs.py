"""Records come back equal; damaged and newer ones are refused in a line."""

from __future__ import annotations

import json

import pytest

from chainrule.errors import StoreError
from chainrule.records.runs import (
    CURVES,
    METRICS,
    Best,
    History,
    Member,
    Remark,
    ResultRow,
    Results,
)
from chainrule.version import installed_version


def test_claims_and_remarks_of_version_0_1_0_still_read(tmp_path):
    old = {
        "rows": [], "input_means": [], "environment": {}, "titles": {},
        "claims": [{"recipe": "r", "text": "t", "held": held, "evidence": "e"} for held in (True, False)],
        "found": [{"recipe": "r", "text": "it is so"}],
    }  # fmt: skip
    path = tmp_path / "r.json"
    path.write_text(json.dumps(old))
    results = Results.read(path)
    assert [claim.outcome for claim in results.claims] == ["holds", "fails"]
    assert not any(claim.supposed for claim in results.claims)
    assert [remark.told for remark in results.found] == ["found in an earlier run: it is so"]


@pytest.mark.parametrize(
    ("published", "verdict"), [(0.3, "differs"), (0.5, "uninformative"), (None, "uninformative")]
)
def test_what_version_0_1_0_called_uninformative_outside_its_interval_differs(published, verdict):
    row = {
        "recipe": "r", "name": "n", "setting": {}, "metric": "test_accuracy", "published": published,
        "published_decimals": None, "values": [0.5], "mean": 0.5, "low": 0.4, "high": 0.6,
        "verdict": "uninformative", "inferred": [], "diverged": [],
    }  # fmt: skip
    assert ResultRow.model_validate(row).verdict == verdict


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (
            {"seeds": 16, "version": "0.1.0", "date": "2026-05-01"},
            "with 16 seeds, chainrule 0.1.0, 2026-05-01",
        ),
        ({"seeds": 1, "command": "chainrule reproduce"}, "with 1 seed, by chainrule reproduce"),
        ({"date": "2026-05-01"}, "2026-05-01"),
    ],
)
def test_a_remark_tells_the_run_that_it_is_of(known, told):
    assert Remark(recipe="r", text="it is so", **known).told == f"found {told}: it is so"


def test_members_of_version_0_1_0_name_no_engine(tmp_path):
    path = tmp_path / "m.json"
    for engine, read in ({}, None), ({"engine": "layers"}, "layers"), ({"engine": "compiled"}, "compiled"):
        old = {key: value for key, value in json.loads(EXAMPLE.to_json()).items() if key != "engine"}
        path.write_text(json.dumps(old | engine))
        assert Member.read(path).engine == read


def test_a_file_says_who_wrote_it_and_those_of_the_first_version_do_not(tmp_path):
    path = tmp_path / "r.json"
    path.write_text(EXAMPLE.to_json())
    assert json.loads(path.read_text())["written_by"] == Member.read(path).written_by == installed_version()
    old = json.loads(EXAMPLE.to_json())
    del old["written_by"]
    path.write_text(json.dumps(old))
    assert Member.read(path) == EXAMPLE.model_copy(update={"written_by": "0.1.0"})


def test_members_with_holes_are_damaged(tmp_path):
    good = json.loads(EXAMPLE.to_json())
    path = tmp_path / "m.json"
    for change in ({"final": {}}, {"history": good["history"] | {"val_loss": []}}):
        path.write_text(json.dumps(good | change))
        with pytest.raises(StoreError, match="damaged"):
            Member.read(path)


EXAMPLE = Member(
    id="x", dataset={}, settings={}, seed=0, final=dict.fromkeys(METRICS), best=Best(epoch=0, val_accuracy=0.0),
    history=History(epoch=[0], step=[0], learning_rate=[0.1], **{name: [None] for name in CURVES}),
    input_means={}, diverged=None,
)  # fmt: skip


def test_missing_files_are_refused(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        Results.read(tmp_path / "none.json")
