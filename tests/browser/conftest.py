"""Chromium without a network; where it is not installed these tests are skipped with a word."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chainrule.report.compare import compare
from chainrule.report.page import comparison_page, run_page
from chainrule.report.run import open_run
from support.runs import example_run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRAWN_MS = 60_000
LONG = "reproduce-a-name-that-a-phone-cannot-show-in-one-line"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium; install the package chromium to run the tests of the page")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as manager:
        # Tests may run as root, where Chromium has no sandbox.
        chromium = manager.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def page_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run with every kind of figure."""
    folder = example_run(tmp_path_factory.mktemp("page") / "a run")
    path = folder / "report.html"
    path.write_text(run_page(open_run(folder)))
    return path


@pytest.fixture(scope="session")
def page_of_comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of two runs."""
    root = tmp_path_factory.mktemp("comparison")
    runs = [
        open_run(example_run(root / name, shift, epochs=epochs))
        for name, shift, epochs in ((LONG, 0, 5), (f"{LONG}-other", 0.1, 6))
    ]
    path = root / "report.html"
    path.write_text(comparison_page(compare(runs)))
    return path


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page off line and waits until it is drawn; ``page.said`` collects what its console says."""
    contexts = []

    def open_page(path: Path, **options: Any) -> Any:
        context = browser.new_context(
            offline=True, **({"viewport": {"width": 1200, "height": 900}} | options)
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on(
            "request",
            lambda request: page.said.append(request.url) if request.url.startswith("http") else None,
        )
        page.goto(path.as_uri())
        if page.locator("#specs").count():
            page.wait_for_selector("html[data-drawn]", timeout=DRAWN_MS)
        return page

    yield open_page
    for context in contexts:
        context.close()
