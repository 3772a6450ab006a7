"""How long the reports' searches take: one replicate of all of them, nothing else, with the verdicts it gives.

python benchmarks/search/reports.py
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from chainrule.data import datasets
from chainrule.experiments import recipes
from chainrule.experiments.plan import plan
from chainrule.experiments.reproduce import TableJob, reproduce
from chainrule.machine import threads
from chainrule.work.processes import processes


def main() -> None:
    """Run, print."""
    directory = datasets.data_directory(None)
    bare = {"rows": (), "claims": (), "gradient_histograms": (), "found": ()}
    searches = {
        name: recipe.model_copy(update=bare)
        for name, recipe in recipes.load_all([]).items()
        if recipe.searches
    }
    with tempfile.TemporaryDirectory() as folder:
        planned = plan(searches, datasets.load("cifar10", directory), seeds=range(1), replicates=1)
        job = TableJob(planned, directory, Path(folder) / "out", "benchmarks/search/reports.py")
        began = time.perf_counter()
        with processes(None) as workers:
            report = reproduce(job, workers)
        took = time.perf_counter() - began
        nets = len(list((job.out / "members").glob("*.json")))
    for row in report.results.rows:
        published = "" if row.published is None else f" (published {row.published})"
        print(f"{row.recipe}: {row.name}: {row.metric} {row.mean:.4f}{published}")
    print(f"{nets} nets in {took:.0f} s on {threads.available_cores()} cores")


if __name__ == "__main__":
    main()
