"""chainrule as another commit has it, in a source tree of its own: what is measured beside what there is now."""

from __future__ import annotations

import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def commit(revision: str = "HEAD") -> str:
    """Its full name."""
    return _git("rev-parse", f"{revision}^{{commit}}")


def changed() -> bool:
    """Whether sources at hand are not committed."""
    return bool(_git("status", "--porcelain", "../../src", "."))


def tree(revision: str, folder: Path) -> Path:
    """Its source tree below ``folder``, made where it is not there yet. ``git worktree remove`` takes it away."""
    name = commit(revision)
    place = (folder / f"start-{name[:12]}").resolve()
    if not place.exists():
        _git("worktree", "add", "--detach", str(place), name)
    return place


def _git(*arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=HERE, check=True, capture_output=True, text=True)
    return run.stdout.strip()
