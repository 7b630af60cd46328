"""The pack as PDF: what is said where it cannot be printed, and what it may replace."""

from pathlib import Path

import pytest

from planner.errors import OutputError
from planner.report import pdf
from planner.report.pdf import DATES, expect_pdf, write_pdf


def test_without_a_browser_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    with pytest.raises(OutputError, match=r"no browser to print a PDF with. Install Chromium .* write pack.html"):
        expect_pdf(tmp_path / "pack.pdf")


def test_a_browser_that_is_named_and_not_there_is_named_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "no-such-browser")
    with pytest.raises(OutputError, match="PLANNER_BROWSER = no-such-browser: there is no such program"):
        expect_pdf(tmp_path / "pack.pdf")


def test_a_browser_that_prints_nothing_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho out of memory >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv(pdf.VARIABLE, str(broken))
    with pytest.raises(OutputError, match="could not print the pack: out of memory"):
        write_pdf(tmp_path / "pack.pdf", "<!doctype html>")
    assert not (tmp_path / "pack.pdf").exists()


def test_a_pdf_replaces_nothing_but_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_text("Dear Sir")
    with pytest.raises(OutputError, match="is there already and is no PDF"):
        expect_pdf(tmp_path / "letter.pdf")


def test_a_date_is_replaced_by_one_of_its_length() -> None:
    found = b"/CreationDate (D:20261127130000+00'00') /ModDate (D:2026)"
    undated = DATES.sub(pdf._undated, found)
    assert undated == b"/CreationDate (D:20000101000000+00'00') /ModDate (D:2000)"
