"""A language model on the benchmark: prompts to be given to it, and its answers, from files, as the scorer reads them.

    python -m wrong_backward_passes.adapters.language_model prompts FOLDER [--part public] [-- CHECK {file}]
    python -m wrong_backward_passes.score --out runs/model.jsonl -- \\
        python -m wrong_backward_passes.adapters.language_model answer FOLDER {id}

The first writes ``FOLDER/ID.prompt`` for every program: with the command of a check after ``--``, what this prints of
the program stands in the prompt (``-- chainrule check {file} --json``). Each prompt is given to the model in a
conversation of its own, once, without tools; what it answers is kept whole in ``FOLDER/ID.answer``. The second reads
that, one program at a time. Names of files are not part of the prompt: they tell what is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path

from ..answers import Answer, answer
from ..confined import ran
from ..index import PARTS, kinds
from ..score import Task, tasks

ASKED = """\
Below is a Python program with a gradient written by hand. Decide whether this gradient is that of the program's cost
at every point, size and setting. It may be right. If it is wrong, there are one or two mistakes.

Answer with a single JSON object in a block of code, and nothing after it:

{{"verdict": "right" or "wrong",
 "findings": [{{"line": number of the wrong line, counted from 1, "kind": one of the kinds below}}, ...],
 "patched": ["the whole program, mended with as few changes as possible"]}}

The surest finding comes first; give one for each mistake. A program that is right has neither "findings" nor "patched".

Kinds:
{kinds}

The program:
```python
{program}```
"""
CHECKED = """
A program that checks gradients numerically says of it:
```
{said}
```
"""
_BLOCK = re.compile(r"```(?:json)?\s*\n(\{.*?\})\s*\n```", re.DOTALL)


def prompt(program: Path, said: str | None) -> str:
    """What a model is asked of a program, with what a check says of it where there is one."""
    named = "\n".join(f"- {kind}: {what}" for kind, what in kinds().items())
    asked = ASKED.format(kinds=named, program=program.read_text())
    return asked if said is None else asked + CHECKED.format(said=said.strip())


def read(text: str) -> Answer:
    """The answer in what a model wrote: its last block of JSON, or all of it; ``ValueError`` where there is none."""
    blocks = _BLOCK.findall(text)
    try:
        return answer(json.dumps(json.loads(blocks[-1] if blocks else text)))
    except json.JSONDecodeError:
        raise ValueError("there is no JSON in the answer") from None


def write(folder: Path, part: str, check: list[str], seconds: float) -> None:
    """The prompts of a part."""
    folder.mkdir(parents=True, exist_ok=True)
    for task in tasks(part):
        (folder / f"{task.id}.prompt").write_text(
            prompt(task.file, _said(task, check, seconds) if check else None)
        )


def _said(task: Task, check: list[str], seconds: float) -> str:
    with tempfile.TemporaryDirectory(prefix="wrong-backward-") as folder:
        file = Path(folder, "program.py")
        shutil.copyfile(task.file, file)
        done = ran([str(file) if word == "{file}" else word for word in check], seconds)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    jobs = parser.add_subparsers(dest="job", required=True)
    prompts = jobs.add_parser("prompts", help="write them")
    prompts.add_argument("folder", type=Path)
    prompts.add_argument("--part", choices=PARTS, default="public")
    prompts.add_argument(
        "--time", type=float, default=120, metavar="SECONDS", help="of the check, for each program"
    )
    prompts.add_argument("check", nargs="*", help="with {file}, after --")
    answers = jobs.add_parser("answer", help="read one")
    answers.add_argument("folder", type=Path)
    answers.add_argument("id")
    given = parser.parse_args()
    if given.job == "prompts":
        write(given.folder, given.part, given.check, given.time)
        return
    file = given.folder / f"{given.id}.answer"
    try:
        print(read(file.read_text()).as_json())
    except (OSError, ValueError) as problem:
        raise SystemExit(f"{file}: {problem}") from None


if __name__ == "__main__":
    main()
