"""Images that training sees flipped and shifted, anew in every epoch; evaluation sees them as they are.

One number of 32 bits decides on an image: one bit whether it is flipped, the others how far it is shifted down and to
the right. It belongs to (seed, update, place in the minibatch), by :func:`chainrule.rng.counted`: all members of a
population see the same images.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Images
from chainrule.data.batches import Convert
from chainrule.rng import counted


@dataclass(frozen=True)
class Augmentation:
    """What is done to images.

    Attributes:
        shape: channels, height and width of an image.
        flip: left and right are exchanged, of a half of the images.
        shift: by so many pixels at most images are shifted, each way as likely; pixels at the edge are repeated.
        seed: keys what is drawn; None: all seeds see the same.
    """

    shape: tuple[int, int, int]
    flip: bool
    shift: int
    seed: int | None

    def of(self, images: Images, update: int) -> Images:
        """The images (n, D) as the minibatch of ``update`` has them, in a new array of their type.

        >>> augmentation = Augmentation((1, 1, 3), flip=True, shift=0, seed=0)
        >>> sorted({tuple(image) for image in augmentation.of(np.tile([1, 2, 3], (9, 1)), update=0).tolist()})
        [(1, 2, 3), (3, 2, 1)]
        """
        channels, height, width = self.shape
        drawn = counted(*self._key, 0, update, len(images)).astype(np.int64)[:, np.newaxis]
        rows, columns = (
            np.clip(np.arange(size) - self._shift(bits, count), 0, size - 1)
            for size, bits, count in ((height, drawn >> 1, 15), (width, drawn >> 16, 16))
        )
        if self.flip:
            columns = np.where(drawn & 1, columns[:, ::-1], columns)
        places = (rows[:, :, np.newaxis] * width + columns[:, np.newaxis]).reshape(len(images), 1, -1)
        planes = images.reshape(len(images), channels, height * width)
        seen: Any = np.take_along_axis(planes, places, axis=2)
        return cast(Images, seen.reshape(images.shape))

    @property
    def _key(self) -> tuple[int, str]:
        return (0, "shared augment") if self.seed is None else (self.seed, "augment")

    def _shift(self, bits: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """From -shift to shift, by the lowest ``count`` bits of a number for each image, (n, 1)."""
        lowest = bits & ((1 << count) - 1)
        return np.asarray((lowest * (2 * self.shift + 1) >> count) - self.shift)


class Augmented:
    """What makes inputs of images, with an augmentation in front of it: one minibatch after the other."""

    def __init__(self, augmentation: Augmentation, convert: Convert, update: int) -> None:
        """``convert`` makes inputs of images; ``update`` is that of the first minibatch."""
        self._augmentation, self._convert, self._update = augmentation, convert, update

    def __call__(self, images: Images, out: Array) -> Array:
        """Write the inputs of the next minibatch's images (n, D) into ``out`` (n, D), and return it."""
        seen = self._augmentation.of(images, self._update)
        self._update += 1
        return self._convert(seen, out)
