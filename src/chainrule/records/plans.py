"""What a folder of results is to hold, as plain versioned data: made at the start, held against what is asked for ever
after."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from chainrule.files import safe_name
from chainrule.records.base import FileRecord, ShapedTable, shaped
from chainrule.text import excerpt

JOURNAL = "journal.log"
"""A search's trials as optuna reads them."""

JOURNAL_ASIDE = "journal.unreadable.log"
"""A journal that could not be read."""


class FolderPlan(FileRecord):
    """The plan of a folder.

    Attributes:
        FILE: where it lies in the folder.
        dataset: ``name`` and ``checksum``.
    """

    FILE: ClassVar[str]

    dataset: dict[str, str]

    @property
    def files(self) -> set[str]:
        """What such a folder holds besides."""
        inferred = {InferencePlan.FILE, "inference.json", "inference.csv", "inference.md"}
        return {"figures", "tables", "checks", "results.json", "report.html", *inferred}

    @property
    def identity(self) -> dict[str, Any]:
        """What tells it from other plans."""
        return self.model_dump(mode="json", exclude={"written_by"})

    @property
    def short_name(self) -> str:
        """Eight hexadecimal digits for folders nobody named."""
        return hashlib.sha256(json.dumps(self.identity, sort_keys=True).encode()).hexdigest()[:8]

    def objections(self, there: Self) -> list[str]:
        """Why a folder that holds the plan ``there`` cannot go on with this one: ``another plan; choose ...``."""
        raise NotImplementedError

    def _another(self, what: str, there: Self) -> str:
        if there.written_by == self.written_by:
            return f"another {what}; choose another --out"
        return (
            f"another {what}, as chainrule {excerpt(there.written_by)} wrote it; choose another --out, or remove its "
            f"{self.FILE}: nets that are the same are not trained again"
        )


class _SearchForm(ShapedTable):
    name: str


class _TableForm(ShapedTable):
    searches: list[_SearchForm] = Field(default_factory=list)
    source: str | None = None
    dataset: str | None = None


class _ExperimentForm(ShapedTable):
    table: _TableForm
    settings: dict[str, dict[str, Any]]


class Plan(FolderPlan):
    """Tables to train; seeds and replicates of searches may be added.

    Attributes:
        experiments: by name, the ``table`` as it was read, and the whole ``settings`` of every row.
    """

    FILE = "plan.json"

    experiments: dict[str, Annotated[dict[str, Any], shaped(_ExperimentForm)]]
    seeds: list[int]
    replicates: int = 1

    @property
    def sheets(self) -> set[str]:
        """Files with a table each."""
        return {f"{safe_name(name)}.md" for name in self.experiments}

    @property
    def files(self) -> set[str]:
        """See :class:`FolderPlan`."""
        return super().files | self.sheets | {"results.csv", "results.md"}

    @property
    def identity(self) -> dict[str, Any]:
        """See :class:`FolderPlan`; seeds and replicates do not count."""
        return self.model_dump(mode="json", exclude={"written_by", "seeds", "replicates"})

    def objections(self, there: Self) -> list[str]:
        """See :class:`FolderPlan`. What is said of the tables may have changed, what they train may not."""
        differing = ["dataset"] if there.dataset != self.dataset else []
        for name in dict.fromkeys([*there.experiments, *self.experiments]):
            theirs, ours = (_trained(plan.experiments.get(name)) for plan in (there, self))
            differing += [f"{part} of {name}" for part in ours if theirs[part] != ours[part]]
        lines = [self._another(f"plan ({' and '.join(differing)})", there)] if differing else []
        for what, before, now in (
            ("seeds", len(there.seeds), len(self.seeds)),
            ("replicates of its searches", there.replicates, self.replicates),
        ):
            if now < before:
                lines.append(
                    f"{before} {what}, {now} were asked for; ask for {before} or more, or choose another --out"
                )
        return lines


def _trained(experiment: dict[str, Any] | None) -> dict[str, Any]:
    """What a table trains: its rows' settings, and its searches without what was published of them."""
    if experiment is None:
        return {"rows": None, "searches": None}
    searches = experiment["table"].get("searches", [])
    told = [{k: v for k, v in search.items() if k not in ("published", "inferred")} for search in searches]
    return {"rows": experiment["settings"], "searches": told}


class InferencePlan(FolderPlan):
    """Unknowns to infer; recipes and seeds may be added. Beside it the folder may hold the results of a :class:`Plan`.

    Attributes:
        unknowns: of each recipe, as they were read.
    """

    FILE = "inference-plan.json"

    unknowns: dict[str, Any]
    seeds: list[int]

    @property
    def files(self) -> set[str]:
        """See :class:`FolderPlan`."""
        sheets = {f"{safe_name(name)}.md" for name in self.unknowns}
        return super().files | sheets | {Plan.FILE, "results.csv", "results.md"}

    @property
    def identity(self) -> dict[str, Any]:
        """See :class:`FolderPlan`; seeds do not count."""
        return self.model_dump(mode="json", exclude={"seeds"})

    def objections(self, there: Self) -> list[str]:
        """See :class:`FolderPlan`. Unknowns may have changed: nets are named by what they are."""
        if there.dataset != self.dataset:
            return ["another plan (dataset); choose another --out"]
        missing = [name for name in there.unknowns if name not in self.unknowns]
        lines = [f"what was inferred of {', '.join(missing)} too; choose another --out"] if missing else []
        before, now = len(there.seeds), len(self.seeds)
        if now < before:
            lines.append(
                f"{before} seeds, {now} were asked for; ask for {before} or more, or choose another --out"
            )
        return lines


class SearchPlan(FolderPlan):
    """A search to run; nothing of it may change."""

    FILE = "search.json"

    search: dict[str, Any]
    seed: int

    @property
    def files(self) -> set[str]:
        """See :class:`FolderPlan`."""
        return super().files | {JOURNAL, f"{JOURNAL}.lock", JOURNAL_ASIDE}

    def objections(self, there: Self) -> list[str]:
        """See :class:`FolderPlan`."""
        differing = [key for key in ("dataset", "seed") if getattr(there, key) != getattr(self, key)]
        differing += [key for key in self.search if there.search.get(key) != self.search[key]]
        return [self._another(f"search, with another {', '.join(differing)}", there)] if differing else []
