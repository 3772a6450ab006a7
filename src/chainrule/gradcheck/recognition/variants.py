"""The variants of an adapter: nets of other depths, and other options, as far as they run and make a difference."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.choosing import is_handed_blindly
from chainrule.gradcheck.recognition.draws import draws, draws_alike, draws_what_counts
from chainrule.gradcheck.recognition.fitness import fitness
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.minibatch_steps import minibatch_variant
from chainrule.gradcheck.recognition.number_options import number_options
from chainrule.gradcheck.recognition.options import FLAGS, Option, options_of, seeded
from chainrule.gradcheck.recognition.other_data import where_it_agrees
from chainrule.gradcheck.recognition.other_plans import with_norm, without_norm
from chainrule.gradcheck.recognition.recognised import Variant
from chainrule.gradcheck.recognition.weight_options import weight_options

_MOST_OPTIONS = 8
"""How many other options are tried."""

_NOT_SHARED = "cost and gradient do not both take it"


@dataclass(frozen=True)
class Variants:
    """The variants of one adapter, tried in a module's namespace."""

    candidate: Candidate
    namespace: dict[str, Any]
    seed: int

    def every(self) -> list[Variant]:
        """Depths with which the functions run, as nets written out layer by layer have one; and options, those too that
        cannot be tried, with the reason."""
        depths = [v for v in self.candidate.depths() if v.text and not self._refused(v.text)]
        options = list(self._of_options())
        known = {part for option, variant in options if variant.text for part in option.parts}
        # Of several texts some belong together, as cross-entropy does with softmax.
        texts = {
            option.name for option, variant in options if variant.text and option.is_text and not option.parts
        }
        apart = texts if len(texts) > 1 else set()
        of_batch = minibatch_variant(self.candidate, self._changes)
        batches = [of_batch] if of_batch is not None and self._runs_steadily(of_batch.text) else []
        return [*depths, *batches] + [
            variant._replace(convicts=variant.convicts and option.name not in apart)
            for option, variant in options
            if variant.text or (option.name, variant.value) not in known
        ]

    def _of_options(self) -> Iterator[tuple[Option, Variant]]:
        tries, plan = 0, self.candidate.plan
        every = [*options_of(plan), *number_options(plan), *map(self._as_meant, weight_options(plan))]
        for option, value in ((o, value) for o in every for value in o.others):
            # Between layers there is no softmax, though it may be among the activations.
            usual = bool(option.parts) or "softmax" in option.given or "softmax" not in value
            variant = Variant(
                f"{option.name} of {{}}", option.given, value, "", "", option.is_certain and usual
            )
            if not option.shared:
                yield option, variant._replace(why=_NOT_SHARED, convicts=False)
            elif tries == _MOST_OPTIONS:
                yield (
                    option,
                    variant._replace(
                        why="there are too many options",
                        convicts=variant.convicts and not option.is_number,
                    ),
                )
            elif (tried := self._tried(option, value)) is not None:
                tries += 1
                text, why = tried
                # A number that a program refuses stays what it is, but not where that is none of the file's own.
                stays = why and option.is_number and not option.is_switched_off
                blind = value in FLAGS and not why and is_handed_blindly(plan, option.name, value)
                convicts = variant.convicts and not (stays or blind)
                why = why or (self._with_other_data(text) if convicts else "")
                yield option, variant._replace(text="" if why else text, why=why, convicts=convicts)

    def _as_meant(self, option: Option) -> Option:
        """Weights in the form with which the gradient is that of the cost, else in the first that runs: what they are
        not meant to be may run, too, but proves nothing. In none where none runs."""
        running: list[str] = []
        for value in option.others:
            text = self.candidate.text_of(option.plan_with(value))
            with contextlib.suppress(OutOfTimeError, Exception), limited():
                fit = fitness(self._program(text), self.candidate.plan.names, self.seed)
                if fit is not None and fit.runs:
                    running.insert(0 if fit.agrees else len(running), value)
        return option._replace(others=running[:1])

    def _tried(self, option: Option, value: str) -> tuple[str, str] | None:
        """An adapter with another option, and why it cannot be tried; None where it makes no difference."""
        plan = option.plan_with(value)
        text = self.candidate.text_of(plan)
        if not option.drops:
            if not text:
                return "", _NOT_SHARED
            if not self._draws(text):
                return self._with_its_parameters(plan, value) or self._compared(text)
            if option.is_number:
                return "", "it draws at random"
        text = self.candidate.text_of(seeded(plan))
        return self._compared(text) if text else ("", _NOT_SHARED)

    def _with_its_parameters(self, plan: AdapterPlan, value: str) -> tuple[str, str] | None:
        """The same without scales and shifts, where a switch takes batch norm away with them, or with those that were
        left out, where it brings it; None where it does not run so."""
        others = [without_norm(plan), with_norm(plan)] if value in FLAGS else []
        texts = filter(None, (self.candidate.text_of(other) for other in others if other is not None))
        every = (self._compared(text) for text in texts)
        return next((compared for compared in every if compared is not None and not compared[1]), None)

    def _draws(self, text: str) -> bool:
        try:
            with limited():
                return draws(self._program(text))
        except (OutOfTimeError, Exception):
            return False

    def _compared(self, text: str) -> tuple[str, str] | None:
        """An adapter beside why it cannot be tried; None where it gives the same as that of the usual options."""
        if why := self._refused(text):
            return text, why
        usual, other = (self._program(t) for t in (self.candidate.adapter.text, text))
        given, data = usual.describe(), other.describe().data
        mine = other.describe().arrays
        if [a.shape for a in mine] != [a.shape for a in given.arrays]:
            return text, ""
        if usual.cost(given.arrays, given.data) != other.cost(given.arrays, data):
            return text, ""
        pairs = zip(
            usual.gradient(given.arrays, given.data).arrays,
            other.gradient(given.arrays, data).arrays,
            strict=True,
        )
        same = all(np.array_equal(a, b) for a, b in pairs)
        return None if same else (text, "it changes the gradient alone")

    def _refused(self, text: str) -> str:
        """Why an adapter cannot be tried; empty where it can."""
        try:
            with limited():
                program = self._program(text)
                fit = fitness(program, self.candidate.plan.names, self.seed)
                if fit is None or not fit.runs:
                    return "cost and gradient cannot be compared with it"
                return "" if draws_alike(program) else "cost and gradient do not draw the same at random"
        except OutOfTimeError as error:
            return str(error)
        except Exception as error:
            # Code that is not written for such a net.
            return f"it does not run: {described(error)}"

    def _with_other_data(self, text: str) -> str:
        """That a gradient is right with other data than those of an adapter, and wrong with these: an option may change
        what labels mean. Empty where that is not so."""
        classes = self.candidate.plan.convention.sizes.classes
        data = where_it_agrees(self._program(text), self.candidate.plan.names, classes, self.seed)
        return f"its gradient is that of its cost with {data} only, which may be meant" if data else ""

    def _changes(self, text: str) -> list[Array]:
        """The gradients of an adapter; none where it does not run."""
        with contextlib.suppress(OutOfTimeError, Exception), limited():
            program = self._program(text)
            given = program.describe()
            return list(program.gradient(given.arrays, given.data).arrays)
        return []

    def _runs_steadily(self, text: str) -> bool:
        """Whether an adapter runs, and gives the same whatever is drawn."""
        with contextlib.suppress(OutOfTimeError, Exception), limited():
            program = self._program(text)
            fit = fitness(program, self.candidate.plan.names, self.seed)
            return fit is not None and fit.runs and not draws_what_counts(program)
        return False

    def _program(self, text: str) -> LocalProgram:
        # An object draws its parameters.
        np.random.seed(0)  # noqa: NPY002
        return declared(text, self.namespace, default_rng(self.seed))
