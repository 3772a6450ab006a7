"""Multi-label tagger: a leaky-ReLU MLP on bag-of-words features.

Plain numpy, fully typed. Run ``python tagger.py`` next to ``features.npz``.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Array = np.ndarray


@dataclass
class Affine:
    weight: Array  # (fan_in, fan_out)
    bias: Array  # (fan_out,)

    @classmethod
    def he(cls, fan_in: int, fan_out: int, rng: np.random.Generator) -> "Affine":
        std = (2.0 / fan_in) ** 0.5
        return cls(rng.normal(scale=std, size=(fan_in, fan_out)), np.zeros(fan_out))

    def __call__(self, x: Array) -> Array:
        return x @ self.weight + self.bias


@dataclass
class Trace:
    """What the backward pass has to remember."""

    inputs: list[Array] = field(default_factory=list)
    pre: list[Array] = field(default_factory=list)


@dataclass
class Tagger:
    layers: list[Affine]
    slope: float = 0.1

    @classmethod
    def create(cls, widths: list[int], seed: int = 0) -> "Tagger":
        rng = np.random.default_rng(seed)
        return cls([Affine.he(a, b, rng) for a, b in zip(widths, widths[1:])])

    def logits(self, x: Array) -> tuple[Array, Trace]:
        trace = Trace()
        for k, layer in enumerate(self.layers):
            trace.inputs.append(x)
            z = layer(x)
            trace.pre.append(z)
            x = z if k + 1 == len(self.layers) else np.where(z > 0, z, self.slope * z)
        return x, trace

    def loss(self, x: Array, tags: Array) -> float:
        """Binary cross-entropy summed over the tags, averaged over the documents."""
        z, _ = self.logits(x)
        return float(np.sum(np.logaddexp(0.0, z) - tags * z) / x.shape[0])

    def backward(self, x: Array, tags: Array) -> list[Affine]:
        """Gradient of :meth:`loss`, packed in the same shape as ``layers``."""
        z, trace = self.logits(x)
        upstream = (1.0 / (1.0 + np.exp(-z)) - tags) / x.shape[0]
        grads: list[Affine] = []
        for k in reversed(range(len(self.layers))):
            pre = trace.pre[k]
            if k + 1 < len(self.layers):
                upstream = upstream * np.where(pre > 0, 1.0, self.slope)
            grads.append(Affine(trace.inputs[k].T @ upstream, upstream.sum(axis=0)))
            upstream = upstream @ self.layers[k].weight.T
        return grads[::-1]

    def sgd(self, x: Array, tags: Array, lr: float) -> None:
        for layer, grad in zip(self.layers, self.backward(x, tags)):
            layer.weight -= lr * grad.weight
            layer.bias -= lr * grad.bias


def micro_f1(predicted: Array, truth: Array) -> float:
    hit = np.sum(predicted & truth)
    return float(2 * hit / max(1, predicted.sum() + truth.sum()))


def main(path: Path = Path("features.npz"), epochs: int = 15, batch: int = 64) -> None:
    with np.load(path) as archive:
        x, tags = archive["counts"], archive["tags"].astype(float)
    x = np.log1p(x)
    model = Tagger.create([x.shape[1], 128, 64, tags.shape[1]])
    rng = np.random.default_rng(1)
    for epoch in range(epochs):
        for chunk in np.array_split(rng.permutation(len(x)), max(1, len(x) // batch)):
            model.sgd(x[chunk], tags[chunk], lr=0.05)
        score = micro_f1(model.logits(x)[0] > 0, tags > 0.5)
        print(f"epoch {epoch:3d}: loss={model.loss(x, tags):.4f} f1={score:.3f}")


if __name__ == "__main__":
    main()
