"""How large an installation is and how long it takes, each extra in an environment of its own: docs/install.md.

    python benchmarks/installed.py [EXTRA ...]

Without names: nothing beyond the base, then every extra that a user would ask for. Prints a table in Markdown; sizes
are those of the packages, without pip's own and without what Python compiles of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("", "train", "fast", "report", "search", "onnx", "images", "tables", "ray", "all")


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def bracketed(extra: str) -> str:
    """An extra as it stands behind a name."""
    return f"[{extra}]" if extra else ""


def install(extra: str, environment: Path) -> tuple[float, float]:
    """Make an environment with chainrule and one extra; its size in MB and the seconds that pip took."""
    venv.create(environment, with_pip=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    before = size(packages)
    command = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile"]
    settings = os.environ | {
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    start = time.perf_counter()
    subprocess.run([*command, f"{ROOT}{bracketed(extra)}"], check=True, env=settings)
    return (size(packages) - before) / 1e6, time.perf_counter() - start


def main(extras: list[str]) -> None:
    print("| installed | MB | seconds |\n|---|---|---|")
    for extra in extras or EXTRAS:
        with tempfile.TemporaryDirectory() as folder:
            megabytes, seconds = install(extra, Path(folder) / "environment")
        print(
            f"| `pip install 'chainrule{bracketed(extra)}'` | {megabytes:.0f} | {seconds:.0f} |", flush=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
