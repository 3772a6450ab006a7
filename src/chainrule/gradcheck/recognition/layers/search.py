"""The adapter that fits a layer best: all that may be its own are tried."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from chainrule.gradcheck.recognition.layers.doubts import MEAN_ALONE
from chainrule.gradcheck.recognition.layers.fitness import PENALTY
from chainrule.gradcheck.recognition.layers.fitting import (
    FittingLayer,
    biases_of_one_number,
    differs_by_chance,
    doubted,
    fits_better,
    has_gradients,
    has_more_axes,
    is_of_one_index,
    is_of_vector,
    of_one_sample,
    with_more_axes,
    with_said,
)
from chainrule.gradcheck.recognition.layers.groups import groups
from chainrule.gradcheck.recognition.layers.penalised import with_own_penalty
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.slow_layers import with_smaller_images
from chainrule.gradcheck.recognition.layers.texts import of_samples
from chainrule.gradcheck.recognition.layers.trials import LayerTrials


@dataclass
class LayerSearch(LayerTrials):
    """The tries for one form of a layer, and the best of them."""

    _best: FittingLayer | None = None
    """That of all that were tried."""

    _nearly: FittingLayer | None = None
    """What it came in the place of, whose gradient is that of the loss times a number."""

    _disagreed: bool = False
    """Whether it ran with a bias for each output, and its gradients did not agree."""

    _ended: bool = False
    """Whether nothing more is tried."""

    def best(self, seconds: float) -> FittingLayer | None:
        """The adapter that fits best; None where none runs.

        Args:
            seconds: what the tries may take of the processor's time.
        """
        self._try_all(time.process_time() + seconds)
        best = self._best
        if best is not None and best.fitness.nearly:
            return self._as_sum(best)
        if best is not None and best.fitness.doubt == PENALTY:
            return with_own_penalty(self, best) or best
        if best is not None and best.fitness.tells:
            best = with_smaller_images(self, best)
        if best is None or not best.fitness.best or not (single := biases_of_one_number(best)):
            return best
        words = f"it agrees with one number for {' and '.join(single)} alone, which all outputs share"
        return doubted(best, words) if self._disagreed else best

    def _try_all(self, end: float) -> None:
        for plans in groups(self, end):
            before, are_left = self._best, self.are_several_left
            self._try_group(plans, end)
            best = self._best
            if before is None and best is not None and are_left:
                self._end_with(_without_several(best))
                return
            if self._ended:
                return
            if before is not None and best is not None and (words := of_one_sample(before, best)):
                self._end_with(doubted(best, words))
                return
            # Of a vector, a weight may have an axis too many: what was meant for several samples is excused by these.
            if best is None or (is_of_vector(best) and best.fitness.total == 1 and not best.fitness.best):
                continue
            if best.fitness.sized and (best.fitness.tells or best.fitness.nearly):
                break
        if self._best is not None:
            self._best = with_said(self._best, self._nearly)

    def _try_group(self, plans: Iterator[LayerPlan], end: float) -> None:
        for plan in plans:
            best = self._best
            if has_gradients(plan, best):
                continue
            lost = best is not None and best.lost and bool(plan.found)
            if best is not None and best.fitness.settled and not (lost or has_more_axes(plan, best.plan)):
                continue
            try:
                for fitting in self.fitting(plan):
                    self._take(fitting, lost=lost)
                    if self._ended:
                        return
            except Exception as error:
                self.errors.append(error)
            if self._needs_no_other(plan):
                return
            if time.process_time() > end:
                best = self._best
                self._end_with(best and doubted(best, "there was no time left to try other layouts"))
                return

    def _take(self, fitting: FittingLayer, *, lost: bool) -> None:
        """Take an adapter where it fits better than the best so far.

        Args:
            fitting: the adapter.
            lost: whether the gradient of the inputs is lost in the best, and may have been found here.
        """
        best = self._best
        if fitting.fitness.doubt == MEAN_ALONE:
            self._end_with(fitting)
            return
        several = "bias" in fitting.plan.call.arrays.values() and not biases_of_one_number(fitting)
        self._disagreed |= several and not fitting.fitness.best
        if best is None:
            self._best = fitting
            return
        if best.fitness.tells and is_of_one_index(best, fitting):
            return
        if differs_by_chance(best, fitting):
            words = "it agrees with some shapes of its arrays, and not with others"
            self._end_with(doubted(best, words))
            return
        if best.fitness.settled and best.plan != fitting.plan and not lost:
            self._best = with_more_axes(best, fitting)
        elif fits_better(fitting, best):
            self._nearly = best if best.fitness.nearly else self._nearly
            self._best = fitting

    def _needs_no_other(self, plan: LayerPlan) -> bool:
        """Whether no other plan of a group need be tried after this one."""
        best, found = self._best, bool(plan.found)
        if best is None or not (best.fitness.best or (best.fitness.settled and found)):
            return False
        return not (found and best.lost)

    def _end_with(self, fitting: FittingLayer | None) -> None:
        self._best, self._ended = fitting, True

    def _as_sum(self, nearly: FittingLayer) -> FittingLayer:
        """A loss whose gradient lacks nothing but a division, held against the loss without it; what divides later is
        not checked. The same where the number may be another at other points."""
        times = nearly.fitness.factor
        if of_samples(nearly.plan):
            return nearly
        with contextlib.suppress(Exception):
            for fitting in self.fitting(replace(nearly.plan, times=times), is_known=True):
                if fitting.fitness.best:
                    words = f"the division by {times}, which the loss has and its gradient has not"
                    return fitting._replace(unchecked=(*fitting.unchecked, words))
        return nearly


def _without_several(single: FittingLayer) -> FittingLayer:
    """One of a single sample, where there was no time for all shapes of several: with these it may be wrong where it
    agrees, and where it does not they may be the ones that it is meant for."""
    if not single.fitness.best:
        return doubted(single, "there was no time left to try it with several samples")
    return single._replace(
        unchecked=(*single.unchecked, "several samples: there was no time left to try them")
    )
