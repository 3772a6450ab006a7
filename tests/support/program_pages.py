"""Pages of docs that are made of programs: what each says of itself, the program, and what is said of it when it is
checked."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from chainrule.gradcheck.catalogue import BUGS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class ProgramPage:
    """A page of docs, and the programs that it is made of.

    Attributes:
        name: of the page.
        programs: their names, in the order of the page.
        introduction: what stands in front of them.
        command: what writes the page.
        folder_name: where they lie below docs.
        options: that they are checked with.
    """

    name: str
    programs: tuple[str, ...]
    introduction: str
    command: str
    folder_name: str
    options: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the programs lie."""
        return ROOT / "docs" / self.folder_name

    @property
    def path(self) -> Path:
        """The page."""
        return ROOT / "docs" / f"{self.name}.md"

    def text(self) -> str:
        """The whole page, with every answer anew."""
        titles = [(title, _anchor(title)) for title in map(self._title, self.programs)]
        contents = "\n".join(f"- [{title}](#{anchor})" for title, anchor in titles)
        return "\n".join([self.introduction, contents, "", *map(self._section, self.programs)])

    def shown_before_the_answer(self, name: str) -> str:
        """What a program says of its kind, the program, and the command."""
        title, *prose = (ast.get_docstring(ast.parse(self._source(name))) or "").split("\n")
        options = "".join(f" {option}" for option in self.options)
        return "\n".join(
            [
                f"## {title}", *map(_linked, prose), "", "```python", self._code(name), "```", "",
                "```", f"$ chainrule check docs/{self.folder_name}/{name}.py{options}",
            ]
        )  # fmt: skip

    def answer(self, name: str) -> str:
        """What the command prints."""
        file = f"docs/{self.folder_name}/{name}.py"
        command = [sys.executable, "-m", "chainrule", "check", file, *self.options, "--time", "120"]
        process = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        return process.stdout.strip()

    def _section(self, name: str) -> str:
        return f"{self.shown_before_the_answer(name)}\n{self.answer(name)}\n```\n"

    def _code(self, name: str) -> str:
        """A program without what is said of it."""
        source = self._source(name)
        end = ast.parse(source).body[0].end_lineno or 0
        return "\n".join(source.split("\n")[end:]).strip()

    def _source(self, name: str) -> str:
        return (self.folder / f"{name}.py").read_text()

    def _title(self, name: str) -> str:
        return (ast.get_docstring(ast.parse(self._source(name))) or "").split("\n")[0]


def diagnosis(shown: str) -> str:
    """The part of an answer that is the same on every machine: numbers are rounded otherwise on another."""
    return shown.split("\nparameter")[0]


def _anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _linked(line: str) -> str:
    """A line whose names of bugs lead to where they are explained."""
    return re.sub(r"`([a-z-]+)`", lambda m: f"[{m[1]}](bugs.md#{m[1]})" if m[1] in BUGS else m[0], line)


_WRITES_LAYERS = "python benchmarks/gradcheck/layers_page.py"
_WRITES_REPAIRS = "python benchmarks/gradcheck/repair_page.py"

_WRITES_TUTORIAL = "python benchmarks/gradcheck/tutorial_page.py"

_KINDS = (
    "affine", "gelu", "batch_norm", "layer_norm", "group_norm", "rms_norm", "spatial_batch_norm", "dropout",
    "convolution", "pooling", "embedding", "rnn", "lstm", "gru", "attention", "softmax", "softmax_loss",
    "negative_sampling", "whole_net", "gpt_block",
)  # fmt: skip

_ABOUT_LAYERS = f"""\
# Layers, and what is said of wrong ones

For each kind of layer: what usually goes wrong with its way back, a program in which it does, and the answer. Nothing
is declared in these programs; functions and classes are found by their names and shapes, and the way forward is the
measure of the way back. The programs lie in `docs/layers`, and every answer is what the command printed. The names of
mistakes are explained in [bugs.md](bugs.md), and how they are found in [check/how.md](check/how.md#how-it-is-done). The
layers and losses of our own nets have a page each, with derivation, code and usual bugs:
[affine](derivations/affine.md), [ReLU](derivations/relu.md), [batch norm](derivations/batch_norm.md),
[cross-entropy](derivations/cross_entropy.md), [hinge](derivations/hinge.md), [squared
error](derivations/squared_error.md), [binary
cross-entropy](derivations/binary_cross_entropy.md), [the penalty](derivations/penalty.md).

This page is made of the programs: `{_WRITES_LAYERS}`.
"""

_ABOUT_REPAIRS = f"""\
# Repairs that are verified

`chainrule check FILE --repair` looks for the smallest change of the code with which the check calls the program
right, and shows it as a diff. `--write` writes it into the file; the original is kept beside it as `FILE.orig`, which
is never overwritten, and a file that changed meanwhile is left alone. On this page: [what is shown](#what-is-shown),
[what is tried](#what-is-tried), [how often one is found](#how-often-one-is-found), [hints](#hints) for who wants to be
told less, and [six programs](#six-programs).

## What is shown

"Verified at N points" says that a copy of the file with the change in it was checked as the file itself was, in a
process of its own, at as many points, with as many sizes, depths and values of l2 as a right gradient is; that the cost
was what it was before, and no other gradient of the file became wrong; and that it was right once more with other sizes
of its arrays, and with other numbers where the file names one (a window, a stride, a number of heads, as far as six),
wherever the file runs with these: a number that is written into a formula, or one size in the place of another, may be
right for certain sizes alone. Each gradient keeps the shape of its parameter, or the one that it had. A change may be
right there and not be the one that was meant. Where several are equally near, all are shown.

- Changed is code that the gradient alone runs. The cost, and the way forward that both share, are changed only where
  the fault is theirs; data and labels never.
- Where no change is verified, none is shown, and it is said how many were tried. A search ends with 15,000 changes,
  those that are likely where the fault is named first, and says so where none of them gave the right numbers; or with
  20 that gave them and did not hold at other values. Nothing is shown for a right program, and nothing that takes a
  numeric difference in the place of a derivation.
- Where sizes are special, a single sample or layers of one unit, a wrong change would pass: none is looked for, and it
  is said why. What counts the turns of a loop is never put into a formula, where it would fit one depth alone.
- Where nothing else could name the mistake, the kind of change does.
- It is for a single file; a folder's table says all that was found. `--time` covers the search as well, and a search
  that takes long shows how far it is. Ctrl-C ends it; what was verified until then is shown, nothing is written, and
  the exit code is 130.
- From Python: `chainrule.check_gradient(..., repair=True).repairs`, the same of `check_layer` and `chainrule.check`;
  in Jupyter as a coloured diff. There the functions themselves are run with the change in them; by
  `check_gradient` and `check_layer` also with other values of the numbers that they are handed, or that their object
  holds, and with other sizes of the arrays, wherever they run with these. A number that cannot be another is named:
  "size of 3 alone".

## What is tried

Candidates are found by running the gradient with each small change in it; of many changes of one formula a single run
tells which give the same, or nothing, and these are not run. Where the gradient is a linear function of what a
statement gives, as it is of what comes back, a run for each entry of that tells it with all of its formulas. In this
order:

1. what the causes say should stand there;
2. on the line that is named everything that may: another name, key, index, axis, sign, power or factor; a transpose,
   `keepdims`, `+=`, `np.add.at`; a number that the file names, or the slope of a leaky ReLU; two variables, each in
   the place of the other;
3. usual slips in all that it runs, alone or the same one for each layer;
4. formulas that give what is meant there: how the gradient answers to the value of an expression tells what that must
   be, and all products of two of what is known there, of functions, sums and means of it, and matrix products, are held
   against that at once, alone, as a factor or as a term that is missing; where none does, products of three; and a
   line that adds such a formula to something, at the end of a function or of one of its loops;
5. what may be missing on the line that is named, in front of it or where it is called: a transpose around a `reshape`,
   a part of an array, another index, a line; two changes of one formula; what a step spoils, computed before it;
6. two changes together, those first that mend something each.

## How often one is found

Measured by `python benchmarks/gradcheck/repairs.py`, which holds every repair against the right program as well: of 14
wrong programs, drawn evenly from those of `tests/support/styles`, 10 got a repair, each of them that of the line that
was broken and right beside the right program; the median was 3.4 s beyond the check, on two cores with other work. Of 4
right programs none got one. Of 66 programs of the corpus with one bug (`--group corpus --twins 66`) 56 got a repair,
which central differences at other sizes call right: median 1.6 s of the processor's time beyond the check, all less
than 10 s. Nine of nine random programs got one (`--group random`), right at other sizes too. All 8 with two bugs
(`--group corpus_pairs`) got one that is right: median 4.8 s, all less than 10 s. Of 500 right ones none did.

## Hints

`--hints 1` says which tensor is wrong and nothing else, `--hints 2` also what kind of mistake it may be, as a question,
`--hints 3` also the line; from Python `check_gradient(..., hints=1)`. What a level does not say is in neither the text,
nor `--json`, nor the page. A course fixes the level for the folders below its `pyproject.toml`: the nearest one above
the file that has this table counts, and more is refused then, a repair too.

```toml
[tool.chainrule]
hints = 2
```

## Six programs

They lie in `docs/repairs`, and every answer is what the command printed: `{_WRITES_REPAIRS}` writes this page.
"""

_ABOUT_TUTORIAL = f"""\
# From one neuron to nine layers

How the gradient of a net is derived, one small step after the other, with the program of each step and what the check
says of it. All you need is the derivative of a sum, a product, exp and log, and the chain rule: if J depends on s and s
on w, then dJ/dw = dJ/ds ds/dw, and where J depends on w in several ways, these are added.

Read each program, then run the command below it, and change a line to see what is said. In a clone, `pip install .` is
all that this needs; elsewhere copy a program into a file and give the command its name. Throughout, samples are the
rows of X, N of them; a gradient is called by its parameter, as dW for dJ/dW, and G is the error of the last layer's
scores, dJ/ds.

The programs lie in `docs/tutorial`. This page is made of them, and every answer is what the command printed:
`{_WRITES_TUTORIAL}`. Afterwards, `chainrule demo` trains nets like these on handwritten digits, and shows what batch
norm does to nine layers; it needs `pip install '.[train,report]'`.
"""

LAYERS = ProgramPage("layers", _KINDS, _ABOUT_LAYERS, _WRITES_LAYERS, "layers")
"""What is said of wrong layers."""

REPAIRS = ProgramPage(
    "repair",
    ("half_penalty", "missing_mask", "last_step_only", "two_mistakes", "wrong_cost", "no_repair"),
    _ABOUT_REPAIRS,
    _WRITES_REPAIRS,
    "repairs",
    ("--repair",),
)
"""How programs are repaired."""

TUTORIAL = ProgramPage(
    "tutorial",
    ("one_neuron", "one_layer", "penalty", "two_layers", "nine_layers", "batch_norm", "a_wrong_one"),
    _ABOUT_TUTORIAL,
    _WRITES_TUTORIAL,
    "tutorial",
)
"""From one neuron to nine layers."""
