"""What a folder of a search holds: made at the start, held against what is asked for ever after."""

from __future__ import annotations

from pathlib import Path

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.files import reported, write_text
from chainrule.search_records import SearchPlan
from chainrule.searches.search import Search

PLAN = "search.json"
JOURNAL = "journal.log"
RESULTS = "results.json"


def plan(search: Search, dataset: Dataset, seed: int) -> SearchPlan:
    """The plan to run a search on a data set."""
    document = search.model_dump(mode="json", exclude={"dataset", "title"})
    return SearchPlan(
        dataset={"name": dataset.name, "checksum": dataset.checksum}, search=document, seed=seed
    )


def open_folder(folder: Path, wanted: SearchPlan) -> None:
    """Make the folder, or go on in it when it holds the same search.

    Raises:
        StoreError: it holds another search or something else, is of a newer version, or cannot be written.
    """
    path = folder / PLAN
    with reported(folder, "use the folder"):
        if path.exists():
            _check(folder, SearchPlan.read(path), wanted)
            return
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError(f"{folder}: is no folder of a search and not empty; choose another --out")
    write_text(path, wanted.to_json())


def _check(folder: Path, there: SearchPlan, wanted: SearchPlan) -> None:
    differing = [key for key in ("dataset", "seed") if getattr(there, key) != getattr(wanted, key)]
    differing += [key for key in wanted.search if there.search.get(key) != wanted.search[key]]
    if differing:
        raise StoreError(
            f"{folder}: holds another search, with another {', '.join(differing)}; choose another --out"
        )
