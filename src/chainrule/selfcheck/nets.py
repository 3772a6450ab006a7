"""Which nets of a table are checked, with which l2, and what is published of their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.published_check import GradientCheck, PublishedDifference
from chainrule.records.gradients import Compared
from chainrule.settings.settings import Settings


@dataclass(frozen=True)
class CheckedNet:
    """One architecture to check.

    Attributes:
        settings: its settings.
        l2: from small to large.
        eps, below: see :func:`chainrule.selfcheck.entrywise.discrepancy`.
        published: what is published of it, for some l2.
    """

    settings: Settings
    l2: tuple[float, ...]
    eps: float
    below: float
    published: tuple[tuple[float, PublishedDifference], ...] = ()

    def figures(self, l2: float, compared: Compared, parameter: str) -> dict[str, str]:
        """What is published of one comparison, as printed."""
        lines = [line for of, line in self.published if of == l2 and line.compared == compared]
        return {figure: value for line in lines for figure, value in line.of(parameter).items()}


def checked_nets(
    experiment: Experiment, batch_norm: bool | None = None, l2: float | None = None
) -> list[CheckedNet]:
    """The architectures of a table, each once: those of published lines first, then those of rows and searches.

    Each is checked with l2 = 0, with the table's common l2 (the largest that is used, where rows set their own) and
    with those of published lines.

    Args:
        experiment: the table.
        batch_norm: for all nets, instead of what they set; figures of others are then left out.
        l2: beside 0, for all nets, instead of the above.

    Raises:
        SettingsError: batch norm is wanted of a net without hidden layers.

    >>> from chainrule.experiments import recipes
    >>> [(net.settings.hidden, net.l2) for net in checked_nets(recipes.load("one_layer"), l2=0.1)]
    [((), (0.0, 0.1))]
    """
    common, check = experiment.settings, experiment.gradient_check
    lines = [
        (Settings.model_validate({**common, **own}), line)
        # Stages of a course stand behind the lines; their net is the first row's.
        for own, line in zip(experiment.checked(), check.published, strict=False)
    ]
    others = [*experiment.resolved().values(), *experiment.searched_settings()]
    groups: dict[object, list[tuple[Settings, PublishedDifference | None]]] = {}
    for settings, line in [*lines, *((own, None) for own in others)]:
        wanted = settings if batch_norm is None else _set(settings, batch_norm)
        kept = line if wanted == settings else None
        net = wanted.hidden, wanted.activation, wanted.batch_norm, wanted.loss
        groups.setdefault(net, []).append((wanted, kept))
    return [_net(group, check, common.get("l2", 0.0), l2) for group in groups.values()]


def course_net(experiment: Experiment) -> CheckedNet:
    """The net of a table's first row, without l2: the one whose course of errors is run again."""
    settings = Settings.model_validate({**experiment.settings, **experiment.first})
    return CheckedNet(settings, (0.0,), experiment.gradient_check.eps, experiment.gradient_check.below)


def _net(
    group: Sequence[tuple[Settings, PublishedDifference | None]],
    check: GradientCheck,
    usual: float,
    l2: float | None,
) -> CheckedNet:
    """One architecture, of all settings that have it."""
    published = tuple((settings.l2, line) for settings, line in group if line)
    if l2 is None:
        penalties = {usual or max(settings.l2 for settings, _ in group), *(of for of, _ in published)}
    else:
        penalties = {l2}
    return CheckedNet(group[0][0], tuple(sorted({0.0, *penalties})), check.eps, check.below, published)


def _set(settings: Settings, batch_norm: bool) -> Settings:
    if batch_norm and not settings.hidden:
        raise SettingsError("batch norm: a net of this recipe has no hidden layer to normalise; leave it out")
    return settings.model_copy(update={"batch_norm": batch_norm})
