"""The two modules of PyTorch that it has not itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


class Standardise(torch.nn.Module):
    """x = rows * scale + shift, which no training moves."""

    def __init__(self, scale: Any, shift: Any) -> None:
        super().__init__()
        self.register_buffer("scale", scale)
        self.register_buffer("shift", shift)

    def forward(self, rows: Any) -> Any:
        """Inputs (N, D) of rows (N, D)."""
        return rows * self.scale + self.shift


class MeanOfMembers(torch.nn.Module):
    """The mean of what P members make of the same inputs."""

    def __init__(self, members: Sequence[Any]) -> None:
        super().__init__()
        self.members = torch.nn.ModuleList(members)

    def forward(self, inputs: Any) -> Any:
        """(N, K) of inputs (N, D)."""
        return torch.stack([member(inputs) for member in self.members]).mean(dim=0)
