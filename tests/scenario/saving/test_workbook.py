"""LibreOffice opens and recalculates what we write, and what it saves is the same scenario."""

import shutil
import subprocess
from pathlib import Path

import pytest

import planner
from planner.scenario.reading.workbook.book import Sheet, read_book
from planner.scenario.saving import workbook
from planner.scenario.saving.convert import write_template
from planner.scenario.saving.table_sheet import counted
from planner.scenario.schema import TABLES
from planner.scenario.starter import STARTER

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def saved_again(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it, every formula calculated."""
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECALCULATE)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "again"), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder / "again" / book.name


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "starter.xlsx", start=STARTER)


@needs_office
def test_libreoffice_opens_and_recalculates_the_template_and_saves_the_same_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "counted", lambda *given: (counted(*given)[0], 0))  # as if nothing were calculated
    again = saved_again(write_template(tmp_path / "starter.xlsx", start=STARTER), tmp_path)
    scenario = planner.load_scenario(again)
    assert rows_told(read_book(again, file="again")) == {name: len(scenario[name]) for name, table in TABLES.items() if table.planned}
    assert scenario.content_hash == planner.load_scenario(STARTER).content_hash


def rows_told(sheets: list[Sheet]) -> dict[str, int]:
    """The rows of each table, as the sheet of contents counts them."""
    return {row[0]: int(row[1]) for row in sheets[0].rows if len(row) > 1 and row[0] in TABLES and isinstance(row[1], int | float)}  # type: ignore[misc,index]


def test_contents_count_the_rows_of_each_table(template: Path) -> None:
    scenario = planner.load_scenario(STARTER)
    counts = rows_told(read_book(template, file="t"))
    assert counts == {name: len(scenario[name]) for name, table in TABLES.items() if table.planned}


def test_the_template_has_a_sheet_for_every_table_that_is_planned_with(template: Path) -> None:
    names = [sheet.name for sheet in read_book(template, file="t")]
    assert names[:2] == ["contents", "scenario"]
    assert names[2:] == [name for name, table in TABLES.items() if table.planned]


def test_every_column_has_its_meaning_above_it_and_an_example(template: Path) -> None:
    sheets = {sheet.name: sheet.rows for sheet in read_book(template, file="t")}
    _, meanings, units, examples, header = sheets["sourcing"][:5]
    assert header == [column.name for column in TABLES["sourcing"].columns]
    assert meanings == [column.meaning for column in TABLES["sourcing"].columns]
    assert (units[3], examples[3]) == ("currency per unit", "e.g. 27.5")
    assert sheets["sourcing"][5][:5] == ["frame", "arvo", "plant", 300.0, 1.0]
