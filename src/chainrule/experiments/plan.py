"""What a folder of results is to hold: made at the start, held against what is asked for ever after."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.experiments.experiment import Experiment
from chainrule.files import write_text
from chainrule.records.runs import Plan
from chainrule.work import lock
from chainrule.work.store import refuse_foreign

_OURS = {"figures", "tables", "checks", "results.json", "results.csv", "results.md", "report.html"}
_PLAN = "plan.json"


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


@contextlib.contextmanager
def opened(folder: Path, wanted: Plan) -> Iterator[None]:
    """Hold a new folder, or one that holds the same plan with the same or fewer seeds, until the end.

    A folder that lost its plan is taken as it is: members are named by what they are.

    Raises:
        StoreError: it holds another plan or something else, is in use, or cannot be written.
    """
    refuse_foreign(folder, _PLAN, _OURS | wanted.sheets)
    path = folder / _PLAN
    with lock.held(folder):
        if path.exists():
            _check(folder, Plan.read(path), wanted)
        write_text(path, wanted.to_json())
        yield


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
