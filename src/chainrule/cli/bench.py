"""``chainrule bench``: this machine's peak, steps a second, and what share of the peak they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from chainrule.cli import options

if TYPE_CHECKING:
    from chainrule.experiments.speed import Speed


def bench(jobs: options.Jobs = None, json: options.Json = False, quiet: options.Quiet = False) -> None:
    """Measure this machine: its matrix-product peak, and steps a second of nets alone and in a sweep of 40."""
    from chainrule.cli import notices
    from chainrule.cli.progress import progress
    from chainrule.experiments.speed import L2, NETS, measure, settings
    from chainrule.machine import kernels, threads
    from chainrule.work.processes import processes

    notices.beforehand([settings(*net, L2[0], 1) for net in NETS.values()], quiet)
    with processes(jobs) as workers, progress("bench", quiet) as update:
        speed = measure(workers, update)
    if json:
        typer.echo(speed.to_json(), nl=False)
        return
    _print(speed)
    if not quiet:
        for line in advice(speed, threads.available_cores(), kernels.note()):
            typer.echo(line)


def advice(speed: Speed, cores: int, kernel: str | None) -> list[str]:
    """What the user may do about it, a line each.

    Args:
        speed: what was measured.
        cores: that this process may run on.
        kernel: what is said where workers run another kernel than was chosen.
    """
    lines = [kernel] if kernel else []
    alone = {row.net: row.steps_per_second for row in speed.nets if row.nets == 1}
    gains = [(row.steps_per_second / alone[row.net], row.net) for row in speed.nets if row.nets > 1]
    if gains:
        gain, net = max(gains)
        lines.append(
            f"a sweep takes {gain:.1f} times as many steps a second as one net of {net} does: train what differs in "
            "l2, learning rate or init together"
        )
    if speed.workers < cores:
        lines.append(f"{cores - speed.workers} of {cores} cores were idle: leave --jobs out to use them")
    if speed.workers > 1 and speed.peak < 0.7 * speed.workers * speed.peak_of_one:
        lines.append(
            f"{speed.workers} workers reach {speed.peak / speed.peak_of_one:.1f} times the peak of one: other programs "
            "or shared cores take the rest; measure again on a quiet machine, or use fewer --jobs"
        )
    return lines


def _print(speed: Speed) -> None:
    from chainrule.report.table import TextTable
    from chainrule.report.terminal import rich_table, wide_console

    head = ["net", "nets", "steps a second", "share of peak"]
    body = [
        [row.net, str(row.nets), f"{row.steps_per_second:,.0f}", f"{row.share_of_peak:.2f}"]
        for row in speed.nets
    ]
    wide_console().print(rich_table(TextTable("", [head], body), "lrrr", ruled=False))
    typer.echo(
        f"peak of large float32 products: {speed.peak / 1e9:.0f} GFLOP/s on {speed.workers} workers, "
        f"{speed.peak_of_one / 1e9:.0f} on one\n{speed.processor}; {', '.join(speed.blas)}"
    )
