"""Compiled code as it is kept: numba's files, checked when they are read, and no more of them than a few.

numba keeps an index and a file for each signature and processor. They lie in the user's cache, by names that say of
which sources they are, so that every environment with the same sources finds them. What is damaged there is compiled
again and written anew; what was not used for longest is removed where there are many.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import rtsys

from chainrule.machine import compiler

MOST = 24
"""Files of a function: two types of numbers, with weights of samples or without, of six sources or processors."""

_DIGEST = 32
"""Bytes of a file's checksum, its last ones."""


class _KeptPlace:
    """Where numba is to keep a function; when its sources were written says nothing, as its name tells them apart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _KeptPlace | None:
        folder = compiler.cache_folder()
        return None if folder is None else cls(folder)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def ensure_cache_path(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        return ""

    def get_disambiguator(self) -> str:
        return "1"


class _KeptInPlace(CompileResultCacheImpl):
    _locator_classes = [_KeptPlace]  # type: ignore[list-item]  # noqa: RUF012 - as in numba


class KeptCode(FunctionCache):
    """numba's cache of a function whose name ends with a digest of its sources: ``steps_bb05c3d1a2f4``."""

    _impl_class = _KeptInPlace

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        self._cache_file = _Files(self._cache_path, self._impl.filename_base)

    def _index_key(self, signature: Any, codegen: Any) -> Any:
        """What tells kinds of a function apart; its name says of which sources it is, and of those it calls."""
        return signature, codegen.magic_tuple()

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
    def __init__(self, folder: str, name: str) -> None:
        super().__init__(cache_path=folder, filename_base=name, source_stamp="")
        self._folder, self._function = Path(folder), name.rpartition("_")[0]

    def save(self, key: Any, data: Any) -> None:
        super().save(key, data)
        code = sorted(self._folder.glob(f"{self._function}_*.nbc"), key=lambda file: file.stat().st_mtime)
        removed, left = code[:-MOST], {_index(file) for file in code[-MOST:]}
        for file in {*removed, *({_index(file) for file in removed} - left)}:
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
        with contextlib.suppress(OSError):
            os.utime(self._data_path(name))
        return super()._load_data(name)


def _index(code: Path) -> Path:
    """Of a file of code, ``NAME.NUMBER.nbc``, the index that leads to it."""
    return code.with_suffix("").with_suffix(".nbi")
