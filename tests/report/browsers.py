"""A browser without a network, for what only a browser can say of a pack."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from planner.report.pdf import BROWSERS


def browser_place() -> str:
    """The Chromium of this machine; the test is skipped where there is none, or no playwright to drive it."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    return found


@contextmanager
def offline_browser() -> Iterator[Any]:
    """A browser; every page that it opens is without a network."""
    place = browser_place()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()
