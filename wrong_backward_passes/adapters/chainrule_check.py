"""Ask ``chainrule check FILE --json``, and say its answer as the scorer reads it.

python -m wrong_backward_passes.adapters.chainrule_check FILE [option of chainrule check ...]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from ..answers import Answer, Finding

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


def read(said: dict[str, Any]) -> Answer:
    """The answer in the JSON of a check; a file in which something is suspect or unchecked is unknown."""
    verdict = (
        "right" if said.get("right") is True else "wrong" if said.get("verdict") == "wrong" else "unknown"
    )
    causes = [cause for cause in said.get("causes", []) if isinstance(cause, dict)]
    findings = tuple(
        Finding((cause.get("line") or {}).get("number"), KIND_OF.get(cause.get("name", "")))
        for cause in causes
    )
    return Answer(verdict, findings, tuple(_diffs(said)))


def _diffs(said: dict[str, Any]) -> Iterator[str]:
    """The patches that a check with ``--repair`` offers, of each gradient of the file."""
    for row in said.get("rows", []):
        yield from (repair["patch"] for repair in row.get("repairs") or [])


def main() -> None:
    file, *options = sys.argv[1:]
    command = ["chainrule", "check", file, "--json", "--quiet", *options]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        print(read(json.loads(ran.stdout)).as_json())
    except ValueError:
        print(ran.stderr.strip(), file=sys.stderr)
        print(Answer("unknown").as_json())


if __name__ == "__main__":
    main()
