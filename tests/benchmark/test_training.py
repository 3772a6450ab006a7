"""What benchmarks/training makes of its measurements, and how it goes on where it stopped."""

from pathlib import Path

import pytest
from benchmarks.training import asked, page, resumed, time_to_loss

BN_SWEEP = asked.contest_name(asked.BN, "SWEEP")
HOW = {"commit": "a", "changed": False, "start": None, "repetitions": 3, "seconds": 0.5, "asked": True}


def contender(library, form, steps, epochs):
    return {
        "library": library,
        "form": form,
        "microseconds": {"steps": steps, "epochs": epochs},
        "memory": 2**20,
    }


@pytest.fixture
def document():
    contest = {
        "name": asked.BN,
        "nets": 40,
        "widths": [3072, 50, 50, 10],
        "flop": 4e6,
        "peak": 1e10,
        "contenders": [
            contender("chainrule", "sweep", [400, 500, 900], [1000]),
            contender("start", "sweep", [800], [2000]),
            contender("PyTorch", "vmap", [1500], [3000]),
            contender("PyTorch", "baddbmm", [1000], [2500]),
        ],
    }
    rows = {BN_SWEEP: contest, "seeds": {"together": [2.0], "start, apart": [3.0, 4.0, 4.0]}}
    how = HOW | {"at": "2026-01-02T03:04", "load": 0.5}
    machine = {
        "processor": "Some",
        "family": 26,
        "avx512": True,
        "cores": 2,
        "system": "Linux-6",
        "python": "3.11",
        "versions": {"numpy": "2"},
    }
    return {"machine": machine, "rows": {name: {"how": how, "found": found} for name, found in rows.items()}}


def test_a_row_is_answered_by_medians_and_the_best_form(document):
    taken = page.found(document)
    answers = {row.what: asked.answered(row, taken) for row in asked.ROWS}
    given = [answer for answer in answers.values() if answer]
    assert given == ["0.80 (0.50)", "0.40 (0.20)", "2.00x"]


def test_a_contender_that_took_no_part_leaves_its_cell_empty(document):
    against = next(row for row in asked.ROWS if "best PyTorch, JAX" in row.what)
    assert asked.answered(against, page.found(document)) == ""


def test_each_processor_has_a_column(document):
    other = document | {"machine": document["machine"] | {"processor": "Other", "avx512": False}}
    head, _, first, *_ = page.asked_table([other, document]).splitlines()
    assert head == "|  | at least | aim | Other (family 26, AVX2) | Some (family 26, AVX-512) |"
    assert first.endswith("| 0.82 | 0.92 / 0.88 | 0.80 (0.50) | 0.80 (0.50) |")


def test_both_are_timed_to_the_loss_that_both_reach(document, monkeypatch):
    monkeypatch.setattr(time_to_loss, "USUAL", {"digits": (2, 20)})
    one = time_to_loss.measure(1)["digits"]
    assert one["loss"] > 0
    assert min(one["chainrule"], one["scikit-learn"]) > 0
    document["rows"]["time to loss"] = {
        "how": {},
        "found": {"digits": {**one, "chainrule": 1.5, "loss": 0.25}},
    }
    assert "| digits, Some (family 26, AVX-512) | 0.250 | 1.50 |" in page.times_to_loss([document])


def test_tables_are_put_between_the_marks(document):
    text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"
    assert page.put(text, "new") == f"before\n{page.BEGIN}\n\nnew\n\n{page.END}\nafter\n"
    assert "| 3072-50-50-10 BN | 40 | 500 (1000) | - | 1000 (2500) | - | 0.80 | 1 |" in page.tables(
        [document]
    )
    with pytest.raises(ValueError, match="has no"):
        page.put("no marks", "new")


def test_a_row_is_kept_only_where_as_much_was_taken_of_the_same():
    document = {"rows": {"one": {"how": HOW, "found": 1}}}
    assert resumed.taken(document, "one", HOW)
    assert resumed.taken(document, "one", HOW | {"repetitions": 1})
    for other in ({"commit": "b"}, {"start": "b"}, {"repetitions": 4}, {"seconds": 1.0}, {"asked": False}):
        assert not resumed.taken(document, "one", HOW | other)
    assert not resumed.taken({"rows": {"one": {"how": HOW | {"changed": True}}}}, "one", HOW)


def test_a_row_that_fails_is_told_and_the_others_are_taken(capsys):
    saved, document = [], {"rows": {"kept": {"how": HOW, "found": 0}}}
    rows = {"kept": lambda: 1, "broken": lambda: 1 / 0, "fine": lambda: 2}
    assert resumed.take(document, rows, HOW, 1, lambda: saved.append(len(document["rows"]))) == ["broken"]
    assert (document["rows"]["kept"]["found"], document["rows"]["fine"]["found"], saved) == (0, 2, [2])
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_no_row_is_begun_after_the_time_that_there_is():
    document = {"rows": {}}
    assert resumed.take(document, {"one": lambda: 1}, HOW, -1, lambda: None) == []
    assert document["rows"] == {}


def test_the_page_holds_what_the_kept_measurements_give():
    docs = Path(page.__file__).parents[2] / "docs"
    text = (docs / "performance.md").read_text()
    kept = page.read((docs / "results/bench").glob("*.json"))
    assert kept
    assert page.put(text, page.tables(kept)) == text


def test_without_measurements_a_page_says_so():
    assert page.tables([]).endswith("No run at rest is kept yet: `make bench` makes one, on any processor.")


@pytest.mark.parametrize(
    ("time", "shown"), [(9.876, "9.88"), (75.52, "75.5"), (964.2, "964"), (13430.0, "13430")]
)
def test_microseconds_have_three_digits(time, shown):
    assert page._microseconds(time) == shown
