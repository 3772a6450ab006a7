"""Every kind of page: an audit of accessibility, light and dark, wide, on a phone, and in print."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainrule.records.checked import CheckedCause, CheckedRepair, CheckedTensor
from chainrule.records.figures import CurvesFigure
from chainrule.records.inferences import CandidateOdds, InferredUnknown, RecipeInference
from chainrule.records.runs import ResultRow, Results
from chainrule.report.page import run_page
from chainrule.report.run import Run
from support import halved
from support.computations import checked_file
from support.runs import example_curves

EMPTY = Results(rows=[], claims=[], input_means=[], environment={})
LONG = "a_name_that_a_phone_cannot_show_in_one_line_" * 2
CAUSE = CheckedCause(
    name="wrong-sign", tensors=["W1", "b1"], sure=0.98, evidence="line 2, W1: minus", repair="take the minus away",
    place=f"{LONG}.py, line 2", text="dW = -G", code=["G = P - Y", f"dW = -G  # {LONG}"], first=1, number=2,
)  # fmt: skip
PATCH = f"--- a.py\n+++ a.py, repaired\n@@ -1,2 +1,2 @@\n G = P - Y\n-dW = -G\n+dW = G  # {LONG}\n"
TENSORS = [
    CheckedTensor(
        name=name, shape=[50, 3072], verdict=verdict, difference=1.5e-7, largest=2e-6, zero=False, checked=15,
        kinks=0, coverage="",
    )
    for name, verdict in (("grad_W1", "wrong"), ("grad_b1", "right"))
]  # fmt: skip
WRONG = checked_file(f"{LONG}.py").model_copy(
    update={
        "causes": [CAUSE],
        "tensors": TENSORS,
        "scheme": "complex step",
        "notes": ["assumed X (d, N)"],
        "repairs": [CheckedRepair(headline="repair: verified at 9 points", patch=PATCH)],
    }
)
RIGHT = checked_file("a.py").model_copy(update={"outcome": "right", "headline": "the gradient is right"})
LOST = RIGHT.model_copy(
    update={
        "outcome": "did not run",
        "headline": "c.py: no cost; say which",
        "computation": None,
        "file": "c.py",
    }
)


def trained(*names: str) -> Results:
    """Settings about which nothing is published."""
    rows = [
        ResultRow(
            recipe="linear", name=name, setting={}, metric="test_accuracy", published=None, published_decimals=None,
            values=[0.5], mean=0.5 + i / 10, low=0.4, high=0.9, verdict=None, inferred=[], diverged=[],
        )
        for i, name in enumerate(names)
    ]  # fmt: skip
    return Results(rows=rows, claims=[], input_means=[], environment={})


def curves() -> CurvesFigure:
    figure = example_curves("linear")
    first, *_ = figure.rows
    return figure.model_copy(
        update={"rows": [first.model_copy(update={"row": f"{LONG} {i}"}) for i in range(3)]}
    )


def unsaid() -> RecipeInference:
    """A setting of which nothing is printed, and candidates for it."""
    odds = [
        CandidateOdds(name=name, share=0.5, log_odds=odds, low=odds - 3, high=odds + 1)
        for name, odds in (("normal, deviation 0.01", 0.0), (LONG, -9.0))
    ]
    unknown = InferredUnknown(
        name="learning_rate.decay_per_epoch", rows=["a"], crossed_with=[], candidates=odds, sentence=LONG
    )
    return RecipeInference(
        recipe="linear",
        title="One layer",
        unknowns=[unknown],
        tried=[],
        unexplained=[],
        not_tried={"val": "why"},
    )


KINDS = {
    "unsaid": Run(Path("i"), None, EMPTY, (), inferences=(unsaid(),)),
    "search": Run(Path("s"), None, EMPTY, (), search=halved.results()),
    "file": Run(Path("c"), None, EMPTY, (), files=(WRONG,)),
    "right": Run(Path("c"), None, EMPTY, (), files=(RIGHT,)),
    "folder": Run(Path("f"), None, EMPTY, (), files=(RIGHT, WRONG, LOST)),
    "demo": Run(Path("d"), None, trained("one", LONG), (curves(),), files=(WRONG,)),
    "history": Run(Path("h"), None, EMPTY, (curves(),), notes=("taken for loss: kostnad",)),
}
BEYOND = """[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.scroll, pre, .skip')).map(one => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_accessible_and_fits_wherever_it_is_shown(opened, tmp_path, kind):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = tmp_path / "report.html"
    path.write_text(run_page(KINDS[kind]))
    page = opened(path, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for scheme, width in (("light", 1200), ("dark", 390)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.wait_for_function(f"{BEYOND}.length === 0")
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.said == []


def test_a_picture_wider_than_the_screen_moves_in_its_own_box_and_says_so(opened, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(run_page(KINDS["file"]))
    page = opened(path)
    hint, box = page.locator(".sideways"), page.locator(".scroll:has(.computation)")
    for width, moves in ((1200, False), (800, False), (390, True)):
        page.set_viewport_size({"width": width, "height": 800})
        assert hint.is_visible() == moves
        assert box.evaluate("one => one.scrollWidth > one.clientWidth") == moves
        assert page.evaluate("document.documentElement.scrollWidth") <= width
