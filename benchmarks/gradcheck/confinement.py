"""What the confinement of a user's file costs: the time until its process answers, with it and without.

    python benchmarks/gradcheck/confinement.py --times 40

The two kinds of process are started by turns, and each is asked for its parameters once; a line gives the medians in
milliseconds and the median of the differences.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from chainrule.gradcheck.sandbox import process
from chainrule.gradcheck.sandbox.remote import RemoteProgram

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "gradients" / "batch_norm.py"

UNCONFINED = """
import contextlib, sys
from chainrule.gradcheck.sandbox import child, confine

@contextlib.contextmanager
def unconfined(private, apart, memory, seconds):
    private.mkdir()
    yield private, {}

confine.confined = unconfined
child.main(int(sys.argv[1]))
"""


def seconds_of(command: tuple[str, ...]) -> float:
    """From the start of a process to its first answer and its end."""
    process.CHILD = command
    started = time.perf_counter()
    with RemoteProgram(EXAMPLE) as program:
        program.describe()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="processes of each kind")
    times = parser.parse_args().times
    confined = process.CHILD
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "unconfined.py"
        script.write_text(UNCONFINED)
        pairs = [(seconds_of(confined), seconds_of((str(script),))) for _ in range(times)]
    kept_in, free = (statistics.median(each) * 1e3 for each in zip(*pairs, strict=True))
    costs = statistics.median(a - b for a, b in pairs) * 1e3
    print(f"confined {kept_in:.0f} ms, unconfined {free:.0f} ms, difference {costs:.0f} ms ({times} pairs)")


if __name__ == "__main__":
    main()
