"""Compiled code as it is kept: files that are checked when they are read, and no more of them than a few.

There is one for each function, signature and processor. They lie in the user's cache, by names that say of which
sources and for what they are, so that every environment with the same sources finds them; numba's own are numbered by
an index, which two processes that write at once leave pointing at each other's code. What is damaged or made for other
types is compiled again and written anew; what was not used for longest is removed where there are many.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from chainrule.machine import compiler

KINDS = 5
"""Of a function, at most: float32 and float64, each without weights of samples and with them, which training and
evaluation of float32 give in two types."""

MOST = 6 * KINDS
"""Files of a function: of six sources or processors."""

_DIGEST = 32
"""Bytes of a file's checksum, its first ones."""


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
    """numba's cache of a function whose name ends with a digest of its sources: ``steps_bb05c3d1a2f4``.

    Args:
        function: that is kept.
        kind: gives of a signature what stands in the names of its files.
    """

    _impl_class = _KeptInPlace

    def __init__(self, function: Callable[..., Any], kind: Callable[[Any], str]) -> None:
        super().__init__(function)
        files: Any = _Files(Path(self._cache_path), self._impl.filename_base)
        self._kind, self._cache_file = kind, files

    def _index_key(self, signature: Any, codegen: Any) -> tuple[str, str]:
        """What tells kinds of a function apart; its name says of which sources it is, and of those it calls."""
        return self._kind(signature), repr((signature, codegen.magic_tuple()))

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


class _Files:
    """Those of a function, in the place of numba's. A key is their kind, and all that they are made for."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    def save(self, key: tuple[str, str], data: Any) -> None:
        content = dumps((key, data))
        part = self._folder / f"{uuid.uuid4().hex}.part"
        try:
            part.write_bytes(hashlib.sha256(content).digest() + content)
            part.replace(self._file(key))
        finally:
            part.unlink(missing_ok=True)
        of_function = self._folder.glob(f"{self._name.rpartition('_')[0]}_*.nbc")
        for file in sorted(of_function, key=lambda file: file.stat().st_mtime)[:-MOST]:
            file.unlink(missing_ok=True)

    def load(self, key: tuple[str, str]) -> Any:
        try:
            content = self._file(key).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        made_for, data = pickle.loads(content[_DIGEST:])  # noqa: S301 - code, which runs in any case
        if made_for != key:
            return None
        with contextlib.suppress(OSError):
            os.utime(self._file(key))
        return data

    def _file(self, key: tuple[str, str]) -> Path:
        kind, text = key
        return self._folder / f"{self._name}.{kind}.{hashlib.sha256(text.encode()).hexdigest()[:12]}.nbc"
