"""Folders of images: PNG and JPEG files, a folder for each class, as rows of bytes.

A file says its size before it is decoded, and what is too large is not. Photographs are turned as they say that they
were held; alpha is left out; where all images are grey there is one plane, else three.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError, needs
from chainrule.inputs import opened
from chainrule.machine import memory
from chainrule.text import excerpt, one_line

SUFFIXES = (".jpeg", ".jpg", ".png")
LARGEST_FILE = 2**26
"""Bytes of one image's file."""

MOST_PIXELS = 2**24
"""Of one image, 4096 x 4096."""

LARGEST = 2**36
"""Bytes of all images together, on any machine."""

MOST_FILES = 10_000_000

_LEFT_OUT = ("thumbs.db", "desktop.ini")
"""Files of Windows, which hides them."""

PictureShape = tuple[int, int, int]
"""Channels, height and width."""

_GREY = frozenset(("1", "L", "LA"))
_COLOURED = frozenset(("RGB", "RGBA", "P", "PA", "CMYK", "YCbCr"))
_ORIENTATION, _LYING = 0x0112, frozenset((5, 6, 7, 8))
"""Where a photograph says how the camera was held, and what says so of those whose sides change places."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images as rows.

    Attributes:
        images: uint8 (N, D), D = channels * height * width; a row is one plane a channel, each by rows.
        labels: the folder of each, (N,); None where they lie in the folder itself.
        shape: channels, height and width.
        files: their paths, from the folder on.
        resized: how many of them had another size.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.str_] | None
    shape: PictureShape
    files: tuple[str, ...]
    resized: int


@dataclass(frozen=True)
class _ImageHeader:
    """What an image's file says before it is decoded."""

    is_grey: bool
    size: tuple[int, int]


def read_pictures(
    folder: Path,
    *,
    size: tuple[int, int] | None = None,
    shape: PictureShape | None = None,
    labelled: bool = True,
) -> Pictures:
    """The images in the folders of a folder, in the order of their names; each folder is a class.

    Args:
        folder: where they lie.
        size: height and width that they get; None: they have to be of one size.
        shape: channels, height and width that they get.
        labelled: whether they lie in folders of classes; else those in the folder itself will do.

    Raises:
        DataError: there are none, one is too large, damaged or no PNG or JPEG, or they are of several sizes: which.
        MissingExtraError: Pillow, which decodes them, is not installed.
    """
    with needs("images", "images"):
        import PIL.Image  # noqa: F401
    paths = _files(folder, labelled)
    kinds = [_kind(path) for path in paths]
    wanted = shape or _shape(folder, paths, kinds, size)
    count = len(paths) * int(np.prod(wanted))
    free = memory.free()
    if count > min(LARGEST, free):
        raise DataError(
            f"{_shown(folder)}: {len(paths)} images would take {count / 2**30:.1f} GB, {free / 2**30:.1f} GB of memory "
            "are free; give a smaller size, or fewer images"
        )
    images = np.empty((len(paths), *wanted), np.uint8)
    for path, into in zip(paths, images, strict=True):
        into[:] = _decoded(path, wanted)
    named = np.array([path.parent.name for path in paths]) if paths[0].parent != folder else None
    resized = sum(kind.size != wanted[1:] for kind in kinds)
    files = tuple(str(path.relative_to(folder)) for path in paths)
    return Pictures(images.reshape(len(paths), -1), named, wanted, files, resized)


def _files(folder: Path, labelled: bool) -> list[Path]:
    """The images of all classes."""
    try:
        inside = sorted(path for path in folder.iterdir() if not _is_hidden(path))
        classes = [path for path in inside if path.is_dir()]
        own = [path for path in inside if path.suffix.lower() in SUFFIXES]
        found = [path for each in classes for path in sorted(each.iterdir()) if not _is_hidden(path)]
    except OSError as error:
        raise DataError(
            f"{_shown(folder)}: cannot be read: {error.strerror}; give a folder of images"
        ) from error
    if not labelled and own and not found:
        found = own
    elif own:
        raise DataError(f"{_shown(own[0])}: lies beside the folders of classes; move it into one")
    odd = next((path for path in found if path.suffix.lower() not in SUFFIXES), None)
    if odd is not None:
        what = "a folder in the folder of a class" if odd.is_dir() else "no PNG or JPEG image"
        raise DataError(f"{_shown(odd)}: is {what}; move it elsewhere, or write it as PNG")
    if not found:
        where = "no PNG or JPEG images" if not labelled else "no folders of PNG or JPEG images, one a class"
        raise DataError(f"{_shown(folder)}: holds {where}; give one that does")
    if len(found) > MOST_FILES:
        raise DataError(f"{_shown(folder)}: holds more than {MOST_FILES} images; give fewer")
    return found


def _is_hidden(path: Path) -> bool:
    """What systems leave in folders, too."""
    return path.name.startswith(".") or path.name.lower() in _LEFT_OUT


@contextlib.contextmanager
def _image(path: Path) -> Iterator[Any]:
    """An image whose header is read."""
    from PIL import Image

    with opened(path, LARGEST_FILE, DataError, "give a PNG or JPEG image") as file:
        try:
            with Image.open(file, formats=("PNG", "JPEG")) as image:
                yield image
        except DataError:
            raise
        # Pillow has no one error for what is no image.
        except Exception as error:
            reason = one_line(str(error) or type(error).__name__, 100)
            raise DataError(
                f"{_shown(path)}: cannot be read as an image: {excerpt(reason)}; write it again"
            ) from error


def _kind(path: Path) -> _ImageHeader:
    with _image(path) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise DataError(
                f"{_shown(path)}: has {width} x {height} pixels; give images of {MOST_PIXELS} at most"
            )
        if image.mode not in _GREY | _COLOURED:
            raise DataError(
                f"{_shown(path)}: holds pixels of kind {image.mode}; write it with 8 bits a channel"
            )
        size = (width, height) if _orientation(image) in _LYING else (height, width)
        return _ImageHeader(image.mode in _GREY, size)


def _orientation(image: Any) -> int | None:
    """How a photograph says that it was held; of a PNG file as far as that stands before its pixels: Pillow would
    decode them to look behind."""
    if image.format == "PNG" and not image.info.get("exif"):
        return None
    found = image.getexif().get(_ORIENTATION)
    return found if isinstance(found, int) else None


def _shape(
    folder: Path, paths: Sequence[Path], kinds: Sequence[_ImageHeader], size: tuple[int, int] | None
) -> PictureShape:
    """What all images get: the size that is told, or the one that they have."""
    odd = next((number for number, kind in enumerate(kinds) if kind.size != kinds[0].size), None)
    if size is None and odd is not None:
        first, other = ("{} x {}".format(*kinds[number].size) for number in (0, odd))
        raise DataError(
            f"{_shown(folder)}: {paths[0].name} has {first} pixels (height, width), {_shown(paths[odd])} {other}; "
            "say to which size, such as 32x32, they are brought"
        )
    return (1 if all(kind.is_grey for kind in kinds) else 3, *(size or kinds[0].size))


def _decoded(path: Path, shape: PictureShape) -> NDArray[np.uint8]:
    """An image's pixels, (channels, height, width)."""
    from PIL import Image, ImageOps

    channels, height, width = shape
    with _image(path) as image:
        turned = ImageOps.exif_transpose(image).convert("L" if channels == 1 else "RGB")
        if turned.size != (width, height):
            turned = turned.resize((width, height), Image.Resampling.BILINEAR)
        pixels = np.asarray(turned)
    return pixels[np.newaxis] if channels == 1 else pixels.transpose(2, 0, 1)


def _shown(path: Path) -> str:
    return one_line(str(path))
