"""What a folder of results is to hold: made at the start, held against what is asked for ever after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.experiments.experiment import Experiment
from chainrule.files import reported, write_text
from chainrule.records import Plan

_OURS = {
    "members", "figures", "tables", "checks", "results.json", "results.csv", "results.md", "report.html",
}  # fmt: skip


def plan(
    dataset: Dataset, experiments: Mapping[str, Experiment], seeds: Sequence[int], replicates: int
) -> Plan:
    """The plan to train tables on a data set."""
    return Plan(
        dataset={"name": dataset.name, "checksum": dataset.checksum},
        experiments={
            name: {
                "table": experiment.model_dump(mode="json"),
                "settings": {
                    row: settings.model_dump(mode="json") for row, settings in experiment.resolved().items()
                },
            }
            for name, experiment in experiments.items()
        },
        seeds=list(seeds),
        replicates=replicates,
    )


def open_folder(folder: Path, wanted: Plan) -> None:
    """Make the folder, or go on in it when it holds the same plan with the same or fewer seeds.

    A folder that lost its plan is taken as it is: members are named by what they are.

    Raises:
        StoreError: it holds another plan or something else, or cannot be written.
    """
    path = folder / "plan.json"
    with reported(folder, "use the folder"):
        if path.exists():
            _check(folder, Plan.read(path), wanted)
        elif folder.exists() and (
            not folder.is_dir() or {entry.name for entry in folder.iterdir()} - _OURS - wanted.sheets
        ):
            raise StoreError(f"{folder}: is no folder of results and not empty; choose another --out")
    write_text(path, wanted.to_json())


def _check(folder: Path, there: Plan, wanted: Plan) -> None:
    differing = [key for key in ("dataset", "experiments") if getattr(there, key) != getattr(wanted, key)]
    if differing:
        raise StoreError(f"{folder}: holds another plan ({' and '.join(differing)}); choose another --out")
    for what, before, now in (
        ("seeds", len(there.seeds), len(wanted.seeds)),
        ("replicates of its searches", there.replicates, wanted.replicates),
    ):
        if now < before:
            raise StoreError(
                f"{folder}: holds {before} {what}, {now} were asked for; "
                f"ask for {before} or more, or choose another --out"
            )
