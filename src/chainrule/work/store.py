"""A shard for every finished member of a folder of results."""

from __future__ import annotations

from pathlib import Path

from chainrule.errors import StoreError
from chainrule.files import write_text
from chainrule.nn.network import Parameters
from chainrule.records import Member
from chainrule.train import weights


class Store:
    """The results below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._members = folder / "members"

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
