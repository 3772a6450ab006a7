"""A shard for every finished member of a folder of results."""

from __future__ import annotations

import hashlib
from pathlib import Path

from chainrule.errors import StoreError
from chainrule.files import reported, sweep, write_bytes
from chainrule.nets.file import member_bytes
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Parameters
from chainrule.records.runs import Member
from chainrule.train import weights
from chainrule.work import checkpoints

MEMBERS = "members"


class Store:
    """The results below one folder.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = Store(Path(folder))
    ...     store.write("members/af31.json", b"damaged")
    ...     store.holds("af31"), store.find("af31")  # there, but not whole: it is trained again
    (True, None)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._members = folder / MEMBERS

    def find(self, member: str) -> Member | None:
        """The finished member of that id; None where it is missing or its files are damaged."""
        try:
            record = Member.read(self._members / f"{member}.json")
            if record.weights_sha256 is not None:
                self.weights(record)
        except StoreError:
            return None
        return record if record.id == member else None

    def weights(self, member: Member) -> weights.Weights:
        """The weights of a finished member: ``last.W1``, ``best.W1`` and so on.

        Raises:
            StoreError: there are none, or they are damaged.
        """
        if member.weights_sha256 is None:
            raise StoreError(f"{member.id}: its weights were not kept")
        return weights.load(self._members / f"{member.id}.safetensors", member.weights_sha256)

    def write(self, name: str, data: bytes) -> None:
        """Write a file of a shard or a checkpoint, by its name below the folder.

        Raises:
            StoreError: the folder cannot be written.
        """
        write_bytes(self.folder / name, data, settled=True)

    def holds(self, member: str) -> bool:
        """Whether there is a shard of that id; :meth:`find` looks whether it is whole."""
        return (self._members / f"{member}.json").exists()

    def remove(self, name: str) -> None:
        """Remove a file, by its name below the folder.

        Raises:
            StoreError: it cannot be removed.
        """
        path = self.folder / name
        with reported(path, "remove"):
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove files that killed processes left half written."""
        for kind in (MEMBERS, checkpoints.FOLDER):
            sweep(self.folder / kind)


def shard(member: Member, net: CompleteNet, last: Parameters) -> tuple[Member, dict[str, bytes]]:
    """The record of a member and the files of its shard; the last file says that it is whole.

    Weights are kept of nets whose curves are wanted, at the end: there is nothing to see of a net that only validates.

    Args:
        member: its record.
        net: what predicts.
        last: its weights after the last epoch.
    """
    files = {}
    if member.settings["evaluate"] == "curves" and member.history.epoch[-1:] == [member.settings["epochs"]]:
        data = member_bytes(net, last)
        files[f"{MEMBERS}/{member.id}.safetensors"] = data
        member = member.model_copy(update={"weights_sha256": hashlib.sha256(data).hexdigest()})
    return member, files | {f"{MEMBERS}/{member.id}.json": member.to_json().encode()}
