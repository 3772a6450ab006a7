"""The script that draws charts in a page: Vega, Vega-Lite and vega-embed in one, kept once it has been put together."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import platformdirs

from chainrule.errors import StoreError
from chainrule.files import write_bytes
from chainrule.report.style import report_extra


@cache
def script() -> str:
    """The script, as it may stand within a page.

    Putting it together takes more than a second, so that it is kept in the user's cache, where there is one; what is
    damaged there is made anew.

    Raises:
        MissingExtraError: what makes it is not installed.
    """
    with report_extra():
        import vl_convert

    kept = platformdirs.user_cache_path("chainrule") / f"vega-{metadata.version('vl-convert-python')}.js"
    found = _read(kept)
    if found is None:
        # Its type hints ask for the snippet that it does without.
        found = vl_convert.javascript_bundle().encode()  # type: ignore[call-arg]
        with contextlib.suppress(StoreError):
            write_bytes(kept, hashlib.sha256(found).hexdigest().encode() + b"\n" + found)
    return found.decode().replace("</script", "<\\/script")


def _read(path: Path) -> bytes | None:
    """What is kept, below its digest; None where there is nothing, or it is damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if digest == hashlib.sha256(content).hexdigest().encode() else None
