"""Whether a repair of a twin is right: beside the right program, of which it must give the gradients."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.numeric.surroundings import around
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.edited_files import edited
from chainrule.gradcheck.result import Repair, TextEdit
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.staging import sources_root
from support.styles.table import StyleProgram

_MATCH = 1e-7
_SEED = 1234


def holds(program: StyleProgram, path: Path, folder: Path, place: int, repair: Repair) -> bool | None:
    """Whether a repaired twin gives the gradients of the right program; None where that one cannot be asked the same.

    Args:
        path: the twin.
        folder: where copies may lie.
        place: of the gradient among those of the file.
    """
    with tempfile.TemporaryDirectory(dir=folder) as own:
        right = program.right(Path(own))
        copy = Path(own) / "repaired"
        shutil.copytree(path.parent, copy)
        try:
            for file, edits in _by_file(repair.edits, copy).items():
                file.write_bytes(edited(file, file.read_bytes(), edits) or b"")
            return _same_gradients(right, copy / path.name, place)
        except CheckError:
            return None


def _by_file(every: Iterable[TextEdit], folder: Path) -> dict[Path, list[TextEdit]]:
    files: dict[Path, list[TextEdit]] = {}
    for edit in every:
        files.setdefault(folder / edit.file.partition(", cell ")[0], []).append(edit)
    return files


def _same_gradients(right: Path, repaired: Path, place: int) -> bool:
    one = RemoteProgram(right, Limits(), _SEED, root=sources_root(right.resolve()))
    other = RemoteProgram(repaired, Limits(), _SEED, root=sources_root(repaired.resolve()))
    with one as a, other as b:
        one.choose(place)
        other.choose(place)
        given = Point.of_program(a, a.describe())
        points = (variation.point for variation in around(given, np.random.default_rng(_SEED)))
        return all(_same(point, b) for point in (given, *points))


def _same(point: Point, other: Any) -> bool:
    try:
        wanted = point.returned().arrays
    except CheckError:
        # The right program does not run there.
        return True
    arrays = other.gradient(point.arrays, point.data).arrays
    return len(arrays) == len(wanted) and all(
        a.size == b.size and np.allclose(a.reshape(b.shape), b, rtol=_MATCH, atol=_MATCH)
        for a, b in zip(arrays, wanted, strict=True)
    )
