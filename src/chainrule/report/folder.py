"""A folder of results, read whole: what pages, figures and tables are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from chainrule.errors import SettingsError, StoreError, suggestion
from chainrule.files import reported, safe_name
from chainrule.records.checked import CheckedFile
from chainrule.records.figures import FIGURES, Figure
from chainrule.records.gradients import GradientChecks
from chainrule.records.inferences import INFERENCE, Inference, RecipeInference
from chainrule.records.plans import Plan
from chainrule.records.runs import Results
from chainrule.records.searches import SearchResults
from chainrule.report import search_run
from chainrule.report.own_tables import OwnTable
from chainrule.report.tables import recipe_names

CHECKED_FILE, CHECKED_RECIPE = "file-", "recipe-"
"""How the names of records in the folder ``checks`` begin."""


@dataclass(frozen=True)
class RunFolder:
    """What a folder of results holds.

    Attributes:
        folder: where it lies.
        plan: None where it lost its plan, or was written by ``check``.
        results: tables and claims; empty where it was written by ``check``.
        figures: the data of figures.
        checks: gradient checks of recipes.
        files: checked programs.
        notes: what a reader must know of all of it, as what was guessed of a history of another program.
        command: what made it in the place of ``chainrule report``.
        search: what a search found out, where this is a search's folder.
        inferences: what was inferred of what recipes leave unsaid.
        tables: of a net that another program trained.
    """

    folder: Path
    plan: Plan | None
    results: Results
    figures: tuple[Figure, ...]
    checks: tuple[GradientChecks, ...] = ()
    files: tuple[CheckedFile, ...] = ()
    notes: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    search: SearchResults | None = None
    inferences: tuple[RecipeInference, ...] = ()
    tables: tuple[OwnTable, ...] = ()

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.resolve().name or str(self.folder)

    @property
    def recipes(self) -> list[str]:
        """The tables, in the order of the results."""
        return list(dict.fromkeys([*recipe_names(self.results), *(figure.recipe for figure in self.figures)]))

    def only(self, recipes: list[str]) -> Self:
        """The run with nothing but the ``recipes`` named.

        Raises:
            SettingsError: it has none of that name.
        """
        checked, inferred = ([part.recipe for part in parts] for parts in (self.checks, self.inferences))
        known = list(dict.fromkeys([*self.recipes, *checked, *inferred]))
        unknown = [name for name in recipes if name not in known]
        if unknown:
            raise SettingsError(
                *(
                    f"recipe '{name}': {self.folder} has none of it; {suggestion(name, known)}"
                    for name in unknown
                )
            )
        results = self.results.model_copy(
            update={
                key: [entry for entry in getattr(self.results, key) if entry.recipe in recipes]
                for key in ("rows", "claims", "input_means", "found")
            }
        )
        figures = tuple(figure for figure in self.figures if figure.recipe in recipes)
        checks = tuple(check for check in self.checks if check.recipe in recipes)
        inferences = tuple(part for part in self.inferences if part.recipe in recipes)
        return replace(self, results=results, figures=figures, checks=checks, files=(), inferences=inferences)

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Read a folder.

        Raises:
            StoreError: it is no folder of results, its training was not finished, or a file in it is damaged or of a
                newer version.
        """
        path = Path(folder).expanduser()
        with reported(path, "read"):
            checks, files = _checks(path / "checks")
            inference = (
                Inference.read(path / INFERENCE) if (path / INFERENCE).exists() else Inference(recipes=[])
            )
            if (path / "search.json").exists() and (path / "results.json").exists():
                search = SearchResults.read(path / "results.json")
                figures = search_run.figures(search, path)
                return cls(path, None, search_run.results(search), figures, checks, files, search=search)
            plan = Plan.read(path / "plan.json") if (path / "plan.json").exists() else None
            if (path / "results.json").exists():
                results = Results.read(path / "results.json")
            elif checks or files or inference.recipes:
                environment = (checks[0] if checks else files[0] if files else inference).environment
                results = Results(rows=[], claims=[], input_means=[], environment=environment)
            else:
                raise StoreError(_why_not(path, plan))
            figures = _figures(path / "figures", recipe_names(results))
            return cls(path, plan, results, figures, checks, files, inferences=tuple(inference.recipes))


def _checks(folder: Path) -> tuple[tuple[GradientChecks, ...], tuple[CheckedFile, ...]]:
    recipes = tuple(GradientChecks.read(path) for path in sorted(folder.glob(f"{CHECKED_RECIPE}*.json")))
    return recipes, tuple(CheckedFile.read(path) for path in sorted(folder.glob(f"{CHECKED_FILE}*.json")))


def _figures(folder: Path, recipes: list[str]) -> tuple[Figure, ...]:
    """The figures of the recipes; runs of older versions have fewer kinds."""
    paths = [
        (kind, folder / (safe_name(f"{name}-{kind.kind}") + ".json")) for name in recipes for kind in FIGURES
    ]
    return tuple(kind.read(path) for kind, path in paths if path.exists())


def _why_not(path: Path, plan: Plan | None) -> str:
    if not path.exists():
        return f"{path}: there is no such folder; give one that reproduce, train, demo or check --out wrote"
    if not path.is_dir():
        return f"{path}: is no folder; give one of results, or draw a history with: chainrule plot history {path}"
    if plan is not None or (path / "search.json").exists():
        nets = len(list((path / "members").glob("*.json")))
        return (
            f"{path}: is half written: {nets} nets are finished and there is no results.json yet; "
            f"run its command again with --out {path}, it goes on from there"
        )
    return f"{path}: is no folder of results, it holds no results.json; give one that reproduce, train or demo wrote"
