"""What ``take.py`` wrote, as Markdown with a column for each processor, and as a figure.

    python benchmarks/training/page.py FILE ... [--into docs/performance.md] [--figure comparison.svg]

Prints the tables of these results; with ``--into`` it puts them between the two marks in a page instead.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

if __package__:
    from benchmarks.training import asked
else:
    import asked

BEGIN, END = "<!-- printed by benchmarks/training/page.py -->", "<!-- end of what it printed -->"
PEERS = ("JAX", "PyTorch", "scikit-learn")
Document = Mapping[str, Any]


def markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(documents: Sequence[Document]) -> str:
    """All of them, from the files' contents."""
    if not documents:
        return asked_table([]) + "\n\nNo run at rest is kept yet: `make bench` makes one, on any processor."
    parts = [asked_table(documents), *(about(document) for document in documents), predictions(documents)]
    parts.append(times_to_loss(documents))
    parts += along_axes(documents)
    parts += [everybody(document) for document in documents]
    return "\n\n".join(part for part in parts if part)


def found(document: Document) -> dict[str, Any]:
    """What was measured, by row."""
    return {name: row["found"] for name, row in document["rows"].items()}


def name_of(document: Document) -> str:
    """The processor's, with what is asked of it by."""
    machine = document["machine"]
    vectors = "AVX-512" if machine["avx512"] else "AVX2"
    return f"{machine['processor']} (family {machine['family']}, {vectors})"


def asked_table(documents: Sequence[Document]) -> str:
    """What is asked for, beside what each processor gave; a cell stays empty where that was not taken."""
    taken = [found(document) for document in documents]
    body = [
        (
            row.what,
            asked.demand(row.least, row.unit),
            asked.demand(row.aim, row.unit),
            *(asked.answered(row, one) for one in taken),
        )
        for row in asked.ROWS
    ]
    return markdown(("", "at least", "aim", *map(name_of, documents)), body)


def about(document: Document) -> str:
    """On what and when a run was made, in a sentence."""
    machine, hows = document["machine"], [row["how"] for row in document["rows"].values()]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    commits = sorted({how["commit"][:8] for how in hows})
    starts = sorted({how["start"][:8] for how in hows if how["start"]})
    repetitions, days = min(how["repetitions"] for how in hows), sorted({how["at"][:10] for how in hows})
    return (
        f"{name_of(document)}: {machine['cores']} cores, {machine['system'].partition('-')[0]}, Python "
        f"{machine['python']}, {versions}. Commit {', '.join(commits)}; start: {', '.join(starts) or 'none'}. "
        f"{' and '.join(days)}, {repetitions} repetitions or more; load before a row at most "
        f"{max(how['load'] for how in hows):g}, this run's own rows included."
    )


def predictions(documents: Sequence[Document]) -> str:
    """From the start of a process to a trained net's predictions."""
    taken = [
        (document, found(document)["prediction"]) for document in documents if "prediction" in found(document)
    ]
    if not taken:
        return ""
    names = list(dict.fromkeys(name for _, one in taken for name in one))
    body = [
        (name_of(document), *(_seconds(one[name]) if name in one else "" for name in names))
        for document, one in taken
    ]
    return markdown(("seconds from the start of a process to predictions (processor time)", *names), body)


def _seconds(spent: Mapping[str, Sequence[float]]) -> str:
    return f"{asked.median(spent, 'wall'):.2f} ({asked.median(spent, 'cpu'):.2f})"


def times_to_loss(documents: Sequence[Document]) -> str:
    """Until the validation loss that chainrule and scikit-learn both reach, a line a data set."""
    body = [
        (f"{name}, {who}", f"{one['loss']:.3f}", f"{one['chainrule']:.2f}", f"{one['scikit-learn']:.2f}")
        for who, taken in ((name_of(document), found(document)) for document in documents)
        for name, one in taken.get("time to loss", {}).items()
    ]
    head = ("seconds to the same validation loss", "loss", "chainrule", "scikit-learn's MLPClassifier")
    return markdown(head, body) if body else ""


def along_axes(documents: Sequence[Document]) -> list[str]:
    """A table an axis, a line a processor."""
    lines: dict[str, list[tuple[str, Mapping[str, float]]]] = {}
    for document in documents:
        for row in ("axes", "sweeps"):
            for name, cases in found(document).get(row, {}).items():
                lines.setdefault(name, []).append((name_of(document), cases))
    parts = []
    for name, taken in lines.items():
        values = list(dict.fromkeys(value for _, cases in taken for value in cases))
        body = [
            (who, *(_microseconds(cases[v]) if v in cases else "" for v in values)) for who, cases in taken
        ]
        parts.append(markdown((f"us of one net's step: {name}", *values), body))
    return parts


def _microseconds(time: float) -> str:
    """Three digits, as far as they lie behind the point."""
    return f"{time:.{max(0, 2 - math.floor(math.log10(time)))}f}"


def contests(document: Document) -> list[dict[str, Any]]:
    """Those that all took part in."""
    return [one for one in found(document).values() if isinstance(one, dict) and "contenders" in one]


def everybody(document: Document) -> str:
    """Everybody's best form in microseconds of one net's step, and with evaluation in parentheses."""
    whole = [
        one
        for one in contests(document)
        if {c["library"] for c in one["contenders"]} >= {"chainrule", "PyTorch"}
    ]
    if not whole:
        return ""
    body = []
    for one in sorted(whole, key=lambda one: (-one["widths"][0], one["flop"], one["nets"])):
        ours = asked.best(one, "chainrule")
        share, memory = 1e6 * one["flop"] / ours / one["peak"], _memory(one) / 2**20
        cells = (_both(one, library) for library in ("chainrule", *PEERS))
        body.append((one["name"], str(one["nets"]), *cells, f"{share:.2f}", f"{memory:.0f}"))
    head = (name_of(document), "nets", "chainrule", *PEERS, "of peak", "MiB")
    return markdown(head, body)


def _both(one: Mapping[str, Any], library: str) -> str:
    try:
        return f"{asked.best(one, library):.0f} ({asked.best(one, library, 'epochs'):.0f})"
    except KeyError:
        return "-"


def _memory(one: Mapping[str, Any]) -> float:
    return float(min(c["memory"] for c in one["contenders"] if c["library"] == "chainrule"))


def put(page: str, text: str) -> str:
    """A page with this between the marks.

    Raises:
        ValueError: it has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no {BEGIN} before {END}")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def figure(document: Document, path: Path) -> None:
    """Each library's best form as a multiple of our time, a row a work."""
    import altair as alt

    values = []
    for one in contests(document):
        nets = "one net" if one["nets"] == 1 else f"sweep of {one['nets']}"
        for library in PEERS:
            if any(c["library"] == library for c in one["contenders"]):
                ratio = asked.best(one, library) / asked.best(one, "chainrule")
                values.append({"work": f"{one['name']}, {nets}", "library": library, "ratio": ratio})
    order = list(dict.fromkeys(value["work"] for value in values))
    base = alt.Chart(alt.InlineData(values=values), width=420)
    colours = alt.Scale(range=["#0072b2", "#d55e00", "#009e73"])
    points = base.mark_point(filled=True, size=70).encode(
        x=alt.X(
            "ratio:Q", scale=alt.Scale(type="log"), title="time of the library's best form, x chainrule's"
        ),
        y=alt.Y("work:N", sort=order, title=None, axis=alt.Axis(labelLimit=360)),
        color=alt.Color("library:N", scale=colours, title=None),
        shape=alt.Shape("library:N", title=None),
    )
    line = alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_rule(strokeDash=[4, 4]).encode(x="x:Q")
    # Browsers have wider letters than the widths are counted by.
    alt.layer(line, points).properties(padding={"left": 30, "right": 30, "top": 5, "bottom": 5}).save(path)


def read(files: Iterable[Path]) -> list[Document]:
    """Contents of files, in the order of processors' names."""
    return sorted((json.loads(file.read_text()) for file in files), key=name_of)


def main() -> None:
    """Read, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--into", type=Path, help="a page with marks")
    parser.add_argument("--figure", type=Path, help="of the first processor")
    options = parser.parse_args()
    documents = read(options.files)
    if options.into:
        options.into.write_text(put(options.into.read_text(), tables(documents)))
    else:
        print(tables(documents))
    if options.figure and documents:
        figure(documents[0], options.figure)


if __name__ == "__main__":
    main()
