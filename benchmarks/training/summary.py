"""The benchmarks' tables and figure from what they wrote: Markdown for docs/performance.md, an SVG, a PNG.

    python benchmarks/training/summary.py FOLDER

FOLDER holds comparison.json and, where they were measured, scaling.json, memory.json and time_to_loss.json; tables.md
and comparison.svg are written beside them.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import altair as alt

WHAT = {"steps": "steps, minibatch fetched", "epochs": "epochs with evaluation"}


def median(contender: dict[str, Any], what: str) -> float:
    """Microseconds of one net's step."""
    return statistics.median(contender["microseconds"][what])


def rows(work: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Contenders, the fastest first, with their time as a multiple of ours."""
    ours = min(median(one, what) for one in work["contenders"] if one["library"] == "chainrule")
    found = [
        {
            "library": one["library"],
            "form": one["form"],
            "us": median(one, what),
            "ratio": median(one, what) / ours,
            "share": 1e6 * work["flop"] / median(one, what) / work["peak"],
            "warm_up": one["warm_up"],
            "memory": one["memory"],
        }
        for one in work["contenders"]
    ]
    return sorted(found, key=lambda row: row["us"])


def markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def work_table(work: dict[str, Any]) -> str:
    """One work's contenders, with both things timed side by side."""
    by_form = {(row["library"], row["form"]): row for row in rows(work, "epochs")}
    body = []
    for row in rows(work, "steps"):
        epochs = by_form[row["library"], row["form"]]
        body.append(
            (
                f"{row['library']}, {row['form']}",
                f"{row['us']:.0f}",
                f"{row['ratio']:.2f}",
                f"{row['share']:.2f}",
                f"{epochs['us']:.0f}",
                f"{epochs['ratio']:.2f}",
                f"{row['warm_up']:.1f}",
                f"{row['memory'] / 2**20:.0f}",
            )
        )
    nets = "one net" if work["nets"] == 1 else f"sweep of {work['nets']}"
    head = ("", "us a step", "x ours", "of peak", "us with evaluation", "x ours", "warm-up s", "MiB")
    return f"**{work['name']}, {nets}** (peak {work['peak'] / 1e9:.0f} GFLOP/s)\n\n{markdown(head, body)}"


def scaling_tables(scaling: dict[str, Any]) -> str:
    """A line a thing that was varied."""
    parts = []
    for name, cases in scaling["microseconds"].items():
        body = [("us of one net's step", *(f"{value:.0f}" for value in cases.values()))]
        parts.append(markdown((name, *cases), body))
    return "\n\n".join(parts)


def chart(works: Sequence[dict[str, Any]]) -> alt.LayerChart:
    """Each library's best form as a multiple of our time, a row a work."""
    values = []
    for work in works:
        best: dict[str, float] = {}
        for row in rows(work, "steps"):
            best.setdefault(row["library"], row["ratio"])
        nets = "one net" if work["nets"] == 1 else f"sweep of {work['nets']}"
        values += [
            {"work": f"{work['name']}, {nets}", "library": library, "ratio": ratio}
            for library, ratio in best.items()
            if library != "chainrule"
        ]
    order = list(dict.fromkeys(value["work"] for value in values))
    base = alt.Chart(alt.InlineData(values=values), width=420)
    points = base.mark_point(filled=True, size=70).encode(
        x=alt.X(
            "ratio:Q", scale=alt.Scale(type="log"), title="time of the library's best form, x chainrule's"
        ),
        y=alt.Y("work:N", sort=order, title=None, axis=alt.Axis(labelLimit=360)),
        color=alt.Color("library:N", scale=alt.Scale(range=["#0072b2", "#d55e00", "#009e73"]), title=None),
        shape=alt.Shape("library:N", title=None),
    )
    line = alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_rule(strokeDash=[4, 4]).encode(x="x:Q")
    layered: alt.LayerChart = alt.layer(line, points)
    return layered


def main() -> None:
    """Read, write."""
    folder = Path(sys.argv[1])
    comparison = json.loads((folder / "comparison.json").read_text())
    parts = [f"```json\n{json.dumps(comparison['machine'], indent=1)}\n```"]
    parts += [work_table(work) for work in comparison["works"]]
    if (folder / "scaling.json").exists():
        parts.append(scaling_tables(json.loads((folder / "scaling.json").read_text())))
    if (folder / "memory.json").exists():
        memory = json.loads((folder / "memory.json").read_text())
        parts.append(f"Peak memory of a sweep of 40 on CIFAR-10: {memory['peak_bytes'] / 2**30:.2f} GiB.")
    if (folder / "time_to_loss.json").exists():
        head = ("data", "validation loss", "chainrule s", "scikit-learn s")
        body = [
            (one["dataset"], *(f"{one['median'][key]:.2f}" for key in ("loss", "chainrule", "scikit-learn")))
            for one in json.loads((folder / "time_to_loss.json").read_text())
        ]
        parts.append(markdown(head, body))
    (folder / "tables.md").write_text("\n\n".join(parts) + "\n")
    picture = chart(comparison["works"])
    for suffix in ("svg", "png"):
        picture.save(folder / f"comparison.{suffix}")
    print(f"{folder / 'tables.md'}, {folder / 'comparison.svg'}")


if __name__ == "__main__":
    main()
