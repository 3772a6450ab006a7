"""What a function looks like: its arguments, the keys it looks up, the names it returns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from chainrule.gradcheck.program.attributes import Attributes
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.records import RecordPart
from chainrule.gradcheck.program.vectors import TakenApart
from chainrule.gradcheck.program.whole_numbers import Size
from chainrule.gradcheck.program.written_shapes import WrittenShape


class Argument(NamedTuple):
    """One argument of a function.

    Attributes:
        default: as it is written, empty where it is no literal.
        own_name: what it is called by those who give it by name, where that is not ``name``.
        starred: whether it takes several values, as ``*params`` does.
    """

    name: str
    required: bool = True
    keyword_only: bool = False
    default: str = ""
    own_name: str = ""
    starred: bool = False

    @property
    def keyword(self) -> str:
        """What it is called by those who give it by name."""
        return self.own_name or self.name

    @property
    def is_flag(self) -> bool:
        """Whether it says how something is done, whatever its name: ``one_hot=False``."""
        return self.default in ("True", "False")

    @property
    def may_be_size(self) -> bool:
        """Whether sizes may be given for it: its default, where it has one, is no text and no object."""
        return self.required or (self.default != "" and self.default[0] not in "'\"TF")


class Maker(NamedTuple):
    """The function that returns another among several.

    Attributes:
        arguments: which the other reads.
        place: of the other among what it returns.
    """

    name: str
    arguments: tuple[Argument, ...]
    place: int


class Function(NamedTuple):
    """A function, or a method without its ``self``.

    Attributes:
        name: how it is called: ``ComputeCost``; of a method, its own name.
        arguments: without ``**kwargs``, and ``*args`` that are no parameters.
        several: what ``*args`` is called; empty where there is none.
        owner: the class of a method; empty for a function.
        keys: the text keys by which each argument is looked up, as in ``params["W1"]``; those of the elements of
            an argument, as in ``layers[i]["W"]``, stand under ``layers[]``.
        optional_keys: in the same way, those that need not be there, with what stands for them, as in
            ``config.get("reg", 0.1)``.
        numbered: what it looks something up in by whole numbers; ``p[]`` are the elements of ``p``.
        fields: the attributes that it reads of each argument, as in ``config.lr``; of an attribute of its own object,
            under that name with a dot before it, as in ``self.config.lr``. So are keys.
        optional_fields: in the same way, those that need not be there, with what stands for them, as in
            ``getattr(config, "reg", 0.1)``.
        fields_set: in the same way, those that it gives a value.
        taken_apart: what an argument holds one after the other, as in ``x, mask = cache``.
        put_together: the tuples of names among several values that it gives, as in ``return y, (x, mask)``.
        changed: the arguments that it changes in place, as in ``dout[mask] = 0``.
        resized: the lists among its arguments that it makes longer or shorter, or puts in another order: ``W.pop()``.
        pairs: the arguments that it takes for lists of pairs, as in ``for x, y in data``.
        returns: what its last return statement gives back where it gives several values: their names, empty for
            one that has none.
        returns_before: the same of the return statements before the last.
        returns_inside: the names in several values that stand as one among these, or are all of it, and their text
            keys: ``return loss, (dW, db)``, ``return loss, {"dW": dW}``.
        uses: names that it reads and does not set.
        reads: all names that it reads.
        compared: pairs of its arguments that it compares with each other.
        added: pairs of its arguments that it adds to each other, as in ``dh = dh_out + dh_next``.
        imported: whether it is of another file of its author.
        gives: whether it returns a value.
        numbers: whole numbers that are written in it.
        divisors: the names by which it divides whole numbers, as in ``C // G``.
        averages: whether it divides something by a number of samples.
        along_axes: whether it adds up, or does anything else, along an axis that it names: ``axis=1``.
        averaged: the functions whose results it divides so, each of them, and adds a penalty to.
        ranks: the numbers of axes that it picks out, as in ``if x.ndim == 4``.
        shapes: sizes of matrices that are written in it, as numbers or as their names.
        attributes: what a method does to its object.
        makes: whether it is a class method that makes an object: ``return cls(...)``.
        stepped: the arguments that it takes a step from where they are, with a rate that it is given.
        loops: whether anything in it is done several times.
        handed_parts: the functions to which a loop of it hands a minibatch beside a step that it takes with that.
        maker: what defines and returns it; None where it stands by itself. Its arguments are among the function's.
        is_property: whether it is a method that is not called, but read or set as an attribute.
        written: the shapes of arrays that are written in it, each size as it is called.
        picking: the names whose numbers pick entries of arrays in it, as ``words`` does in ``E[words]``.
        counting: its arguments that may say which entries of arrays count.
        returned: what it calls the one value that it gives; empty where it gives several, or one without a name.
        records: what the parts of tuples are in the lists of such that it goes through, where some pick entries of
            arrays, as in ``for u, i, r in ratings`` beside ``P[u]``.
        blanks: of each of the values that it gives, whether it is nothing yet; none where it is written.
        handed_back: the method of its own object whose result it returns as it is; empty where it does anything else.
        switches: the names, attributes and keys that are conditions by themselves, as in ``if args.stop``.
        computes: whether it does more than to give what it finds: it has an operator, or calls what is none of Python's
            own ways to go through things and to put them together.
        subtracted: what it calls for both sides of a difference in the body of one loop.
        as_vector: what it takes apart as a vector of all parameters, as in ``theta[:n * m].reshape(n, m)``.
    """

    name: str
    arguments: tuple[Argument, ...]
    owner: str = ""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    optional_keys: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    numbered: frozenset[str] = frozenset()
    fields: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    optional_fields: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    fields_set: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    taken_apart: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    put_together: tuple[tuple[str, ...], ...] = ()
    changed: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    returns: tuple[str, ...] = ()
    returns_before: tuple[tuple[str, ...], ...] = ()
    returns_inside: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    reads: frozenset[str] = frozenset()
    compared: frozenset[frozenset[str]] = frozenset()
    added: frozenset[frozenset[str]] = frozenset()
    imported: bool = False
    gives: bool = True
    numbers: frozenset[int] = frozenset()
    divisors: frozenset[str] = frozenset()
    averages: bool = False
    along_axes: bool = False
    averaged: frozenset[str] = frozenset()
    ranks: frozenset[int] = frozenset()
    shapes: tuple[tuple[Size, Size], ...] = ()
    attributes: Attributes = Attributes()
    makes: bool = False
    stepped: tuple[str, ...] = ()
    loops: bool = False
    handed_parts: frozenset[str] = frozenset()
    several: str = ""
    is_property: bool = False
    maker: Maker | None = None
    written: Mapping[str, WrittenShape] = MappingProxyType({})
    records: Mapping[str, tuple[RecordPart, ...]] = MappingProxyType({})
    returned: str = ""
    picking: frozenset[str] = frozenset()
    counting: frozenset[str] = frozenset()
    as_vector: TakenApart = TakenApart()
    blanks: tuple[bool, ...] = ()
    handed_back: str = ""
    switches: frozenset[str] = frozenset()
    subtracted: frozenset[str] = frozenset()
    resized: frozenset[str] = frozenset()
    computes: bool = True

    @property
    def gives_nothing_first(self) -> bool:
        """Whether what it computes is not written yet, whatever it gives beside that."""
        return self.blanks[:1] == (True,)

    @property
    def gives_nothing(self) -> bool:
        """Whether none of what it gives is written yet."""
        return bool(self.blanks) and all(self.blanks)

    @property
    def unpacked(self) -> dict[str, tuple[str, ...]]:
        """What an argument holds one after the other, parameters as it seems, as in ``W1, b1, W2, b2 = params``."""
        return {name: held for name, held in self.taken_apart.items() if any(map(_is_parameter, held))}

    @property
    def unpacked_parameters(self) -> dict[str, tuple[str, ...]]:
        """What an argument holds one after the other, where all of it is parameters by what names mean in the file."""
        every = self.unpacked.items()
        return {name: held for name, held in every if all(meaning(n).role in PARAMETER_ROLES for n in held)}

    @property
    def shown(self) -> str:
        """``compute_cost``; of a method ``Net.compute_cost``."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def _is_parameter(name: str) -> bool:
    return meaning(name).role in PARAMETER_ROLES
