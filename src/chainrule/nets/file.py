"""A net as one file, which ``docs/net-file.md`` describes: safetensors, with a document of what the arrays are."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from chainrule import tensors
from chainrule.components import ACTIVATIONS, LOSSES
from chainrule.components.registry import Registry
from chainrule.data.encoding import CategoryColumn, EncodedColumn, Encoding
from chainrule.data.transforms.transform import Transform
from chainrule.errors import StoreError
from chainrule.files import write_bytes
from chainrule.nets.net import CompleteNet
from chainrule.nn.batchnorm import EPS
from chainrule.nn.network import Network, Parameters
from chainrule.settings.strict import Strict, explain
from chainrule.text import excerpt, json_values, one_line
from chainrule.version import installed_version

FORMAT: Final = "chainrule net"
VERSION: Final = 5
"""The newest: a member of a run, or a net of rows with several labels, which version 4 does not know; 3 knows no net
of images either, 2 none with an encoding, 1 none of numbers. What an older one knows is written as a file of that."""
OF_RUN: Final = ("last", "best")
"""Of a member of a run: its last weights, and the best, which predict; their names begin so, without an axis of
members."""
LARGEST = 2**33
"""Bytes of the largest file."""

_REPAIR = "give a file that `save` wrote"

Width = Annotated[int, Field(ge=1, le=10_000_000)]
Label = str | bool | int | float


class NetDocument(Strict):
    """What the arrays are.

    Attributes:
        format, version: of the file.
        written_by: the version of chainrule that wrote it.
        widths: D, hidden layers, K.
        members: P.
        activation, loss: names of components.
        batch_norm, eps: whether it stands in front of every activation, and what is added to its variances.
        classes: K labels; None where the one output is a number.
        columns: D names; None where they had none.
        trained: how it was.
        encoding: what makes the D numbers of a data frame's columns; None where they are its columns.
        image: channels, height and width, whose product is D; None where rows are no images.
        several: whether a row may have several of the classes or none.
    """

    ADDED: ClassVar[tuple[str, ...]] = ("encoding", "image", "several")

    format: Literal["chainrule net"] = FORMAT
    version: Literal[1, 2, 3, 4, 5] = 1
    written_by: str
    widths: Annotated[tuple[Width, ...], Field(min_length=2, max_length=1000, strict=False)]
    members: Annotated[int, Field(ge=1, le=1_000_000)]
    activation: str
    loss: str
    batch_norm: bool
    eps: Annotated[float, Field(gt=0)]
    classes: Annotated[tuple[Label, ...], Field(strict=False)] | None
    columns: Annotated[tuple[str, ...], Field(strict=False)] | None
    trained: dict[str, Any]
    encoding: Annotated[tuple[EncodedColumn, ...], Field(min_length=1, strict=False)] | None = None
    image: Annotated[tuple[Width, Width, Width], Field(strict=False)] | None = None
    several: bool = False


def save(net: CompleteNet, path: str | Path) -> None:
    """Write a net to a file, which is there whole or not at all.

    Raises:
        StoreError: a component is one of one's own, labels are bytes, or the file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> network, as_they_are = Network((2, 3), "hinge"), Transform(np.ones(2), np.zeros(2))
    >>> net = CompleteNet(network, network.initial(0, ["he"], np.float32), as_they_are, np.array(["a", "b", "c"]))
    >>> with TemporaryDirectory() as folder:
    ...     save(net, Path(folder) / "abc.net")
    ...     again = load(Path(folder) / "abc.net")
    >>> bool((again.decision_function([[1, 2]]) == net.decision_function([[1, 2]])).all()), again.classes.tolist()
    (True, ['a', 'b', 'c'])
    """
    for registry, name in _components(net.network):
        if registry.is_own(registry[name]):
            raise StoreError(
                f"{path}: cannot hold {registry.kind} {name!r}, which was registered in this program; keep the "
                "estimator itself, or train with a built-in one"
            )
    if net.classes is not None and net.classes.dtype.kind == "S":
        raise StoreError(f"{path}: cannot hold labels that are bytes; train with text")
    transform = {"scale": net.transform.scale, "shift": net.transform.shift}
    write_bytes(Path(path), tensors.to_bytes(document(net, _version(net)), net.parameters | transform))


def member_bytes(net: CompleteNet, last: Parameters) -> bytes:
    """The content of the file of a single net, a member of a run, which is loaded as others are.

    Args:
        net: with the weights that predict, the best.
        last: those after the last epoch, as ``net`` has them.
    """
    kinds = zip(OF_RUN, (last, net.parameters), strict=True)
    arrays = {f"{kind}.{name}": array[0] for kind, each in kinds for name, array in each.items()}
    transform = {"scale": net.transform.scale, "shift": net.transform.shift}
    return tensors.to_bytes(document(net, VERSION), arrays | transform)


def document(net: CompleteNet, version: Literal[1, 2, 3, 4, 5]) -> dict[str, Any]:
    """What is said of a net's arrays, as JSON can say it."""
    network, classes = net.network, net.classes
    if classes is not None and classes.dtype.kind == "S":  # of a member of a run: JSON has no bytes
        classes = np.array(list(map(str, classes.tolist())))
    about = NetDocument(
        version=version,
        written_by=installed_version(),
        widths=network.widths,
        members=net.members,
        activation=network.activation,
        loss=network.loss,
        batch_norm=network.batch_norm,
        eps=EPS,
        classes=None if classes is None else tuple(classes.tolist()),
        columns=net.columns,
        trained=json_values(dict(net.trained)),
        encoding=None if net.encoding is None else net.encoding.columns,
        image=net.image,
        several=net.several,
    )
    return about.model_dump(mode="json")


def load(path: str | Path) -> CompleteNet:
    """The net in a file, checked: shapes are those that it names, numbers are finite, components are known.

    Raises:
        StoreError: it cannot be read, is damaged, of a newer version, or no net.

    >>> from tempfile import TemporaryDirectory
    >>> from chainrule import MLPClassifier
    >>> X = np.linspace(-1, 1, 40).reshape(20, 2)
    >>> classifier = MLPClassifier(5, epochs=2, random_state=0).fit(X, ["low"] * 10 + ["high"] * 10)
    >>> with TemporaryDirectory() as folder:
    ...     classifier.save(Path(folder) / "two.net")
    ...     net = load(Path(folder) / "two.net")
    >>> net.classes.tolist(), net.network.widths, bool((net.predict(X) == classifier.predict(X)).all())
    (['high', 'low'], (2, 5, 2), True)
    """
    path = Path(path)
    document, arrays = tensors.read(path, LARGEST, StoreError, _REPAIR)
    name = one_line(str(path))
    if document.get("format") != FORMAT:
        raise StoreError(f"{name}: is no net that chainrule saved; {_REPAIR}")
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        by = excerpt(document.get("written_by", "a newer one"))
        raise StoreError(f"{name}: is of version {version}, written by chainrule {by}; update chainrule")
    try:
        about = NetDocument.model_validate(document)
    except ValidationError as error:
        raise StoreError(f"{name}: is damaged: {explain(error, NetDocument)[0]}; {_REPAIR}") from error
    network = Network(about.widths, about.loss, about.batch_norm, about.activation)
    arrays = _predicting(arrays)
    problem = _problem(about, network, arrays)
    if problem:
        raise StoreError(f"{name}: {problem}")
    transform = Transform(arrays.pop("scale"), arrays.pop("shift"))
    classes = None if about.classes is None else np.array(about.classes)
    encoding = None if about.encoding is None else Encoding(about.encoding)
    return CompleteNet(
        network,
        arrays,
        transform,
        classes,
        about.columns,
        about.trained,
        encoding,
        about.several,
        about.image,
    )


def _predicting(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays that predict, of a member of a run the best ones."""
    last, best = (f"{kind}." for kind in OF_RUN)
    return {
        name.removeprefix(best): array[np.newaxis] if name.startswith(best) else array
        for name, array in arrays.items()
        if not name.startswith(last)
    }


def _version(net: CompleteNet) -> Literal[1, 2, 3, 4, 5]:
    """The oldest that knows all of it."""
    if net.several:
        return 5
    if net.image is not None:
        return 4
    return 3 if net.encoding is not None else 1 if net.classes is not None else 2


def _components(network: Network) -> list[tuple[Registry[Any], str]]:
    return [(LOSSES, network.loss)] + [(ACTIVATIONS, network.activation)] * (network.depth > 1)


def _problem(about: NetDocument, network: Network, arrays: dict[str, NDArray[Any]]) -> str | None:
    """Why document and arrays are no net, or none that is known here."""
    for registry, component in _components(network):
        if component not in registry:
            return f"has {registry.kind} '{excerpt(component)}', which is unknown here; update chainrule"
    if network.loss_function.numbers != (about.classes is None) or (
        about.classes is None and about.widths[-1] != 1
    ):
        return f"is damaged: its loss, its classes and its outputs do not fit; {_REPAIR}"
    if about.eps != EPS:
        return f"has eps {about.eps:g} in its batch norm, {EPS:g} alone is known here; update chainrule"
    counted = (("classes", about.classes, about.widths[-1]), ("columns", about.columns, about.widths[0]))
    for kind, names, count in counted:
        if names is not None and len(set(names) if kind == "classes" else names) != count:
            return f"is damaged: it names {len(names)} {kind} for {count}; {_REPAIR}"
    if about.image is not None and math.prod(about.image) != about.widths[0]:
        return f"is damaged: images of {about.image} values are not {about.widths[0]}; {_REPAIR}"
    if about.encoding is not None and not _is_encoding(Encoding(about.encoding), about.columns):
        return f"is damaged: what its columns are encoded to does not fit them; {_REPAIR}"
    expected = _shapes(network, about.members)
    if arrays.keys() != expected.keys():
        odd = excerpt(sorted(arrays.keys() ^ expected.keys())[0])
        return f"is damaged: array {odd} is missing, or there for nothing; {_REPAIR}"
    for name, shape in expected.items():
        array = arrays[name]
        if array.shape != shape or array.dtype not in (np.float32, np.float64):
            return f"is damaged: {name} is {array.dtype} {array.shape}, not floats {shape}; {_REPAIR}"
        if not np.isfinite(array).all():
            return f"is damaged: {name} holds numbers that are not finite; {_REPAIR}"
        if name.startswith("variance") and (array < 0).any():
            return f"is damaged: {name} holds a variance below 0; {_REPAIR}"
    return None


def _is_encoding(encoding: Encoding, columns: tuple[str, ...] | None) -> bool:
    """Whether it makes these columns, of names and categories that each stand once."""
    once = [encoding.names, *(c.categories for c in encoding.columns if isinstance(c, CategoryColumn))]
    return encoding.outputs == columns and all(len(set(names)) == len(names) for names in once)


def _shapes(network: Network, members: int) -> dict[str, tuple[int, ...]]:
    """The arrays of a file, and their shapes."""
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(("scale", "shift"), (network.widths[0],))
    for layer in range(1, network.depth + 1):
        inputs, outputs = network.widths[layer - 1 : layer + 1]
        shapes |= {f"W{layer}": (members, outputs, inputs), f"b{layer}": (members, outputs)}
        if network.batch_norm and layer < network.depth:
            kinds = ("gamma", "beta", "mean", "variance")
            shapes |= {f"{kind}{layer}": (members, outputs) for kind in kinds}
    return shapes
