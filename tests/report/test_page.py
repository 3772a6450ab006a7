"""The page as text: its numbers are those of results.json, anybody's text is text, and it is one file."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chainrule.records.checked import CheckedComputation, CheckedRepair
from chainrule.records.figures import PredictionsFigure
from chainrule.records.runs import Results
from chainrule.report.compare import compare
from chainrule.report.page import comparison_page, run_page
from chainrule.report.rendering import picture_of
from chainrule.report.run import Run, open_run
from chainrule.report.tables import cells
from support.computations import checked_file
from support.runs import CLASSES, example_plan, example_results, example_run


class Reader(HTMLParser):
    """Text, tables (by caption), images, headings and charts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.images: list[dict[str, str | None]] = []
        self.headings: list[tuple[int, str]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.charts: list[dict] = []
        self.words = ""
        self._caption, self._rows = "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in ("img", "meta", "input", "link", "br"):
            self.open.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))
        if tag == "table":
            # What scrolls has its caption outside, and its name on the table.
            self._caption, self._rows = dict(attrs).get("aria-label", ""), []
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            self.tables[self._caption.strip()] = self._rows

    def handle_data(self, data):
        if self.open[-1:] == ["script"]:
            if data.lstrip().startswith("[{"):
                self.charts = json.loads(data)
            return
        if "style" in self.open:
            return
        self.words += data
        if "caption" in self.open:
            self._caption += data
        elif {"td", "th"} & set(self.open):
            self._rows[-1][-1] += data
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return example_run(tmp_path_factory.mktemp("page") / "run")


@pytest.fixture(scope="module")
def text(folder) -> str:
    return run_page(open_run(folder))


@pytest.fixture(scope="module")
def page(text) -> Reader:
    return Reader(text)


def test_the_numbers_are_those_of_results_json(folder, page):
    results = Results.read(folder / "results.json")
    for recipe in results.titles:
        about = "means over 5 seeds, and 95% prediction intervals for one more run"
        head, *body = page.tables[f"{recipe}: {about}"]
        assert head == ["setting", "accuracy", "published", "mean", "95% interval", "verdict"]
        rows = [row for row in results.rows if row.recipe == recipe]
        assert body == [list(cells(row)) for row in rows]
        for line, row in zip(body, rows, strict=True):
            assert line[3] == f"{row.mean:.4f}"
            assert line[4] == f"[{row.low:.4f}, {row.high:.4f}]"


def test_the_summary_comes_first_and_counts(page):
    top = page.words[: page.words.index("Published beside measured")].replace("\n", "")
    for words in (
        "agree2",
        "differ2",
        "uninformative1",
        "claims hold1 of 3",
        "claims fail1",
        "claims that so few runs cannot tell1",
        "1 of 1 supposition holds",
        "widened by 0.006",
    ):
        assert words in top
    for words in ("digits (not the official files)", "P, 2 cores, Linux", "chainrule reproduce <linear>"):
        assert words in page.words.replace("\n", "")


def test_what_differs_and_what_fails_is_named_at_the_top(text, page):
    top = " ".join(page.words[: page.words.index("Published beside measured")].split())
    assert re.search(r"linear ?: rate 0\.01, <b>bold</b>, [^:]*differs", top)
    assert re.search(r"deep ?: sigma 2, [^:]*differs", top)
    assert "fails linear: another" in top
    assert '<a href="#linear">linear</a>: another' in text
    assert "fails linear: a <claim>" not in top
    assert "a third" not in top


def test_claims_and_their_outcomes_in_words(page):
    claims = [line for body in page.tables.values() for line in body if line[1:2] != ["here"]]
    assert ["a third", "cannot be told", "3 ? 4"] in claims
    assert ["a guess [supposed in the report; tried here]", "holds", "5 < 6"] in claims


def test_what_other_runs_told_says_which(page):
    assert "Found with 16 seeds, 2026-05-01: that <b>it</b> is so" in page.words


def test_claims_about_other_data_are_said_to_be_so(tmp_path, page):
    assert "The reports' claims are about" not in page.words
    run = open_run(example_run(tmp_path))
    told = {"linear": {"table": {"dataset": "cifar10", "source": "A. Nother, <i>1999</i>"}, "settings": {}}}
    elsewhere = replace(run, plan=run.plan.model_copy(update={"experiments": told}))
    words = Reader(run_page(elsewhere)).words
    assert "The reports' claims are about cifar10" in words
    assert "need not hold on digits" in words
    assert "Published: A. Nother, <i>1999</i>" in words
    told["linear"]["table"]["source"] = ""
    assert "The reports' claims are about" not in Reader(run_page(elsewhere)).words


def test_a_run_without_results_says_so(tmp_path):
    nothing = Results(rows=[], claims=[], input_means=[], environment={})
    assert (1, "r holds no results") in Reader(run_page(Run(tmp_path / "r", None, nothing, ()))).headings


def test_a_page_of_a_checked_program_and_a_trained_table_names_both(tmp_path):
    run = open_run(example_run(tmp_path))
    one = run.only(["linear"])
    assert Reader(run_page(run)).headings[0][1] == "2 published tables, trained again on digits"
    assert ", trained on digits" in Reader(run_page(one)).words
    titles = {1: "Gradient check of net.py; ", 2: "Gradient check of 2 programs; "}
    for count, title in titles.items():
        page = Reader(run_page(replace(one, files=(checked_file(),) * count)))
        assert page.headings[0][1].startswith(title)


@pytest.mark.parametrize("part", ["dataset", "machine"])
def test_a_run_that_says_little_of_where_it_was_made_has_a_page(tmp_path, part):
    run = open_run(example_run(tmp_path, kinds=set()))
    environment = {**run.results.environment, part: {"more": 1}}
    text = run_page(replace(run, results=run.results.model_copy(update={"environment": environment})))
    assert "<dt>command</dt>" in text


def test_short_names_are_explained(tmp_path):
    run = open_run(example_run(tmp_path))
    first, *others = run.results.rows
    assert "best set:" not in Reader(run_page(run)).words
    searched = first.model_copy(update={"metric": "best_setting_shortfall"})
    results = run.results.model_copy(update={"rows": [searched, *others]})
    words = Reader(run_page(replace(run, results=results))).words
    assert (
        "best set: what the published best setting (the trial nearest to it) scores below a search's own best"
        in words
    )
    assert "means over 5 seeds, of searches over 2 replicates" in words


def test_anybody_s_text_is_text(text, page):
    assert page.tags.count("script") == 5
    assert {"b", "i"} & set(page.tags) == set()
    assert "<script>alert(1)</script>" in page.words
    assert "rate 0.01, <b>bold</b>" in page.words
    assert "that <b>it</b> is so" in page.words
    assert text.count("<script>alert(1)") == 0


def test_nothing_is_fetched(text):
    bare = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert "http" not in bare.replace("http-equiv", "")
    assert not re.search(r"<(link|iframe|object|embed)\b", bare)
    assert set(re.findall(r'src="([a-z]+):', bare)) == {"data"}
    assert "default-src 'none'" in bare


def test_headings_go_down_step_by_step(page):
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert {
        "Curves",
        "Searches",
        "Class templates",
        "Gradients",
        "Right and wrong, class by class",
    } <= {text for _, text in page.headings}


def test_charts_say_what_they_show(page):
    assert len(page.charts) == (4 + 2 * 4) + 2 + 2 + 4 + 4
    assert all(chart["description"] for chart in page.charts)
    loss = page.charts[0]["description"]
    assert "loss against epoch. rate 0.1: train from 2.1 to 0.4333, validation from 2.1 to 0.4333;" in loss
    assert all("config" not in chart and chart["width"] == "container" for chart in page.charts)
    assert "#0072b2" not in json.dumps(page.charts)


def test_pictures_have_words_and_their_pixels(page):
    assert all(image["alt"] for image in page.images)
    templates = [image for image in page.images if image["alt"].startswith("template of class")]
    assert [image["alt"] for image in templates] == [f"template of class {name}" for name in CLASSES] * 2
    mistake = next(image for image in page.images if image["alt"] == "image of class dog & co")
    data = base64.b64decode(mistake["src"].partition(",")[2])
    assert np.asarray(Image.open(io.BytesIO(data)))[0, :2].tolist() == [[120, 136, 152], [121, 137, 153]]
    assert "dog & co, taken for <i>frog</i> (80.0%)" in page.words


def test_the_answers_of_the_highest_validation_accuracy_are_open(text):
    opened = re.findall(r"<details open>\n<summary>([^:]*)", text)
    assert opened == ["rate 0.01, &lt;b&gt;bold&lt;/b&gt;", "normed 2"]


def test_what_was_found_and_where_published_values_stand_come_first(page, text):
    lead = page.words.index("Of 5 published accuracies 2 lie within what further runs of ours would give")
    assert lead < page.words.index("Every published value") < page.words.index("Curves")
    assert text.count('class="band"') == 5


def test_the_picture_comes_before_the_table(page):
    names = [name for level, name in page.headings if level == 3]
    assert names.index("Curves") < names.index("Published beside measured")


def test_confusion_counts_and_shares(page):
    (table,) = {
        tuple(map(tuple, t))
        for caption, t in page.tables.items()
        if caption.startswith("Images of the test split by")
    }
    assert table[0] == ("true class", *CLASSES, "right")
    assert table[1] == ("cat", "7", "2", "1", "70%")
    assert table[3] == ("<i>frog</i>", "3", "3", "4", "40%")
    assert "0.6667 right (seed 0)" in page.words


def test_a_table_of_one_s_own_is_not_held_against_official_files_and_split_and_seed_are_named(tmp_path):
    folder = example_run(tmp_path, kinds={"predictions"})
    results = Results.read(folder / "results.json")
    own = results.environment | {"dataset": {"name": "own.csv", "official": None, "widened_by": 0.0}}
    (folder / "results.json").write_text(results.model_copy(update={"environment": own}).to_json())
    for path in (folder / "figures").iterdir():
        figure = PredictionsFigure.read(path)
        rows = [row.model_copy(update={"mistakes": []}) for row in figure.rows]
        path.write_text(figure.model_copy(update={"shape": (1, 1, 2), "rows": rows}).to_json())
    page = Reader(run_page(open_run(folder)))
    assert "own.csv" in page.words
    assert "official" not in page.words
    assert "0.6667 right (seed 0)" in page.words
    assert any(caption.startswith("Rows of the test split by true class") for caption in page.tables)


def test_settings_seeds_versions_and_commands(page):
    common = dict(page.tables["settings of all rows"][1:])
    assert common["epochs"] == "5"
    assert ["rate 0.1", "0.1"] in page.tables["settings that differ"] or "rate 0.1" in page.words
    for words in (
        "shuffle",
        "0, 1, 2, 3, 4; 2 replicates",
        "python 3.11",
        "chainrule 0.1.0",
        "--recipe linear --figures svg,pdf,png writes linear-loss, linear-cost, linear-accuracy",
    ):
        assert words in page.words


def test_a_run_of_an_older_version_says_what_it_lacks(tmp_path):
    page = Reader(run_page(open_run(example_run(tmp_path, kinds={"curves"}))))
    assert "an older chainrule wrote it" in page.words
    assert len(page.charts) == (4 + 2 * 4) + 4 + 4
    (tmp_path / "plan.json").unlink()
    assert "holds no plan.json" in Reader(run_page(open_run(tmp_path))).words


def test_null_curves_and_diverged_rows_are_shown(tmp_path):
    path = example_run(tmp_path) / "figures" / "linear-curves.json"
    document = json.loads(path.read_text())
    for key in ("mean", "low", "high"):
        document["rows"][0]["curves"]["train_loss"][key][2:] = [None] * 4
        document["rows"][1]["curves"]["val_loss"][key] = [None] * 6
    path.write_text(json.dumps(document))
    page = Reader(run_page(open_run(tmp_path)))
    assert "rate 0.1: train from 2.1 to 1.1" in page.charts[0]["description"]


def test_two_runs_side_by_side(tmp_path):
    first = open_run(example_run(tmp_path / "a"))
    second = open_run(example_run(tmp_path / "b", shift=0.1, epochs=6))
    page = Reader(comparison_page(compare([first, second])))
    assert ["linear, rate 0.1: epochs", "5", "6"] in page.tables["what differs between the runs"]
    head, *body = page.tables["linear: mean over seeds and 95% interval for one more run"]
    assert head == ["setting", "accuracy", "a", "b", "b − a", "seed noise"]
    assert body[0][2].startswith("0.3012 [")
    assert body[0][3].startswith("0.4012 [")
    assert body[0][4] == "+0.1000"
    assert body[0][5].startswith("beyond (±")
    overlaid = [chart for chart in page.charts if '"setting"' in json.dumps(chart)]
    names = set(re.findall('"setting": "([^"]*)"', json.dumps(overlaid[0])))
    # Four settings, or eight of the other table, are a tangle in one chart: each has charts of its own as well.
    assert len(page.charts) - len(overlaid) == 2 * (len(names) + 8)
    assert names == {"a: rate 0.1", "a: rate 0.01, <b>bold</b>", "b: rate 0.1", "b: rate 0.01, <b>bold</b>"}


def test_a_run_beside_itself_does_not_differ(tmp_path):
    run = open_run(example_run(tmp_path / "a"))
    page = Reader(comparison_page(compare([run, run])))
    assert "No setting differs" in page.words
    assert "equal" in page.words or "within" in page.words
    assert example_plan() == run.plan
    assert example_results().titles == run.results.titles


HOSTILE = "</text></svg><script>alert(1)</script>\x1b[31m\u202e&amp;"


def test_a_computation_is_drawn_in_its_section():
    own = Run(
        Path("r"),
        None,
        Results(rows=[], claims=[], input_means=[], environment={}),
        (),
        files=(checked_file(),),
    )
    text = run_page(own)
    assert Reader(text).open == []
    assert 'aria-label="the computation of net.py"' in text
    assert "-1.5" in text
    assert "wrong: dw of line 3, [0, 1] is 0.25, true -1.5" in text
    assert re.search(r'<g class="box wrong".*?<text class="name"[^>]*>dw</text>', text, re.DOTALL)


def test_a_computation_that_is_too_large_is_said_in_a_sentence():
    many = checked_file(found=CheckedComputation(values=[], edges=[], count=57))
    own = Run(Path("r"), None, Results(rows=[], claims=[], input_means=[], environment={}), (), files=(many,))
    assert "57 values are too many for a picture." in run_page(own)
    assert picture_of(many) == ""


def test_a_repair_is_a_diff_and_hints_are_said():
    repair = CheckedRepair(headline="repair: verified at 4 points", patch="@@ -1 +1 @@\n-a < b\n+    a > b")
    told = {"repairs": [repair], "hints": ["look at the gradient of W"], "unrepaired": "none of 3"}
    file = checked_file().model_copy(update=told)
    own = Run(Path("r"), None, Results(rows=[], claims=[], input_means=[], environment={}), (), files=(file,))
    text = run_page(own)
    assert Reader(text).open == []
    assert '<span class="removed">-a &lt; b</span>\n<span class="added">+    a &gt; b</span>' in text
    assert "<li>look at the gradient of W</li>" in text
    assert "No repair was found: none of 3." in text
