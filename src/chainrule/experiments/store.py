"""A folder of results: a plan, a shard for every finished member, and what is made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.experiments.experiment import Experiment
from chainrule.files import reported, write_text
from chainrule.nn.network import Parameters
from chainrule.records import Member, Plan
from chainrule.train import weights

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


class Store:
    """The results below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._members = folder / "members"

    def open(self, wanted: Plan) -> None:
        """Make the folder, or go on in it when it holds the same plan with the same or fewer seeds.

        A folder that lost its plan is taken as it is: members are named by what they are.

        Raises:
            StoreError: it holds another plan or something else, or cannot be written.
        """
        path = self.folder / "plan.json"
        with reported(self.folder, "use the folder"):
            if path.exists():
                self._check(Plan.read(path), wanted)
            elif self.folder.exists() and (
                not self.folder.is_dir()
                or {entry.name for entry in self.folder.iterdir()} - _OURS - wanted.sheets
            ):
                raise StoreError(
                    f"{self.folder}: is no folder of results and not empty; choose another --out"
                )
        write_text(path, wanted.to_json())

    def _check(self, there: Plan, wanted: Plan) -> None:
        differing = [key for key in ("dataset", "experiments") if getattr(there, key) != getattr(wanted, key)]
        if differing:
            raise StoreError(
                f"{self.folder}: holds another plan ({' and '.join(differing)}); choose another --out"
            )
        for what, before, now in (
            ("seeds", len(there.seeds), len(wanted.seeds)),
            ("replicates of its searches", there.replicates, wanted.replicates),
        ):
            if now < before:
                raise StoreError(
                    f"{self.folder}: holds {before} {what}, {now} were asked for; "
                    f"ask for {before} or more, or choose another --out"
                )

    def find(self, member: str) -> Member | None:
        """The finished member of that id; None where it is missing or its files are damaged."""
        try:
            found = Member.read(self._members / f"{member}.json")
            if found.weights_sha256 is not None:
                self.weights(found)
        except StoreError:
            return None
        return found if found.id == member else None

    def weights(self, member: Member) -> weights.Weights:
        """The weights of a finished member: ``last.W1``, ``best.W1`` and so on.

        Raises:
            StoreError: there are none, or they are damaged.
        """
        if member.weights_sha256 is None:
            raise StoreError(f"{member.id}: its weights were not kept")
        return weights.load(self._members / f"{member.id}.safetensors", member.weights_sha256)

    def save(self, member: Member, last: Parameters, best: Parameters, index: int) -> None:
        """Write member number ``index`` of a population; its record comes last and says that it is whole.

        Of a net that only validates, as a search's, there is no curve to look at and no weights are kept.

        Raises:
            StoreError: the folder cannot be written.
        """
        if member.settings["evaluate"] == "curves":
            digest = weights.save(self._members / f"{member.id}.safetensors", last, best, index)
            member = member.model_copy(update={"weights_sha256": digest})
        write_text(self._members / f"{member.id}.json", member.to_json())
