"""A folder of results: a plan, a shard for every finished member, and what is made of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainrule.data.datasets import Dataset
from chainrule.errors import StoreError
from chainrule.experiments.experiment import Experiment
from chainrule.files import reported, write_text
from chainrule.nn.network import Parameters
from chainrule.records import VERSION, Member
from chainrule.train import weights


def plan_identity(dataset: Dataset, experiments: Mapping[str, Experiment]) -> dict[str, Any]:
    """What makes a plan that plan: data, and every table with its whole settings. Seeds may be added later."""
    return {
        "version": VERSION,
        "dataset": {"name": dataset.name, "checksum": dataset.checksum},
        "experiments": {
            name: {
                "table": experiment.model_dump(mode="json", exclude={"settings"}),
                "settings": {
                    row: settings.model_dump(mode="json") for row, settings in experiment.resolved().items()
                },
            }
            for name, experiment in experiments.items()
        },
    }


def plan_hash(identity: Mapping[str, Any]) -> str:
    """A short name for a plan, for folders nobody named."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:8]


class Store:
    """The results below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._members = folder / "members"

    def open(self, identity: Mapping[str, Any], seeds: Sequence[int]) -> None:
        """Make the folder, or go on in it when it holds the same plan with the same or fewer seeds.

        Raises:
            StoreError: it holds another plan or something else, or cannot be written.
        """
        path = self.folder / "plan.json"
        if path.exists():
            self._check(path, identity, seeds)
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise StoreError(f"{self.folder}: is no folder of results and not empty; choose another --out")
        with reported(self._members, "make the folder"):
            self._members.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps({**identity, "seeds": list(seeds)}, indent=1) + "\n")

    def _check(self, path: Path, identity: Mapping[str, Any], seeds: Sequence[int]) -> None:
        try:
            there = json.loads(path.read_text(encoding="utf-8"))
            version, before = there["version"], there["seeds"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{path}: is damaged ({error}); choose another --out") from error
        if version > VERSION:
            raise StoreError(
                f"{path}: was written by a newer chainrule; update chainrule or choose another --out"
            )
        differing = [key for key in identity if there.get(key) != identity[key]]
        if differing:
            raise StoreError(
                f"{self.folder}: holds another plan ({' and '.join(differing)} differ); choose another --out"
            )
        if set(before) - set(seeds):
            raise StoreError(
                f"{self.folder}: holds {len(before)} seeds, {len(seeds)} were asked for; "
                f"ask for {len(before)} or more, or choose another --out"
            )

    def find(self, member: str) -> Member | None:
        """The finished member of that id; None where it is missing or its files are damaged."""
        try:
            self.weights(member)
            return Member.read(self._members / f"{member}.json")
        except StoreError:
            return None

    def weights(self, member: str) -> weights.Weights:
        """The weights of a finished member: ``last.W1``, ``best.W1`` and so on.

        Raises:
            StoreError: there are none, or they are damaged.
        """
        return weights.load(self._members / f"{member}.safetensors")

    def save(self, member: Member, last: Parameters, best: Parameters, index: int) -> None:
        """Write member number ``index`` of a population; its record comes last and says that it is whole.

        Raises:
            StoreError: the folder cannot be written.
        """
        weights.save(self._members / f"{member.id}.safetensors", last, best, index)
        write_text(self._members / f"{member.id}.json", member.to_json())
