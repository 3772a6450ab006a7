"""Ask ``chainrule check FILE --json``, and say its answer as the scorer reads it.

python -m wrong_backward_passes.adapters.chainrule_check FILE [option of chainrule check ...]
"""

from __future__ import annotations

import difflib
import itertools
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..answers import Answer, Finding
from ..patches import applied

KINDS = {
    "factor": "missing-batch-mean double-batch-mean hard-wired-batch-size hinge-correct-class bias-mean-not-sum "
    "batchnorm-not-averaged batchnorm-gamma-missing wrong-factor mean-for-sum",
    "sign": "wrong-sign regulariser-sign",
    "regularisation": "regulariser-missing regulariser-half regulariser-double regulariser-scaled "
    "regulariser-on-gradient regulariser-summed bias-regularised penalty-not-squared",
    "transpose": "transposed reshaped weights-not-transposed",
    "axis": "softmax-wrong-axis bias-summed-over-all batchnorm-wrong-axis wrong-axis",
    "broadcasting": "bias-broadcast",
    "derivative": "extra-sigmoid-derivative activation-derivative-missing activation-derivative-wrong "
    "derivative-missing derivative-wrong wrong-log-base batchnorm-ddof",
    "mask": "relu-mask-missing relu-mask-wrong leaky-slope-mismatch mask-missing mask-wrong",
    "missing-term": "missing-one-hot lost-upstream batchnorm-mean-constant batchnorm-variance-constant "
    "batchnorm-statistics-constant path-left-out bias-dropped",
    "wrong-variable": "wrong-layer-input swapped batchnorm-running-statistics batchnorm-unnormalised-input "
    "values-swapped wrong-value",
    "accumulation": "overwritten-not-accumulated path-counted-twice",
    "index": "label-as-index duplicate-indices-lost wrong-index",
    "time": "shifted-by-one",
    "stale-value": "stale-weights parameters-mutated",
}
"""The kinds of the benchmark, with the names in chainrule's catalogue that are of that kind."""

KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}


def read(said: dict[str, Any], text: str) -> Answer:
    """The answer in the JSON of a check; a file in which something is suspect or unchecked is unknown.

    Args:
        text: that of the file.
    """
    verdict = (
        "right" if said.get("right") is True else "wrong" if said.get("verdict") == "wrong" else "unknown"
    )
    causes = [cause for cause in said.get("causes", []) if isinstance(cause, dict)]
    findings = tuple(
        Finding((cause.get("line") or {}).get("number"), KIND_OF.get(cause.get("name", "")))
        for cause in causes
    )
    diffs, patched = _mended(said, text)
    return Answer(verdict, findings, diffs, patched)


def _mended(said: dict[str, Any], text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patches that a check with ``--repair`` offers, where each mends the program by itself; or the program with
    the first one of each of its gradients, where several are wrong."""
    wrong = [row for row in said.get("rows", []) if row.get("verdict") == "wrong"]
    offered = [tuple(repair["patch"] for repair in row.get("repairs") or []) for row in wrong]
    if not offered or not all(offered):
        return (), ()
    if len(offered) == 1:
        return offered[0], ()
    together = _with_all(text, [diffs[0] for diffs in offered])
    return (), (together,) if together else ()


def _with_all(text: str, diffs: Sequence[str]) -> str:
    """A text with all of some patches of it; empty where two change the same lines."""
    lines = text.splitlines()
    changes: dict[tuple[int, int], list[str]] = {}
    for diff in diffs:
        after = applied(text, diff).splitlines()
        for kind, i, j, k, m in difflib.SequenceMatcher(None, lines, after, autojunk=False).get_opcodes():
            if kind != "equal" and changes.setdefault((i, j), after[k:m]) != after[k:m]:
                return ""
    if any(start < end for (_, end), (start, _) in itertools.pairwise(sorted(changes))):
        return ""
    for (i, j), new in sorted(changes.items(), reverse=True):
        lines[i:j] = new
    return "\n".join(lines) + "\n"


def main() -> None:
    file, *options = sys.argv[1:]
    command = ["chainrule", "check", file, "--json", "--quiet", *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        print(read(json.loads(ran.stdout), Path(file).read_text()).as_json())
    except ValueError:
        print(ran.stderr.strip(), file=sys.stderr)
        print(Answer("unknown").as_json())


if __name__ == "__main__":
    main()
