"""Commands that are killed, small enough to be run many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.archives import binary_files, write_folder

IMAGES = 100
"""Of a batch that is imported."""
_TINY = (
    f"from chainrule.data import cifar10; cifar10.IMAGES_PER_BATCH = {IMAGES}; "
    "from chainrule.cli import main; main()"
)
_BY_WORKERS = (
    "from chainrule.work.processes import Processes; Processes.starting = 0; "
    "from chainrule.cli import main; main()"
)
"""A search that would be small enough for one process."""

SETTINGS = """
dataset = "digits"
[settings]
train = 400
val = 200
test = "test_batch"
preprocess = "center"
init = "he"
hidden = [20]
batch_size = 20
epochs = 12
shuffle = true
learning_rate = 0.1
"""
TABLE = f'title = "killed"\n{SETTINGS}\n' + "".join(
    f'[[rows]]\nname = "l2 {l2}"\nset = {{ l2 = {l2} }}\n' for l2 in (0.0, 0.001, 0.01)
)
SEARCH = (
    f'title = "killed"\n{SETTINGS}\n[space]\nl2 = [0.0, 0.001, 0.01]\nlearning_rate = [0.01, 0.1]\n'
    '[strategy]\nkind = "halving"\nmin_epochs = 2\ninits = 2\n'
)


@dataclass(frozen=True)
class Command:
    """What is run and killed.

    Attributes:
        words: the command; it writes into ``out`` in its folder.
        prepare: makes in a folder what the command starts from.
        roles: who can be killed.
        start: how Python is told to run it.
        replaces: whether it makes all anew where it is run once more.
    """

    words: Sequence[str]
    prepare: Callable[[Path], object]
    roles: Sequence[str] = ("driver", "worker")
    start: Sequence[str] = ("-m", "chainrule")
    replaces: bool = False


_OUT = ("--dataset", "digits", "--jobs", "2", "--quiet", "--out", "out")
COMMANDS = {
    "train": Command(
        ["train", "killed.toml", "--seeds", "3", *_OUT], lambda at: (at / "killed.toml").write_text(TABLE)
    ),
    "search": Command(
        ["search", "killed.toml", *_OUT],
        lambda at: (at / "killed.toml").write_text(SEARCH),
        start=["-c", _BY_WORKERS],
    ),
    "reproduce": Command(
        ["reproduce", "one_layer", "--seeds", "2", "--search-seeds", "1", *_OUT], lambda at: None
    ),
    "import": Command(
        ["data", "import", "downloaded", "--data-dir", "out"],
        lambda at: write_folder(at / "downloaded", binary_files(IMAGES)),
        ["driver"],
        ["-c", _TINY],
        replaces=True,
    ),
}
