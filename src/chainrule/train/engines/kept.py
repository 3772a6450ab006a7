"""Compiled code as it is kept: numba's files, checked when they are read, and no more of them than a few.

numba keeps an index and a file for each signature and processor, beside the sources or in the user's cache. What is
damaged there is compiled again and written anew; what older sources left is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import rtsys

MOST = 24
"""Files of a function: two types of numbers, with weights of samples or without, on six kinds of processors."""

_DIGEST = 32
"""Bytes of a file's checksum, its last ones."""


class KeptCode(FunctionCache):
    """numba's cache of a function whose name ends with a digest of its sources: ``steps_bb05c3d1a2f4``."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _Files(self._cache_path, self._impl.filename_base, stamp)

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """What was kept. numba would first load all that it can compile, SciPy's linear algebra with it: a third of a
        second, which code that is compiled already does without."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(signature, target_context)

    def save_overload(self, signature: Any, data: Any) -> None:
        """Keep what was compiled; where the disk is full, it serves this process alone."""
        with contextlib.suppress(OSError):
            super().save_overload(signature, data)


class _Files(IndexDataCacheFile):
    def __init__(self, folder: str, name: str, stamp: Any) -> None:
        super().__init__(cache_path=folder, filename_base=name, source_stamp=stamp)
        self._folder = Path(folder)
        self._function, _, own = name.rpartition("_")
        self._digest = own.partition("-")[0]

    def save(self, key: Any, data: Any) -> None:
        super().save(key, data)
        files = list(self._folder.glob(f"{self._function}_*.nb[ic]"))
        mine = [file for file in files if file.name.startswith(f"{self._function}_{self._digest}-")]
        code = sorted((file for file in mine if file.suffix == ".nbc"), key=lambda file: file.stat().st_mtime)
        for file in {*files} - {*mine} | {*code[:-MOST]}:
            file.unlink(missing_ok=True)

    def _dump(self, content: Any) -> bytes:
        data: bytes = super()._dump(content)
        # What is read ends where it says so itself, and the checksum stands behind.
        return data + hashlib.sha256(data).digest()

    def _load_index(self) -> Any:
        try:
            return super()._load_index()
        except Exception:
            # A damaged index may raise any.
            return {}

    def _load_data(self, name: str) -> Any:
        content = Path(self._data_path(name)).read_bytes()
        if hashlib.sha256(content[:-_DIGEST]).digest() != content[-_DIGEST:]:
            raise OSError(f"{name}: is damaged")
        return super()._load_data(name)
