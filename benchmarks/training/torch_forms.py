"""PyTorch in its usual forms: eager, compiled, in processes, stacked by vmap and by baddbmm."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, stack_module_state, vmap
from torch.nn import functional as F
from works import BATCH, L2, RATE, SEEDS, Work, initial, read_floats

Round = Callable[[bool], int]
EVALUATION_BLOCK = 1000


def load(folder: Path) -> dict[str, tuple[Tensor, Tensor]]:
    """``train`` and ``val`` as tensors."""
    return {name: (torch.from_numpy(x), torch.from_numpy(y)) for name, (x, y) in read_floats(folder).items()}


def orders(work: Work, *seeds: int) -> Iterator[Tensor]:
    """Indices of the minibatches of an epoch: (100,), or (seeds, 100) where there are several."""
    drawn = (
        torch.stack([torch.randperm(work.samples) for _ in seeds]) if seeds else torch.randperm(work.samples)
    )
    for step in range(work.steps):
        yield drawn[..., step * BATCH : (step + 1) * BATCH]


def net(work: Work, *, running: bool = True) -> nn.Sequential:
    """The net as one writes it."""
    layers: list[nn.Module] = []
    for depth, (inputs, outputs) in enumerate(zip(work.widths, work.widths[1:], strict=False), start=1):
        layers.append(nn.Linear(inputs, outputs))
        if depth < len(work.widths) - 1:
            if work.batch_norm:
                layers.append(nn.BatchNorm1d(outputs, track_running_stats=running))
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def descent(model: nn.Module, l2: float) -> torch.optim.Optimizer:
    """Plain gradient descent, the penalty on weight matrices alone."""
    weights = [p for p in model.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if p.ndim != 2]
    groups = [{"params": weights, "weight_decay": 2 * l2}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=RATE)


@torch.no_grad()
def evaluate(forward: Callable[[Tensor], Tensor], data: dict[str, tuple[Tensor, Tensor]]) -> list[float]:
    """Loss and accuracy on both splits; ``forward`` gives scores (..., N, K)."""
    found = []
    for x, y in data.values():
        loss, right = torch.zeros(()), torch.zeros(())
        for start in range(0, len(x), EVALUATION_BLOCK):
            scores, labels = forward(x[start : start + EVALUATION_BLOCK]), y[start : start + EVALUATION_BLOCK]
            labels = labels.expand(scores.shape[:-1])
            loss += F.cross_entropy(scores.flatten(0, -2), labels.flatten(), reduction="sum")
            right += (scores.argmax(-1) == labels).sum()
        found += [float(loss), float(right)]
    return found


def single(work: Work, folder: Path, *, compiled: bool) -> Round:
    """One net, all cores inside."""
    data, model = load(folder), net(work)
    x, y = data["train"]
    optimizer = descent(model, L2[0])

    def step(index: Tensor) -> None:
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(x[index]), y[index]).backward()
        optimizer.step()

    one_step = torch.compile(step) if compiled else step

    def epoch(evaluating: bool) -> int:
        model.train()
        for index in orders(work):
            one_step(index)
        if evaluating:
            model.eval()
            evaluate(model, data)
        return work.steps

    return epoch


def eager(work: Work, folder: Path) -> Round:
    """One net after another."""
    return single(work, folder, compiled=False)


def compiled(work: Work, folder: Path) -> Round:
    """One net after another, the whole step through torch.compile."""
    return single(work, folder, compiled=True)


def _worker_epochs(form: Callable[..., Round], work: Work, folder: Path, pipe: Any) -> None:
    torch.set_num_threads(1)
    epoch = form(work, folder)
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(epoch(pipe.recv()))


def _in_processes(form: Callable[..., Round]) -> Callable[..., Round]:
    def prepare(work: Work, folder: Path) -> Round:
        import multiprocessing
        import os

        context = multiprocessing.get_context("spawn")
        pipes = []
        for _ in range(os.cpu_count() or 1):
            here, there = context.Pipe()
            context.Process(target=_worker_epochs, args=(form, work, folder, there), daemon=True).start()
            pipes.append(here)

        def epochs(evaluating: bool) -> int:
            for pipe in pipes:
                pipe.send(evaluating)
            return sum(pipe.recv() for pipe in pipes)

        return epochs

    return prepare


def with_vmap(work: Work, folder: Path) -> Round:
    """All 40 at once: torch.func over stacked modules, the members of a seed on shared inputs.

    Batch norm keeps no running values here, which spares it a little.
    """
    data = load(folder)
    x, y = data["train"]
    models = [net(work, running=False) for _ in range(len(SEEDS) * len(L2))]
    stacked, _ = stack_module_state(models)
    parameters = {
        name: p.detach().reshape(len(SEEDS), len(L2), *p.shape[1:]).contiguous()
        for name, p in stacked.items()
    }
    base = net(work, running=False)
    l2 = torch.tensor(L2)

    def loss(p: dict[str, Tensor], inputs: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(functional_call(base, p, (inputs,)), targets)

    gradients = vmap(vmap(grad(loss), in_dims=(0, None, None)), in_dims=(0, 0, 0))
    scores = vmap(vmap(lambda p, inputs: functional_call(base, p, (inputs,)), (0, None)), (0, None))

    def epoch(evaluating: bool) -> int:
        for index in orders(work, *SEEDS):
            found = gradients(parameters, x[index], y[index])
            for name, p in parameters.items():
                if p.ndim == 4:
                    p.mul_((1 - 2 * RATE * l2)[:, None, None])
                p.add_(found[name], alpha=-RATE)
        if evaluating:
            evaluate(lambda inputs: scores(parameters, inputs), data)
        return work.steps * len(models)

    return epoch


def _stacked(work: Work, folder: Path, *, compiled: bool) -> Round:
    data = load(folder)
    x, y = data["train"]
    seeds, members = len(SEEDS), len(L2)
    parameters: list[tuple[Tensor, Tensor]] = []
    normal: list[tuple[Tensor, Tensor]] = []
    for depth, (W, b) in enumerate(initial(work, seeds * members), start=1):
        weights, bias = torch.from_numpy(W).transpose(1, 2), torch.from_numpy(b)[:, None]
        if depth == 1:
            # The members of a seed side by side: one product of (N, D) by (D, members * H) a seed.
            inputs, outputs = work.widths[:2]
            weights = (
                weights.reshape(seeds, members, inputs, outputs).transpose(1, 2).reshape(seeds, inputs, -1)
            )
            bias = bias.reshape(seeds, 1, -1)
        parameters.append((weights.contiguous().requires_grad_(), bias.contiguous().requires_grad_()))
        if work.batch_norm and depth < len(work.widths) - 1:
            shape = (seeds * members, 1, work.widths[depth])
            normal.append((torch.ones(shape, requires_grad=True), torch.zeros(shape, requires_grad=True)))
    every = [p for pair in (*parameters, *normal) for p in pair]
    l2 = torch.tensor(L2)
    first = (1 - 2 * RATE * l2).repeat_interleave(work.widths[1])
    others = (1 - 2 * RATE * l2).repeat(seeds)[:, None, None]

    def forward(inputs: Tensor) -> Tensor:
        s = torch.baddbmm(parameters[0][1], inputs, parameters[0][0])
        s = (
            s.reshape(seeds, -1, members, work.widths[1])
            .transpose(1, 2)
            .reshape(seeds * members, -1, work.widths[1])
        )
        for depth in range(1, len(parameters)):
            if normal:
                variance, mean = torch.var_mean(s, dim=1, keepdim=True, correction=0)
                gamma, beta = normal[depth - 1]
                s = (s - mean) * torch.rsqrt(variance + 1e-5) * gamma + beta
            s = torch.baddbmm(parameters[depth][1], torch.relu(s), parameters[depth][0])
        return s

    def step(index: Tensor) -> None:
        targets = y[index].repeat_interleave(members, 0)
        scores = forward(x[index])
        losses = F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="sum") / BATCH
        found = torch.autograd.grad(losses, every)
        with torch.no_grad():
            for depth, (weights, _) in enumerate(parameters):
                weights.mul_(others if depth else first)
            torch._foreach_add_(every, found, alpha=-RATE)

    one_step = torch.compile(step) if compiled else step

    def epoch(evaluating: bool) -> int:
        for index in orders(work, *SEEDS):
            one_step(index)
        if evaluating:
            evaluate(lambda inputs: forward(inputs.expand(seeds, -1, -1)), data)
        return work.steps * seeds * members

    return epoch


def stacked(work: Work, folder: Path) -> Round:
    """All 40 at once by hand, a batched product a layer."""
    return _stacked(work, folder, compiled=False)


def stacked_compiled(work: Work, folder: Path) -> Round:
    """The same through torch.compile."""
    return _stacked(work, folder, compiled=True)


ONE = {"eager": eager, "compile": compiled}
SWEEP = {
    "eager, processes": _in_processes(eager),
    "compile, processes": _in_processes(compiled),
    "vmap": with_vmap,
    "baddbmm": stacked,
    "baddbmm, compile": stacked_compiled,
}
