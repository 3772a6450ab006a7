"""The page as a reader meets it, in a real browser with the network cut."""

from __future__ import annotations

import re

import pytest

from chainrule.records.checked import CheckedCause
from chainrule.records.figures import Band, CurvesFigure, RowCurves
from chainrule.records.runs import Results
from chainrule.report.page import run_page
from chainrule.report.run import Run
from support.computations import checked_file, computation

LINES = ".mark-line path"
UNFOLD = "document.querySelectorAll('details').forEach(details => details.open = true)"


def lines(page, chart: int = 0) -> int:
    """Lines that a chart shows."""
    return page.locator(".plot").nth(chart).locator(LINES).count()


@pytest.fixture(params=["page_of_run", "page_of_comparison"])
def path(request):
    return request.getfixturevalue(request.param)


def test_every_chart_is_drawn_and_nothing_is_fetched_or_complained_about(opened, path):
    page = opened(path)
    page.evaluate(UNFOLD)
    assert page.said == []
    plots = page.locator(".plot")
    assert plots.count() > 4
    assert page.evaluate("document.documentElement.dataset.drawn") == str(plots.count())
    for i in range(plots.count()):
        assert plots.nth(i).locator("svg").bounding_box()["width"] > 200
        marks = ".mark-line path, .mark-rect path, .mark-symbol path"
        assert plots.nth(i).locator(marks).count() > 0


def test_hover_shows_values(opened, page_of_run):
    page = opened(page_of_run)
    plot = page.locator(".plot").first
    plot.scroll_into_view_if_needed()
    plot.locator("svg").hover(position={"x": 250, "y": 100})
    page.wait_for_selector("#vg-tooltip-element.visible", timeout=5000)
    text = page.locator("#vg-tooltip-element").inner_text()
    for word in ("setting", "epoch", "split", "mean", "smallest", "largest"):
        assert word in text
    assert "undefined" not in text
    assert "rate 0.1" in text or "rate 0.01, <b>bold</b>" in text
    assert "train" in text or "validation" in text
    # Whatever a setting is called, it is text.
    assert page.locator("#vg-tooltip-element b").count() == 0


def test_hover_shows_values_in_every_chart(opened, page_of_run):
    page = opened(page_of_run)
    for folded in page.locator("details.charts > summary").all():
        folded.click()
    plots = page.locator(".plot")
    for i in range(plots.count()):
        plots.nth(i).scroll_into_view_if_needed()
        box = (
            plots.nth(i).locator(".mark-symbol.role-mark path, .mark-rect.role-mark path").last.bounding_box()
        )
        # The last points stand on the frame: a little to their left.
        x, y = box["x"] + box["width"] / 2 - 4, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.move(x + 1, y)
        page.wait_for_selector("#vg-tooltip-element.visible", timeout=5000)
        assert not re.search("undefined|null|NaN", page.locator("#vg-tooltip-element").inner_text())
        page.mouse.move(0, 0)
        page.wait_for_selector("#vg-tooltip-element.visible", state="detached", timeout=5000)


def test_a_click_on_a_name_hides_its_lines_in_every_chart(opened, page_of_run):
    page = opened(page_of_run)
    key, other = (page.locator(".group").first.locator(".key").nth(i) for i in range(2))
    before = [lines(page, chart) for chart in range(4)]
    assert before == [4, 4, 4, 2]
    key.click()
    page.wait_for_function(f"document.querySelectorAll('.plot')[3].querySelectorAll('{LINES}').length === 1")
    assert [lines(page, chart) for chart in range(4)] == [2, 2, 2, 1]
    assert key.get_attribute("aria-pressed") == "false"
    other.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.plot')[3].querySelectorAll('{LINES}').length === 0")
    page.locator(".every").first.click()
    page.wait_for_function(f"document.querySelectorAll('.plot')[3].querySelectorAll('{LINES}').length === 2")
    page.locator(".none").first.click()
    page.wait_for_function(f"document.querySelectorAll('.plot')[0].querySelectorAll('{LINES}').length === 0")
    assert key.get_attribute("aria-pressed") == "false"
    page.locator(".every").first.click()
    page.wait_for_function(f"document.querySelectorAll('.plot')[3].querySelectorAll('{LINES}').length === 2")
    assert [lines(page, chart) for chart in range(4)] == before
    assert page.said == []


def test_lines_are_as_wide_as_the_legend_says(opened, tmp_path):
    rows = [
        RowCurves(
            row=f"setting {i}", seeds=1, epoch=[0, 1], learning_rate=[],
            curves={"train_loss": Band(mean=[1.0, i], low=[1.0, i], high=[1.0, i])},
        )
        for i in range(1, 10)
    ]  # fmt: skip
    results = Results(rows=[], claims=[], input_means=[], environment={})
    # One setting needs no legend.
    for count in (1, 2, 9):
        figure = CurvesFigure(recipe="r", title="t", rows=rows[:count])
        (tmp_path / "p.html").write_text(run_page(Run(tmp_path, None, results, (figure,))))
        page = opened(tmp_path / "p.html")
        drawn = page.locator(f".group {LINES}").evaluate_all(
            "lines => lines.map(line => [line.getAttribute('stroke'), line.getAttribute('stroke-width') + 'px'])"
        )
        told = page.locator(".key").evaluate_all(
            "keys => keys.map(key => ['--swatch', '--thick'].map(name => key.style.getPropertyValue(name).trim()))"
        )
        assert (drawn if count > 1 else []) == told
        assert len(set(map(tuple, told))) == (count if count > 1 else 0)


def ticks(page) -> list[str]:
    return page.locator(".plot").first.locator(".role-axis-label").first.locator("text").all_text_contents()


def test_epochs_can_be_chosen_by_keyboard_and_wheel(opened, page_of_run):
    page = opened(page_of_run)
    before = ticks(page)
    page.locator(".first").first.fill("2")
    page.locator(".last").first.fill("4")
    page.wait_for_function(
        "before => [...document.querySelector('.plot .role-axis-label').querySelectorAll('text')]"
        ".map(t => t.textContent).join() !== before",
        arg=",".join(before),
    )
    assert {float(tick) for tick in ticks(page)} <= {2, 2.5, 3, 3.5, 4}
    page.locator(".first").first.fill("")
    page.locator(".last").first.fill("")
    page.locator(".plot").first.scroll_into_view_if_needed()
    page.locator(".plot").first.locator("svg").hover(position={"x": 250, "y": 100})
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Shift")
    page.wait_for_function(
        "before => [...document.querySelector('.plot .role-axis-label').querySelectorAll('text')]"
        ".map(t => t.textContent).join() !== before",
        arg=",".join(before),
    )


def test_dark_mode_turns_paper_and_ink_of_page_and_charts(opened, page_of_run):
    colours = {}
    for scheme in ("light", "dark"):
        page = opened(page_of_run, color_scheme=scheme)
        colours[scheme] = page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,"
            " getComputedStyle(document.querySelector('.plot .role-axis-label text')).fill,"
            " getComputedStyle(document.querySelector('.plot .mark-line path')).stroke]"
        )
        assert colours[scheme][1] == colours[scheme][2]
    assert all(light != dark for light, dark in zip(colours["light"], colours["dark"], strict=True))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == colours["light"][0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_and_nothing_scrolls_sideways(opened, path, scheme):
    page = opened(path, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page.evaluate(UNFOLD)
    # Names and paths without a space, as folders have them.
    page.evaluate(
        f"document.querySelectorAll('th[scope=row], td:not(.number)')[1].textContent = '{'x' * 80}'"
    )
    page.evaluate(f"document.querySelector('.fit th[scope=row], th[scope=row]').textContent = '{'y' * 80}'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 390, "height": 800})
    beyond = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1"
        " && !one.closest('.scroll')).map(one => one.outerHTML.slice(0, 80))"
    )
    assert beyond == []


def test_counts_of_answers_stand_in_one_line(opened, page_of_run):
    page = opened(page_of_run, viewport={"width": 1400, "height": 900})
    page.evaluate(UNFOLD)
    page.evaluate("document.querySelectorAll('.confusion tbody td').forEach(one => one.textContent = '1234')")
    heights = page.evaluate(
        "[...document.querySelectorAll('.confusion tbody tr')].map(one => one.getBoundingClientRect().height)"
    )
    assert max(heights) < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 1400


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_audit_of_accessibility_finds_nothing_serious(opened, path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(path, color_scheme=scheme, bypass_csp=True)
    page.evaluate(UNFOLD)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_it_prints(opened, page_of_run):
    page = opened(page_of_run, viewport={"width": 700, "height": 900})
    page.emulate_media(media="print")
    cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.verdict')).printColorAdjust") == "exact"
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.evaluate("[...document.querySelectorAll('details')].every(details => details.open)")


def test_markup_in_names_is_text(opened, page_of_run):
    page = opened(page_of_run)
    assert page.locator("main b, main i, main script, header script").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#linear").inner_text()


OVERFLOWING = """[...document.querySelectorAll('.computation .box')].filter(box => {
  const frame = box.querySelector('rect').getBoundingClientRect();
  return [...box.querySelectorAll('text')].some(text => {
    const own = text.getBoundingClientRect();
    return own.left < frame.left || own.right > frame.right || own.top < frame.top || own.bottom > frame.bottom;
  });
}).length"""
"""How many boxes hold text that does not fit into them."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_the_picture_of_a_computation_fits_and_can_be_read(browser, tmp_path, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    wide = computation(
        name="a_long_name" * 9, text="x" * 99, shapes=[[10, 20, 30, 40], [1, 2, 3, 4]], turns=9, turn=3
    )
    files = (checked_file("plain.py"), checked_file("wide.py", wide))
    run = Run(tmp_path, None, Results(rows=[], claims=[], input_means=[], environment={}), (), files=files)
    path = tmp_path / "report.html"
    path.write_text(run_page(run))
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.goto(path.as_uri())
    assert page.locator(".computation .box").count() == 14
    assert page.evaluate(OVERFLOWING) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    page.close()


def test_the_list_of_programs_is_sorted_and_filtered(browser, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    cause = CheckedCause(
        name="wrong-sign", tensors=["W"], sure=1.0, evidence="", repair="", place="b.py, line 2", text="dW = -G",
        code=["G = P - Y", "dW = -G  # <b>"], first=1, number=2,
    )  # fmt: skip
    right = checked_file("a.py").model_copy(update={"outcome": "right"})
    wrong = checked_file("b.py").model_copy(update={"causes": [cause]})
    empty = Results(rows=[], claims=[], input_means=[], environment={})
    path = tmp_path / "report.html"
    path.write_text(run_page(Run(tmp_path, None, empty, (), files=(right, wrong))))
    page = browser.new_page(viewport={"width": 390, "height": 800}, bypass_csp=True)
    page.goto(path.as_uri())
    shown = page.locator(".listed tbody tr:visible th")
    assert shown.all_inner_texts() == ["b.py", "a.py"]
    page.get_by_role("button", name="program").click()
    assert shown.all_inner_texts() == ["a.py", "b.py"]
    page.get_by_label("only rows that contain").fill("SIGN wrong")
    assert shown.all_inner_texts() == ["b.py"]
    assert page.locator(".code mark").inner_text() == "   2  dW = -G  # <b>"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    page.close()
