"""Row after row, each kept as soon as it is there: a run that was stopped goes on where it was."""

from __future__ import annotations

import datetime
import os
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any


def take(
    document: dict[str, Any],
    rows: Mapping[str, Callable[[], Any]],
    how: Mapping[str, Any],
    minutes: float,
    save: Callable[[], None],
) -> list[str]:
    """Measure one row after the other; gives the names of those that failed.

    Args:
        document: what was taken already, and where it goes.
        rows: measurements by name.
        how: that is kept beside each.
        minutes: after which no other row is begun.
        save: called after each.
    """
    began, failed = time.perf_counter(), []
    for name, measure in rows.items():
        if taken(document, name, how):
            print(f"{name}: kept", flush=True)
            continue
        if time.perf_counter() - began > 60 * minutes:
            print(f"{name}: left for another run", flush=True)
            continue
        now, load, row_began = datetime.datetime.now(datetime.UTC), os.getloadavg()[0], time.perf_counter()
        try:
            found = measure()
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        seconds = time.perf_counter() - row_began
        about = {"at": now.isoformat(timespec="seconds"), "load": round(load, 1), "took": round(seconds, 1)}
        document["rows"][name] = {"how": dict(how) | about, "found": found}
        save()
        print(f"{name}: {seconds:.0f} s", flush=True)
    return failed


def taken(document: Mapping[str, Any], name: str, wanted: Mapping[str, Any]) -> bool:
    """Whether a row is there that was taken of the same commits, as often and as long as is wanted, and by as many."""
    how = document["rows"].get(name, {}).get("how")
    if how is None or how["changed"]:
        return False
    same = all(how[key] == wanted[key] for key in ("commit", "start"))
    enough = all(how[key] >= wanted[key] for key in ("repetitions", "seconds"))
    return same and enough and (wanted["asked"] or not how["asked"])
