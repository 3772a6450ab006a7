"""PyTorch's ``gradcheck``, told the functions by the case; it needs the extra ``bench``.

    python -m wrong_backward_passes.adapters.torch_check FILE CASE

The program is the forward and backward pass of a ``torch.autograd.Function``; tolerances are PyTorch's own.
"""

from __future__ import annotations

from typing import Any

import torch

from .points import Told, main


def agrees(told: Told) -> bool:
    class Program(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *arrays: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(*arrays)
            cost = told.cost(*(array.detach().numpy() for array in arrays))
            return torch.tensor(cost, dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, *upstream: torch.Tensor) -> Any:
            gradients = told.gradient(*(array.detach().numpy() for array in ctx.saved_tensors))
            return tuple(upstream[0] * torch.from_numpy(gradient) for gradient in gradients)

    inputs = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in told.at]
    return bool(torch.autograd.gradcheck(Program.apply, inputs, raise_exception=False))


if __name__ == "__main__":
    main(agrees)
