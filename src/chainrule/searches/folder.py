"""What a folder of a search holds: made at the start, held against what is asked for ever after."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.files import write_text
from chainrule.records.searches import SearchPlan
from chainrule.searches.search import Search
from chainrule.work import lock
from chainrule.work.store import refuse_foreign

PLAN = "search.json"
JOURNAL = "journal.log"
RESULTS = "results.json"
ASIDE = "journal.unreadable.log"

_OURS = {JOURNAL, f"{JOURNAL}.lock", ASIDE, RESULTS, "report.html", "figures", "tables", "checks"}


def plan(search: Search, dataset: Dataset, seed: int) -> SearchPlan:
    """The plan to run a search on a data set."""
    document = search.model_dump(mode="json", exclude={"dataset", "title"})
    return SearchPlan(
        dataset={"name": dataset.name, "checksum": dataset.checksum}, search=document, seed=seed
    )


@contextlib.contextmanager
def opened(folder: Path, wanted: SearchPlan) -> Iterator[None]:
    """Hold a new folder, or one that holds the same search, until the end.

    A folder that lost its ``search.json`` is taken as it is: nets are named by what they are.

    Raises:
        StoreError: it holds another search or something else, is of a newer version, is in use, or cannot be written.
    """
    refuse_foreign(folder, PLAN, _OURS)
    path = folder / PLAN
    with lock.held(folder):
        if path.exists():
            _check(folder, SearchPlan.read(path), wanted)
        else:
            write_text(path, wanted.to_json())
        yield


def _check(folder: Path, there: SearchPlan, wanted: SearchPlan) -> None:
    differing = [key for key in ("dataset", "seed") if getattr(there, key) != getattr(wanted, key)]
    differing += [key for key in wanted.search if there.search.get(key) != wanted.search[key]]
    if differing:
        raise StoreError(
            f"{folder}: holds another search, with another {', '.join(differing)}; choose another --out"
        )
