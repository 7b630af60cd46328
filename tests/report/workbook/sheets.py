"""What stands in a workbook, read without a library for it: each cell's value, formula and type."""

import re
import shutil
import subprocess
from csv import reader
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it."""

    value: str
    formula: str = ""
    kind: str = "n"


def cells(workbook: Path) -> dict[str, dict[str, Cell]]:
    """Every cell of every sheet, by the sheet's name and the cell's."""
    with ZipFile(workbook) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{MAIN}sheet")]
        return {name: _cells(archive.read(f"xl/worksheets/sheet{number}.xml"))
                for number, name in enumerate(names, start=1)}


def _cells(text: bytes) -> dict[str, Cell]:
    found = {}
    for cell in ElementTree.fromstring(text).iter(f"{MAIN}c"):
        value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
        inline = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        found[cell.attrib["r"]] = Cell(inline or (value.text or "" if value is not None else ""),
                                       formula.text or "" if formula is not None else "", cell.attrib.get("t", "n"))
    return found


def recalculated(workbook: Path, folder: Path) -> dict[str, list[list[str]]]:
    """The rows of every sheet as LibreOffice calculates them from a copy without the figures of formulas."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed, so nothing recalculates the workbook")
    blank = folder / "blank.xlsx"
    with ZipFile(workbook) as old, ZipFile(blank, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            new.writestr(name, text)
    subprocess.run([OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ALL_SHEETS,
                    "--outdir", str(folder), str(blank)], check=True, capture_output=True, timeout=180)
    return {file.stem.removeprefix("blank-"): list(reader(file.open(encoding="utf-8")))
            for file in folder.glob("blank-*.csv")}
