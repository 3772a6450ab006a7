"""The same programs through PyTorch, JAX and SciPy: what each finds, misses and rejects although it is right.

    python benchmarks/gradcheck/peers.py --right 240

Needs ``pip install '.[test,bench]'``. Each wrong program runs on one net, in the convention of its author: cost and
gradient are wrapped in a torch.autograd.Function, in a jax.custom_vjp with pure_callback, and for SciPy as functions of
one vector. The settings are the peers' defaults. SciPy gives a number and no verdict: above 1e-5 counts as wrong.
Programs whose update or own numeric check is wrong are left out, since no peer is handed those.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

import jax  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from jax.test_util import check_grads  # noqa: E402
from scipy.optimize import check_grad  # noqa: E402

from chainrule.gradcheck.program.binding import bind  # noqa: E402
from chainrule.gradcheck.program.leaves import filled, gradient_attributes, leaves  # noqa: E402
from support.corpus.mutation import SHAPES, Mutation, build, seeded  # noqa: E402
from support.corpus.nets import Net  # noqa: E402
from support.corpus.right import right_net  # noqa: E402
from support.corpus.scoring import check  # noqa: E402
from support.corpus.truth import is_wrong, order_of  # noqa: E402
from support.corpus.wrong import WRONG  # noqa: E402

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(1)
logging.getLogger("jax").setLevel(logging.CRITICAL)  # a failing callback is logged, and raised

Program = dict[str, Any]


class Wired:
    """A program as a peer wants it: arrays in, a number or a list of arrays in the same order out; nothing copied."""

    def __init__(self, program: Program, order: dict[str, int]) -> None:
        self.nest, self.data, self.order = program["parameters"], program["data"], order
        self.arrays = [np.array(leaf.array) for leaf in leaves(self.nest)]
        self._cost = bind(program["cost"], self.nest, len(self.data), "the cost").call
        self._gradient = bind(program["gradient"], self.nest, len(self.data), "the gradient").call

    def cost(self, arrays: list[np.ndarray]) -> float:
        return float(self._cost(filled(self.nest, arrays), self.data))

    def gradient(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        returned = self._gradient(filled(self.nest, arrays), self.data)
        found = leaves(returned) if returned is not None else gradient_attributes(self.nest)
        named = {self.order[leaf.name]: leaf.array for leaf in found}
        return [named[index] for index in range(len(arrays))]


def torch_finds(wired: Wired, *, fast: bool = False) -> bool:
    """Whether torch.autograd.gradcheck objects."""

    class Cost(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(*tensors)
            return torch.tensor(wired.cost([t.detach().numpy() for t in tensors]), dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, upstream: torch.Tensor) -> tuple[torch.Tensor, ...]:
            arrays = [t.detach().numpy() for t in ctx.saved_tensors]
            return tuple(upstream * torch.from_numpy(np.array(g)) for g in wired.gradient(arrays))

    inputs = [torch.from_numpy(a.copy()).requires_grad_() for a in wired.arrays]
    return not torch.autograd.gradcheck(Cost.apply, inputs, fast_mode=fast)


def jax_finds(wired: Wired) -> bool:
    """Whether jax.test_util.check_grads objects."""
    number = jax.ShapeDtypeStruct((), np.float64)
    shapes = tuple(jax.ShapeDtypeStruct(a.shape, np.float64) for a in wired.arrays)

    @jax.custom_vjp
    def cost(*arrays: Any) -> Any:
        return jax.pure_callback(lambda *a: np.float64(wired.cost([np.array(x) for x in a])), number, *arrays)

    def forward(*arrays: Any) -> Any:
        return cost(*arrays), arrays

    def backward(arrays: Any, upstream: Any) -> Any:
        gradient = jax.pure_callback(
            lambda *a: tuple(wired.gradient([np.array(x) for x in a])), shapes, *arrays
        )
        return tuple(upstream * g for g in gradient)

    cost.defvjp(forward, backward)
    check_grads(cost, tuple(jax.numpy.asarray(a) for a in wired.arrays), order=1, modes=["rev"])
    return False


def scipy_finds(wired: Wired) -> bool:
    """Whether scipy.optimize.check_grad gives more than 1e-5."""
    cuts = np.cumsum([a.size for a in wired.arrays])[:-1]

    def apart(x: np.ndarray) -> list[np.ndarray]:
        pieces = zip(np.split(x, cuts), wired.arrays, strict=True)
        return [piece.reshape(array.shape).copy() for piece, array in pieces]

    def gradient(x: np.ndarray) -> np.ndarray:
        return np.concatenate([np.ravel(g) for g in wired.gradient(apart(x))])

    start = np.concatenate([a.ravel() for a in wired.arrays])
    return not check_grad(lambda x: wired.cost(apart(x)), gradient, start, rng=0) < 1e-5


PEERS: dict[str, Callable[[Wired], bool]] = {
    "PyTorch gradcheck": torch_finds,
    "PyTorch gradcheck, fast": lambda wired: torch_finds(wired, fast=True),
    "JAX check_grads": jax_finds,
    "SciPy check_grad": scipy_finds,
}


class Case(NamedTuple):
    """A program: its cause (empty for a right one), how the net was treated, and how to build it."""

    cause: str
    treatment: str
    base: str
    net: Net
    mutation: Mutation | None

    def build(self) -> Program:
        """Anew for each checker, since programs may change their own state."""
        return build(self.base, deepcopy(self.net), self.mutation)


class Tally:
    """What one checker said about all programs."""

    def __init__(self) -> None:
        self.found, self.missed, self.alarms, self.seconds = (
            Counter[str](),
            Counter[str](),
            Counter[str](),
            0.0,
        )

    def ask(self, finds: Callable[[], bool], case: Case) -> None:
        """Whether the checker objects to one program."""
        start = time.perf_counter()
        try:
            says = finds()
        except Exception:  # an objection is an exception, and so is a gradient that cannot be used
            says = True
        self.seconds += time.perf_counter() - start
        if case.cause:
            (self.found if says else self.missed)[case.cause] += 1
        elif says:
            self.alarms[case.treatment] += 1


def cases(right: int) -> list[Case]:
    """Every wrong program on one net, and random right ones."""
    result = []
    for number, mutation in enumerate(m for m in WRONG if m.where in ("gradient", "cost", "state")):
        shapes = [shape for shape in SHAPES[mutation.base] if mutation.shows(shape)]
        net = seeded(mutation.base, shapes[number % len(shapes)], 0)
        if is_wrong(mutation, net):
            result.append(Case(" or ".join(mutation.causes), "", mutation.base, net, mutation))
    return result + [Case("", *right_net(seed), None) for seed in range(right)]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--right", type=int, default=240, help="right programs, half of them at kinks")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    tallies = {name: Tally() for name in ("chainrule", *PEERS)}
    chosen = cases(options.right)
    for case in chosen:
        tallies["chainrule"].ask(lambda case=case: not check(case.build(), {}).right, case)
        for name, finds in PEERS.items():
            wired = Wired(case.build(), order_of(case.base, case.net.shape))
            tallies[name].ask(lambda finds=finds, wired=wired: finds(wired), case)

    wrong = sum(bool(case.cause) for case in chosen)
    kinds = Counter(case.treatment for case in chosen if not case.cause)
    print(f"{wrong} wrong programs, {options.right} right ones")
    print(f"{'':26}{'found':>7}{'missed':>8}{'false alarms':>14}{'seconds':>9}{'names the bug':>15}")
    for name, tally in tallies.items():
        found, missed, alarms = (sum(count.values()) for count in (tally.found, tally.missed, tally.alarms))
        names = "yes" if name == "chainrule" else "no"
        print(f"{name:26}{found:7}{missed:8}{alarms:14}{tally.seconds:9.1f}{names:>15}")
    for name, tally in tallies.items():
        print(f"\n{name}\n  missed: {dict(tally.missed) or 'nothing'}")
        print(
            "  false alarms:",
            {kind: f"{count} of {kinds[kind]}" for kind, count in tally.alarms.items()} or "none",
        )


if __name__ == "__main__":
    main()
