"""The pack as Chromium shows and prints it, with the network off: whole at every width, in the dark and on paper,
and without anything that axe finds.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.report.pack import render_pack
from planner.report.pdf import write_pdf
from tests.report.browsers import browser_place, offline_browser
from tests.report.examples import example_plan

MAXIMUM_PAGES = 12
WIDTHS = (1400, 768, 390)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    browser_place()
    plans = [example_plan(), example_plan("Second shift", extra=0.12),
             example_plan("Outage", extra=-0.1, status="time_limit", gap=0.02)]
    path = tmp_path_factory.mktemp("pack") / "pack.html"
    path.write_text(render_pack(plans), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(place: Path) -> Iterator[Any]:
    with offline_browser() as opened:
        yield opened


def opened(browser: Any, place: Path, *, width: int = 1400, scheme: str = "light") -> tuple[Any, list[str]]:
    """The page, and everything that it has asked the network for."""
    page = browser.new_context(offline=True, viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    return page, asked


@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_without_a_network_and_never_scrolls_sideways(browser: Any, place: Path, width: int) -> None:
    page, asked = opened(browser, place, width=width)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("section").count() == 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, place: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: pip install -e .[dev]")
    page, _ = opened(browser, place, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    found = axe.Axe().run(page)
    assert [(wrong["id"], wrong["nodes"][0]["html"][:120]) for wrong in found.response["violations"]] == []


def test_in_the_dark_the_ground_is_dark_and_on_paper_it_is_white(browser: Any, place: Path) -> None:
    page, _ = opened(browser, place, scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(19, 26, 34)"
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_three_plans_are_at_most_twelve_pages_of_paper(place: Path, tmp_path: Path) -> None:
    write_pdf(tmp_path / "pack.pdf", place.read_text(encoding="utf-8"))
    printed = (tmp_path / "pack.pdf").read_bytes()
    pages = re.findall(rb"/Type ?/Page\b(?!s)", printed)
    assert 7 <= len(pages) <= MAXIMUM_PAGES  # a page for each chapter at least
    width, height = map(float, re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (297, 210)  # A4, landscape, in mm


def test_the_same_pack_is_the_same_pdf(place: Path, tmp_path: Path) -> None:
    text = place.read_text(encoding="utf-8")
    for name in ("one.pdf", "two.pdf"):
        write_pdf(tmp_path / name, text)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
