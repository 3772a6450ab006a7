"""What each argument of a forward pass gets, as an expression of an adapter: an array, a setting, a dictionary of
these."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.made_shapes import contradicts
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate, meaning
from chainrule.gradcheck.program.records import RecordPart
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import counted_size, is_alphabet
from chainrule.gradcheck.program.switch_names import is_training, keeps
from chainrule.gradcheck.recognition.layers import holding
from chainrule.gradcheck.recognition.layers.adapter_names import free
from chainrule.gradcheck.recognition.layers.dictionaries import (
    averages,
    fields_of,
    inner,
    keys_of,
    kind_of_parameter,
    made_with,
    switches,
)
from chainrule.gradcheck.recognition.layers.fielded import arrays_among, fielded, with_fields
from chainrule.gradcheck.recognition.layers.filled import emptied, holder_of
from chainrule.gradcheck.recognition.layers.held_settings import as_object
from chainrule.gradcheck.recognition.layers.inputs import inputs_of
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind, is_attended, kind_of, may_be_left_out
from chainrule.gradcheck.recognition.layers.losses import is_gradient_named
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.pass_names import is_upstream
from chainrule.gradcheck.recognition.layers.settings import (
    are_settings,
    has_training,
    is_function,
    is_small,
    known_setting,
)
from chainrule.gradcheck.recognition.layers.shapes import WORDS, Shape
from chainrule.gradcheck.recognition.layers.vectors import ParameterVector, number_called, parameter_vector

_USUAL_KEYS = ["mode", "stride", "pad", "pool_height", "pool_width", "p"]
"""Of a dictionary of settings that is handed on to where it cannot be seen what is looked up."""

_USUAL_NUMBER = "0.3"
"""A setting of no known name."""

_DATA = ("inputs", "labels", "mask", "indices", "sequences", "lengths")


class CannotCallLayerError(Exception):
    """An argument whose meaning is not known."""


class GivenArguments:
    """What the arguments of a forward pass get, one after the other."""

    def __init__(
        self, layer: LayerPair, file: Definitions, values: Mapping[str, str], left_out: Collection[str]
    ) -> None:
        self._layer, self._file, self._values, self._left_out = layer, file, values, left_out
        # A label picks the score of its class.
        own = {name for f in file.used([layer.forward]) for name in f.picking}
        unclear = (name for name in own if kind_of(name) in ("other", "state", "sequences"))
        self._picking = {name for name in unclear if not holding.says_what_counts(name, layer, file)}
        self._picks = bool(own)
        self._vector = parameter_vector(layer, file)
        self._objects = {a.name: made for a in layer.forward.arguments if (made := fielded(a, layer, file))}
        taken = with_fields(layer.forward, self._objects)
        self.inputs = inputs_of(taken, self._looked_up(), self._picking)
        if not self.inputs:
            raise CannotCallLayerError(f"{layer.forward.name} takes no inputs")
        self.arrays: dict[str, ArgumentKind] = {}
        self.given: dict[str, str] = {}
        self.set_to: dict[str, str] = {}
        self.settings: list[str] = []
        self.optional: tuple[str, ...] = ()
        self.shapes: dict[str, Shape] = {}
        self.records: dict[str, tuple[RecordPart, ...]] = {}
        self.together: tuple[str, ...] = ()

    def _looked_up(self) -> list[str]:
        """The arguments that are dictionaries, as texts are looked up in them, wherever they are handed; and what the
        pass fills."""
        forward, file = self._layer.forward, self._file
        required = [a for a in forward.arguments if a.required]
        return [a.name for a in required if keys_of(file, self._layer, a) or holder_of(a, forward, file)]

    def give(self, argument: Argument) -> None:
        """Give an argument what it may be; nothing where it stays at its default.

        Raises:
            CannotCallLayerError: it is not known.
        """
        name, file = argument.name, self._file
        kind = "indices" if name in self._picking and argument.required else kind_of(name)
        kind = "mask" if holding.says_what_counts(name, self._layer, file) else kind
        # Negatives may be embeddings as well as what picks them.
        attended = is_attended(name, self._layer.forward)
        kind = "other" if attended or (kind == "indices" and not self._picks) else kind
        keys = keys_of(file, self._layer, argument) if argument.required else []
        own = self._parameters_among(keys)
        held = holding.arrays_held(name, self._layer, self._is_parameter)
        if self._vector is not None and argument.required and kind not in _DATA:
            self._beside_vector(argument, self._vector)
        elif made_of := self._objects.get(name):
            self._object(name, made_of)
        elif holder := holder_of(argument, self._layer.forward, file):
            self.given[name] = emptied(holder)
        elif argument.required and (made := made_with(file, name, keys)):
            self._dictionary(name, [*made], {key: kind_of_parameter(key) for key in made})
            self.shapes |= {free(key): shape for key, shape in made.items()}
        elif kind == "other" and not (own or held) and (fields := fields_of(file, self._layer, argument)):
            self._settings_object(name, fields)
        elif own or (argument.required and not held and are_settings(name, keys, self._values, file)):
            self._dictionary(name, keys or _USUAL_KEYS, own)
        elif argument.required and held:
            self.arrays |= {free(part): kind_of(part) for part in held}
            self.given[name] = f"({', '.join(map(free, held))},)"
            self.together = tuple(map(free, held))
            self.inputs = next((part for part in held if kind_of(part) == "inputs"), self.inputs)
        elif argument.required and name not in (self.inputs, *self._layer.forward.reads):
            self.given[name] = "None"
        elif argument.required and holding.holds_pairs(name, self._layer, file):
            self._pairs(name)
        elif argument.required and holding.records_held(name, self._layer, file):
            self._array(name, "records")
            self.records[free(name)] = holding.records_held(name, self._layer, file)
        elif name == self.inputs and kind == "sequences":
            self._array(name, kind)
        elif name == self.inputs:
            self._array(name, "indices" if kind == "indices" and self._layer.is_of_cost else "inputs")
        elif self._layer.is_of_cost and kind == "other" and meaning(name).role == "l2":
            self.given[name] = self.set_to[name] = self._values.get(name, "0.0")
        elif kind in self._unclear() and self._has_gradient(name) and not is_rate(name):
            self._array(name, "scale" if name in self._values else "other")
        elif is_training(name) and argument.required and self._layer.is_of_cost:
            # Of a loss it says which samples are those of training.
            self._array(name, "mask")
        elif is_training(name):
            self._choose(name, "True")
        elif has_training(name, file):
            self._choose(name, '"train"')
        elif (kind in PARAMETER_ROLES and not self._is_factor(argument)) or (
            kind == "labels" and (argument.required or self._may_lack(argument))
        ):
            self._array(name, kind)
        elif may_be_left_out(kind) and argument.default == "None":
            self.optional = (*self.optional, name)
            if name not in self._left_out:
                self._array(name, kind)
        elif argument.required and (kind != "other" or attended) and name not in self._values:
            self._array(name, kind)
        elif argument.required or (name in self._values and not is_small(argument)):
            self._set(argument)
        elif argument.is_flag and keeps(name):
            self.given[name] = "True"
        elif argument.is_flag:
            self.set_to[name] = argument.default

    def _is_factor(self, argument: Argument) -> bool:
        """Whether what is called like a parameter is a number that a loss is weighted with: it has no gradient."""
        is_number = re.fullmatch(r"\d+(\.\d*)?", argument.default) is not None
        return self._layer.is_of_cost and is_number and not self._has_gradient(argument.name)

    def _may_lack(self, labels: Argument) -> bool:
        """Whether labels may be left out, and with them the loss and its gradients, ``loss(X, y=None)``; or all may, as
        what is left out is that of the last call."""
        takes_nothing = not any(a.required for a in self._layer.forward.arguments)
        return (self._layer.is_of_cost or takes_nothing) and labels.default == "None"

    def _choose(self, name: str, usual: str) -> None:
        """One of two modes."""
        self.given[name] = self.set_to[name] = self._values.get(name, usual)

    def _unclear(self) -> tuple[ArgumentKind, ...]:
        """What arguments may be by their names that are arrays like any other where they have gradients: of a layer
        that gets dJ/dout, labels as well."""
        takes = any(is_upstream(a.name) for a in self._layer.backward.arguments)
        return ("other", "indices", *(("labels",) if takes and not self._layer.is_of_cost else ()))

    def _has_gradient(self, name: str) -> bool:
        """Whether the backward pass gives its gradient: what may be called like a setting is an array then."""
        backward = self._layer.backward
        named = any(is_gradient_named(name, given) for given in (*backward.returns, *backward.returns_inside))
        return named or name in (
            *backward.returns_inside,
            *(k for n in (*backward.returns, backward.returned) for k in backward.keys.get(n, ())),
        )

    def _object(self, name: str, constructor: Function) -> None:
        """An object of arrays; its settings stay at their defaults."""
        for part in (parts := arrays_among(constructor)):
            # What is called old is no state where nothing is done step by step.
            kind = "other" if kind_of(part) == "state" and not self._layer.forward.loops else kind_of(part)
            self.arrays[free(part)] = "inputs" if part == self.inputs else kind
        self.given[name] = f"{constructor.owner}({', '.join(f'{part}={free(part)}' for part in parts)})"

    def _beside_vector(self, argument: Argument, vector: ParameterVector) -> None:
        """A vector of all parameters, a size by which it is taken apart, a number, or whatever else it may be."""
        name = argument.name
        if name == vector.name:
            self._array(name, "vector")
        elif size := vector.sizes.get(name):
            self.given[name] = size
            self.settings.append(f"{name} {size}")
        elif meaning(name).role == "l2":
            self.given[name] = self.set_to[name] = self._values.get(name, "0.0")
        elif number := self._setting(name) or number_called(name):
            self._put(name, number)
        else:
            self._set(argument)

    def _put(self, name: str, value: str) -> None:
        self.given[name] = self.set_to[name] = value
        self.settings.append(f"{name} {value}")

    def _array(self, name: str, kind: ArgumentKind) -> None:
        self.arrays[free(name)], self.given[name] = kind, free(name)

    def _parameters_among(self, keys: Sequence[str]) -> dict[str, ArgumentKind]:
        """The keys of a dictionary that are arrays: parameters by their names, and beside these whatever is no
        setting."""
        if not any(map(self._is_parameter, keys)):
            return {}
        unknown = (
            key for key in keys if self._has_gradient(key) or not known_setting(key, self._values, self._file)
        )
        others = [key for key in unknown if kind_of(key) == "other"]
        return {key: kind_of_parameter(key) for key in keys if self._is_parameter(key) or key in others}

    def _pairs(self, name: str) -> None:
        """Inputs and labels in pairs."""
        inputs, labels = f"{name}_in", f"{name}_out"
        self.arrays |= {inputs: "inputs", labels: "labels"}
        self.given[name] = f"list(zip({inputs}, {labels}))"
        self.inputs = inputs

    def _is_parameter(self, key: str) -> bool:
        return kind_of(key) in PARAMETER_ROLES and key not in self._values and not counted_size(key)

    def _dictionary(self, name: str, keys: Sequence[str], own: Mapping[str, ArgumentKind]) -> None:
        """A dictionary of parameters or settings."""
        file, layer = self._file, self._layer
        self.arrays |= {free(key): kind for key, kind in own.items()}
        known = {key: free(key) if key in own else known_setting(key, self._values, file) for key in keys}
        known |= {key: inner(name, layer, file) for key in keys if not known[key]}
        known |= averages(name, known, layer, file)
        # What has no value here is set by the function itself, or the layer does not run.
        items = {key: f'"{key}": {value}' for key, value in known.items() if value}
        self.given[name] = "{" + ", ".join(items.values()) + "}"
        self.settings += [item for key, item in items.items() if key not in own]
        self.set_to |= {key: known[key] for key in items if key not in own}

    def _settings_object(self, name: str, fields: Sequence[str]) -> None:
        """An object of settings."""
        off = switches(self._file, self._layer)
        usual = {f: "False" if f in off else _USUAL_NUMBER for f in fields}
        known = {f: known_setting(f, self._values, self._file) or usual[f] for f in fields}
        self.given[name] = as_object("{" + ", ".join(f"{f!r}: {value}" for f, value in known.items()) + "}")
        self.settings += [f"{name}.{field} {value}" for field, value in known.items()]
        self.set_to |= known

    def _set(self, argument: Argument) -> None:
        """A setting, or an array where no setting is called so.

        Raises:
            CannotCallLayerError: it may be neither.
        """
        name = argument.name
        if is_alphabet(name):
            self.given[name] = f"dict(enumerate(range({WORDS})))"
        elif value := self._setting(name):
            self._put(name, value)
        elif is_function(name):
            raise CannotCallLayerError(f"what is {name}?")
        else:
            self._array(name, "scale" if name in self._values else "other")

    def _setting(self, name: str) -> str:
        """A value for a setting; empty where none is known. What divides a whole number is one, though it be a
        capital; ``g`` that does not is no number of groups but a gain, a capital of a cost that makes no shape an
        array, and what the file makes as an array alone is one, as noise that is called ``eps``.
        """
        if contradicts(self._file.shapes, name, ()):
            return ""
        divides = name in self._layer.forward.divisors
        if (
            name == "g" or (self._layer.takes_the_same and holding.is_capital(name, self._layer, self._file))
        ) and not divides:
            return ""
        known = known_setting(name, self._values, self._file)
        return known or (self._values.get(name.lower(), "") if divides else "")
