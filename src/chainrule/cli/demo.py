"""``chainrule demo``: a broken gradient named, then nets of one to nine layers on the built-in digits."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import typer

from chainrule.cli import checked, options, outputs
from chainrule.experiments.reading import read_experiment
from chainrule.records.checked import CheckedFile
from chainrule.records.runs import Results

_BROKEN = "broken_gradient.py"
_TRAINED = "digits.toml"


def demo(
    out: options.Out = None,
    seeds: options.Seeds = 5,
    jobs: options.Jobs = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Name the bug in a broken gradient, then train nets of one to nine layers on scikit-learn's digits."""
    named = () if json or quiet else (_name_a_bug(),)
    chosen = outputs.RunOptions("digits", None, out, seeds, 1, jobs, json, quiet, named)
    with resources.as_file(resources.files("chainrule") / "examples" / _TRAINED) as path:
        experiment = read_experiment(Path(path))
    outputs.run("demo", {"digits": experiment}, chosen.load(), chosen, _found)


def _found(results: Results) -> str:
    from chainrule.report.standing import sentences

    return " ".join(sentences(results))


def _name_a_bug() -> CheckedFile:
    """Check the program that comes with us, whose gradient is wrong in one line."""
    from chainrule.gradcheck.files.conditions import Conditions
    from chainrule.gradcheck.files.file_check import check_file
    from chainrule.gradcheck.sandbox.process import Limits

    with resources.as_file(resources.files("chainrule") / "examples" / _BROKEN) as path:
        outcome = check_file(Path(path), Conditions(Limits(), untrusted=False, drawn=True))
        typer.echo(f"chainrule check {path}\n\n{outcome}\n")
        return checked.records(path, outcome)[0]
