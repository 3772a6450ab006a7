"""Train what tables ask for, in rounds: what one round's searches find tells what the next ones try."""

from __future__ import annotations

import functools

from chainrule.errors import ChainruleError
from chainrule.experiments.plan import TablesPlan
from chainrule.records.runs import Member
from chainrule.work import planner
from chainrule.work.nets import NamedNet
from chainrule.work.progress import WorkProgress
from chainrule.work.training import Site, train_all


def train(plan: TablesPlan, site: Site, progress: WorkProgress) -> tuple[dict[str, Member], list[str]]:
    """Train until no table asks for more.

    Rounds are the same whatever is on disk already, and with them every bit, on the same number of workers.

    Returns:
        The finished nets by id, and what the user should know, a line each.

    Raises:
        ChainruleError: a net cannot be trained.
    """
    members: dict[str, Member] = {}
    notes: list[str] = []
    total, before = plan.work, 0
    while wanted := _wanted(plan, members):
        outcome = train_all(wanted.values(), site, functools.partial(_advance, progress, before, total))
        if outcome.failed:
            raise ChainruleError(
                *(f"net {name} cannot be trained: {why}" for name, why in outcome.failed.items())
            )
        before += sum(planner.work(net.settings, plan.dataset) for net in wanted.values())
        members |= outcome.members
        notes += outcome.notes
    return members, notes


def _advance(progress: WorkProgress, before: int, total: int, more: int) -> None:
    progress(min(before + more, total), total)


def _wanted(plan: TablesPlan, members: dict[str, Member]) -> dict[str, NamedNet]:
    """Every net that is asked for now and not finished, by id; searches go on as far as ``members`` let them."""
    nets: list[NamedNet] = []
    for table in plan.tables.values():
        nets += [net for row in table.rows.values() for net in row]
        for replicate in range(plan.replicates):
            for standings in table.searches.values():
                standings[replicate].advance(members)
                asked = standings[replicate].waiting
                # Seed by seed, as populations are of one seed.
                nets += [net for of_seed in zip(*(own for _, own in asked), strict=True) for net in of_seed]
    return {net.id: net for net in nets if net.id not in members}
