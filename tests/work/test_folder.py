"""A folder of results belongs to one plan: what goes on in it, and what is refused."""

from __future__ import annotations

import json

import pytest

from chainrule.errors import StoreError
from chainrule.records.plans import Plan, SearchPlan
from chainrule.work.folder import opened

ROW = {"l2": 0.0}
SEARCH = {
    "name": "s",
    "set": {},
    "space": {"l2": [0, 1]},
    "strategy": {"kind": "grid"},
    "published": {"a": 1},
}


def plan(**changes):
    table = {"title": "t", "claims": [], "searches": [SEARCH]}
    base = {
        "dataset": {"name": "digits", "checksum": "1"},
        "experiments": {"t": {"table": table, "settings": {"a": ROW}}},
        "seeds": [0, 1],
        "replicates": 2,
    }
    return Plan(**(base | changes))


def search(**changes):
    base = {"dataset": {"name": "digits", "checksum": "1"}, "search": {"space": {"l2": [0]}}, "seed": 0}
    return SearchPlan(**(base | changes))


def table(**changes):
    return {"t": {"table": {"title": "t", "searches": [SEARCH]}, "settings": {"a": ROW}} | changes}


def test_the_plan_lies_in_the_folder_and_is_that_of_the_last(tmp_path):
    with opened(tmp_path / "out", plan()):
        pass
    with opened(tmp_path / "out", plan(seeds=[0, 1, 2], replicates=3)):
        assert Plan.read(tmp_path / "out" / "plan.json").seeds == [0, 1, 2]


@pytest.mark.parametrize(
    "other",
    [
        plan(experiments=table(table={"title": "another", "claims": ["new"], "searches": [SEARCH]})),
        plan(experiments=table(table={"searches": [SEARCH | {"published": {}, "inferred": ["x"]}]})),
    ],
    ids=["what is said of it", "what was published of a search"],
)
def test_what_trains_nothing_may_change(tmp_path, other):
    with opened(tmp_path, plan()):
        pass
    with opened(tmp_path, other):
        pass


@pytest.mark.parametrize(
    ("first", "other", "said"),
    [
        (plan(), plan(dataset={"name": "digits", "checksum": "2"}), r"another plan \(dataset\)"),
        (plan(), plan(experiments=table(settings={"a": {"l2": 1.0}})), r"another plan \(rows of t\)"),
        (
            plan(),
            plan(experiments=table(table={"searches": [SEARCH | {"space": {"l2": [3]}}]})),
            r"another plan \(searches of t\)",
        ),
        (plan(), plan(experiments={}), r"another plan \(rows of t and searches of t\)"),
        (plan(), plan(seeds=[0]), "2 seeds, 1 were asked for"),
        (plan(), plan(replicates=1), "2 replicates of its searches, 1 were asked for"),
        (search(), search(seed=1), "another search, with another seed"),
        (search(), search(search={"space": {"l2": [1]}}), "another search, with another space"),
    ],
)
def test_another_plan_is_refused(tmp_path, first, other, said):
    with opened(tmp_path, first):
        pass
    before = (tmp_path / first.FILE).read_bytes()
    with pytest.raises(StoreError, match=f"holds {said}"), opened(tmp_path, other):
        pass
    assert (tmp_path / first.FILE).read_bytes() == before


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(StoreError, match="no folder of results and not empty"), opened(tmp_path, plan()):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_folder_whose_first_driver_was_killed_as_it_began_goes_on(tmp_path):
    for name in ("..driver.json.01234567.tmp", ".plan.json.89abcdef.tmp"):
        (tmp_path / name).write_text("{")
    with opened(tmp_path, plan()):
        pass
    (tmp_path / "plan.json").unlink()
    (tmp_path / ".thesis.tex.01234567.tmp").write_text("x")
    with pytest.raises(StoreError, match="not empty"), opened(tmp_path, plan()):
        pass


def test_a_folder_that_lost_its_plan_goes_on(tmp_path):
    for name in ("members", "results.json", "t.md"):
        (tmp_path / name).mkdir()
    with opened(tmp_path, plan()):
        assert (tmp_path / "plan.json").exists()


def test_folders_nobody_named_are_told_apart_by_what_they_train_and_not_by_seeds():
    assert plan().short_name == plan(seeds=[5], replicates=9).short_name
    assert plan().short_name != plan(experiments={}).short_name
    assert search().short_name != search(seed=1).short_name


@pytest.mark.parametrize(
    "experiment",
    [
        {},
        {"table": []},
        {"table": {}},
        {"table": {"searches": [1]}, "settings": {}},
        {"table": {}, "settings": {"a": 1}},
    ],
)
def test_plans_of_no_tables_are_damaged(tmp_path, experiment):
    document = json.loads(plan().to_json())
    (tmp_path / "plan.json").write_text(json.dumps(document | {"experiments": {"t": experiment}}))
    with pytest.raises(StoreError, match=r"plan\.json: damaged: experiments\.t"), opened(tmp_path, plan()):
        pass
