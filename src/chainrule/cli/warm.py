"""``chainrule warm``: what a first training would wait for, done beforehand."""

from __future__ import annotations

import typer

from chainrule.cli import options


def warm(quiet: options.Quiet = False) -> None:
    """Compile the training step for this machine, so that no training waits for it."""
    from chainrule.cli.progress import progress
    from chainrule.errors import SettingsError
    from chainrule.machine import compiler
    from chainrule.train.population import components_ready, ready

    if not compiler.available():
        raise SettingsError(f"warm: nothing is compiled here; {compiler.REPAIR}")
    # Weights come last: most have none.
    kinds = [(dtype, weighted) for weighted in (False, True) for dtype in ("float32", "float64")]
    with progress("warm", quiet) as update:
        for done, (dtype, weighted) in enumerate(kinds):
            update(done, len(kinds))
            ready(dtype, weighted=weighted)
            components_ready(dtype, weighted=weighted)
        update(len(kinds), len(kinds))
    typer.echo("ready: steps in float32 and float64, on bytes and float32, with weights of rows and without")
