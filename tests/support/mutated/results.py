"""Folders of results, with all that a run, a search, a check or one that was stopped may leave in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from chainrule.data.transforms.transform import Transform
from chainrule.errors import StoreError
from chainrule.files import write_text
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Network
from chainrule.records.checked import CheckedCause, CheckedFile, CheckedRow, CheckedSubmission, CheckedTensor
from chainrule.records.gradients import GradientChecks, GradientDifference
from chainrule.records.inferences import (
    INFERENCE,
    CandidateOdds,
    Inference,
    InferredUnknown,
    RecipeInference,
    TriedCombination,
    TriedNumber,
)
from chainrule.records.plans import JOURNAL, FolderPlan, InferencePlan, SearchPlan
from chainrule.records.runs import CURVES, Best, History, Member
from chainrule.records.searches import Trial
from chainrule.report import markdown, tables
from chainrule.report.folder import CHECKED_FILE, CHECKED_RECIPE
from chainrule.report.page import run_page
from chainrule.report.run import open_run
from chainrule.searches.journal import Journal
from chainrule.searches.space import read_space
from chainrule.train.state import State
from chainrule.work import folder as work_folder
from chainrule.work.checkpoints import Checkpoint, Shelf, file_name
from chainrule.work.store import Store, shard
from chainrule.work.worker import Slot, gathered
from support.halved import results as search_results
from support.mutated.binary_changes import SAFETENSORS
from support.mutated.reader import Reader, in_folder
from support.mutated.text_changes import JSON, JSON_LINES
from support.runs import example_plan, example_run
from support.searching import document, trial

_HISTORY = History(
    epoch=[0, 1], step=[0, 9], learning_rate=[0.1, 0.1], **{name: [1.0, None] for name in CURVES}
)


def _member(name: str) -> Member:
    final = dict.fromkeys(
        ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"], 0.5
    )
    return Member(
        id=name, dataset={"name": "digits", "checksum": "0"}, settings={"evaluate": "curves", "epochs": 1}, seed=0,
        history=_HISTORY, final=final, best=Best(epoch=1, val_accuracy=0.5), input_means={"train": 0.0}, diverged=None,
    )  # fmt: skip


def _searched(folder: Path) -> None:
    won = search_results()
    assert won.winner is not None
    winner = won.winner.model_copy(update={"members": ["a"]})
    (folder / "members").mkdir()
    (folder / "search.json").write_text("{}")
    (folder / "results.json").write_text(won.model_copy(update={"winner": winner}).to_json())
    (folder / "members" / "a.json").write_text(_member("a").to_json())


def _report(folder: Path) -> None:
    run = open_run(folder)
    str(run)
    run.trials, run.best  # noqa: B018 - they are computed
    for recipe in [None] if run.search else tables.recipe_names(run.results):
        str(run.table(recipe=recipe))
    if not run.search:
        tables.to_csv(run.results)
        markdown.overview(run.results)


def _report_drawn(folder: Path) -> None:
    run_page(open_run(folder))


def _reported(folder: Path) -> None:
    CheckedSubmission.read(folder / "rows" / "anna.json")
    run_page(open_run(folder))


def _stored(folder: Path) -> None:
    layer, inputs = {"W1": np.ones((1, 3, 4)), "b1": np.zeros((1, 3))}, Transform(np.ones(4), np.zeros(4))
    net = CompleteNet(Network((4, 3), "cross_entropy"), layer, inputs, np.array(list("xyz")))
    for name in ("a", "b"):
        _, files = shard(_member(name), net, layer)
        for file, data in files.items():
            Store(folder).write(file, data)


def _resumed(folder: Path) -> None:
    for name in ("a", "b"):
        Store(folder).find(name)


def _checkpointed(folder: Path) -> None:
    arrays = {"now.W1": np.ones((2, 3)), "kept.W1": np.zeros((2, 3)), "epochs": np.zeros((2, 1), np.int64)}
    checkpoint = Checkpoint(("a", "b"), (3, 3), 8, State(5, arrays))
    Store(folder).write(file_name(("a", "b")), checkpoint.to_bytes())


def _gone_on_with(folder: Path) -> None:
    newest = Shelf(folder).newest("a")
    if newest is not None:
        file, header = newest
        gathered(folder, [Slot(file, index) for index in range(len(header.members))])


_PLANS: tuple[FolderPlan, ...] = (
    example_plan(),
    InferencePlan(
        dataset={"name": "digits", "checksum": "0"}, unknowns={"linear": {"init": ["he"]}}, seeds=[0, 1]
    ),
    SearchPlan(dataset={"name": "digits", "checksum": "0"}, search=document(), seed=0),
)


def _planned(folder: Path) -> None:
    for plan in _PLANS:
        (folder / plan.FILE).write_text(plan.to_json())


def _opened(folder: Path) -> None:
    refusals: list[str] = []
    for plan in _PLANS:
        try:
            with work_folder.opened(folder, plan):
                Store(folder).sweep()
        except StoreError as error:
            refusals += error.problems
    if refusals:
        raise StoreError(*refusals)


def _checked(folder: Path) -> None:
    tensor = CheckedTensor(
        name="W1", shape=[2, 3], verdict="wrong", difference=0.5, largest=1.0, zero=False, checked=6, kinks=0,
        coverage="all"
    )  # fmt: skip
    cause = CheckedCause(
        name="not-averaged", tensors=["W1"], sure=0.9, evidence="e", repair="r", place="net.py, line 3", text="x = 1"
    )  # fmt: skip
    file = CheckedFile(
        file="net.py", headline="wrong", outcome="wrong", tensors=[tensor], causes=[cause], notes=["n"],
        scheme="central"
    )  # fmt: skip
    difference = GradientDifference(
        net="50-10", l2=0.0, parameter="W1", compared="analytic-central", entries=5, kinks=0, smallest_relative=0.0,
        largest_relative=1e-6, mean_relative=1e-8, relative_norm=1e-9, largest_absolute=1e-9, mean_absolute=1e-10,
        share_below=1.0, verdict="right", published={"largest_relative": 1e-5}, resolution=1e-10,
    )  # fmt: skip
    nets = GradientChecks(
        recipe="linear",
        dataset={"name": "digits", "checksum": "0"},
        samples=5,
        seed=0,
        inferred=["l2"],
        rows=[difference],
    )
    number = TriedNumber(
        row="a", metric="test_accuracy", published=0.37, decimals=3, values=[0.3, 0.4], mean=0.35, deviation=0.005,
        log_likelihood=-3.0, agrees=False,
    )  # fmt: skip
    odds = [CandidateOdds(name=name, share=0.1, log_odds=0.0, low=0.0, high=0.0) for name in ("He", "Xavier")]
    tried = TriedCombination(choice={"init": "He"}, numbers=[number], log_likelihood=-3.0, share=0.1)
    unknown = InferredUnknown(name="init", rows=["a"], crossed_with=[], candidates=odds, sentence="so it is")
    part = RecipeInference(
        recipe="linear", title="One layer", unknowns=[unknown], tried=[[tried]], unexplained=["a"],
        not_tried={"val": "x"}
    )  # fmt: skip
    row = CheckedRow(
        submission="anna", file="net.py", outcome="wrong", cause="not-averaged", line="3", words="w", repair="r",
        parameters=["W1"], seconds=0.5, check={"a": 1}, traceback="", timed_out=False, failed=False, settled=True,
        page=file,
    )  # fmt: skip
    records = {
        "rows/anna.json": CheckedSubmission(key="0", rows=[row]),
        f"checks/{CHECKED_FILE}net.json": file,
        f"checks/{CHECKED_RECIPE}linear.json": nets,
        INFERENCE: Inference(recipes=[part]),
    }
    for name, record in records.items():
        write_text(folder / name, record.to_json())


_SPACE, _ = read_space(document()["space"])


def _trials() -> list[Trial]:
    return [
        trial(0, {"l2": 0.0}, 0.4),
        trial(1, {"l2": 0.01}, 0.5),
        trial(2, {"l2": 3.0}, None, state="failed", why="x"),
    ]


def _told(folder: Path) -> None:
    assert _SPACE is not None
    journal = Journal(folder / JOURNAL, "a search", _SPACE, "val_accuracy")
    for told in _trials():
        journal.record(told)


_RECORDS = {".json": JSON}
_WEIGHTS = {".safetensors": SAFETENSORS, ".json": JSON}

READERS = (
    Reader("report, run", in_folder(example_run), _RECORDS, _report, 2),
    Reader("report, search", in_folder(_searched), _RECORDS, _report, 2),
    Reader("report, checks", in_folder(_checked), _RECORDS, _reported),
    Reader("report, drawn", in_folder(example_run), _RECORDS, _report_drawn, 0.1),
    Reader("members", in_folder(_stored), _WEIGHTS, _resumed, 2),
    Reader("checkpoints", in_folder(_checkpointed), _WEIGHTS, _gone_on_with, 2),
    Reader("folder of results", in_folder(_planned), _RECORDS, _opened),
    Reader("journal", in_folder(_told), {".log": JSON_LINES}, _told, 0.5),
)
