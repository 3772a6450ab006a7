"""What a file defines to be run and does not run: functions that ask for nothing, tests; as expressions that run it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.pairing import named

_MOST = 3
_RESULT = "__import__('unittest').TestResult()"


def own_runs(file: Definitions, run: Collection[str]) -> list[str]:
    """The first few of those that come to a gradient.

    Args:
        file: its functions.
        run: those that it runs itself, as they are shown.
    """
    gradients = {f.name for f in named(file, "gradient")}

    def comes_to_gradient(function: Function) -> bool:
        return not function.imported and not gradients.isdisjoint(file.names_reached(function))

    asking_nothing = [f for f in file.functions if not f.owner and not any(a.required for a in f.arguments)]
    runs = [f"{f.name}()" for f in asking_nothing if f.shown not in run and comes_to_gradient(f)]
    tests = [f for f in _tests(file) if f.shown not in run and comes_to_gradient(f)]
    # Tests take small sizes.
    return [*dict.fromkeys(map(_tested, tests)), *runs][:_MOST]


def _tests(file: Definitions) -> Iterator[Function]:
    """The tests of classes that hold something against what it should be."""
    for function in file.functions:
        if function.owner and function.name.startswith("test"):
            own = (f for f in file.functions if f.owner == function.owner)
            if any(name.startswith("assert") for f in own for name in f.attributes.reads):
                yield function


def _tested(test: Function) -> str:
    """The expression that runs the tests of a class, each until it fails."""
    return f"__import__('unittest').defaultTestLoader.loadTestsFromTestCase({test.owner}).run({_RESULT})"
