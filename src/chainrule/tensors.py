"""Tensors in a safetensors file beside a document that says what they are, with a checksum over both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.inputs import FailureClass, parsed_json, read_bytes
from chainrule.text import excerpt, one_line

Tensors = Mapping[str, NDArray[Any]]

_KEY = "chainrule"
"""Where the document stands in the file's metadata. The library writes several entries in any order: one alone makes
equal nets equal files."""


def to_bytes(document: Mapping[str, Any], arrays: Tensors) -> bytes:
    """The content of a file.

    Args:
        document: what JSON can say.
        arrays: by name.

    >>> content = to_bytes({"of": "nothing"}, {"W": np.zeros(3)})
    >>> content == to_bytes({"of": "nothing"}, {"W": np.zeros(3)})
    True
    """
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    text = json.dumps({**document, "sha256": digest(document, whole)}, ensure_ascii=False, allow_nan=False)
    return save(whole, {_KEY: text})


def read(
    path: Path, limit: int, failure: FailureClass, repair: str
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Document and arrays of a file; where the document holds a checksum, it is theirs.

    Args:
        path: where it lies.
        limit: its largest size in bytes.
        failure: what a refusal is raised as.
        repair: what the user can do.

    Raises:
        ChainruleError: of the class ``failure``: it cannot be read, is of another kind, or is damaged.
    """
    from safetensors.numpy import load

    data, name = read_bytes(path, limit, failure, repair), one_line(str(path))
    try:
        arrays = load(data)
    # The library has no one error for what is no such file.
    except Exception as error:
        raise failure(f"{name}: is damaged, or no file of tensors: {excerpt(error)}; {repair}") from error
    try:
        document = parsed_json(_text(data).encode())
    except ValueError as error:
        raise failure(f"{name}: is damaged: {error}; {repair}") from error
    if not isinstance(document, dict):
        raise failure(f"{name}: holds arrays, and does not say what they are; {repair}")
    if "sha256" in document and document.pop("sha256") != digest(document, arrays):
        raise failure(f"{name}: is damaged: its checksum is another; {repair}")
    return document, arrays


def digest(document: Mapping[str, Any], arrays: Tensors) -> str:
    """SHA-256 over both, as hexadecimal text."""
    whole = hashlib.sha256(json.dumps(dict(document), sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        whole.update(f"{name} {array.dtype} {array.shape}".encode())
        whole.update(array.data if array.size else b"")
    return whole.hexdigest()


def _text(data: bytes) -> str:
    """The document in the header of a file that the library has read; the library itself shows it of files on disk."""
    length = int.from_bytes(data[:8], "little")
    about = json.loads(data[8 : 8 + length]).get("__metadata__") or {}
    return str(about.get(_KEY, "null"))
