"""A walk over the sheets of a workbook as they are packed, in flat memory, before they are read.

The reader of sheets lays out every cell between the first and the last filled one: a single cell at
XFD1048576 would take 550 GB. It also drops errors such as #N/A and formulas that nobody has calculated. Here
both are found.

Imported by the process that reads workbooks, which must start at once: nothing but the standard library here.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

from planner.scenario.reading.workbook.formats import percent_styles
from planner.scenario.reading.workbook.limits import (
    CHUNK,
    MAXIMUM_CELLS,
    MAXIMUM_COLUMNS,
    MAXIMUM_ROWS,
    RefusedError,
)
from planner.scenario.reading.workbook.texts import expect_little_text

LONGEST_ROW = 64 << 20  # bytes
_P = rb"(?:\w+:)?"  # some programs give every element a prefix
FILLED = re.compile(rb"<" + _P + rb"c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,9})[\"'][^>]*(?<!/)>")
PLACED = re.compile(rb"<" + _P + rb"c\s[^>]*?\br=")
ANY_CELL = re.compile(rb"<" + _P + rb"c[\s>/]")
ROW = re.compile(rb"<" + _P + rb"row[\s>]")
CELL = re.compile(rb"<" + _P + rb"c(?=[\s>/])([^>]*?)(?:/>|>(.*?)</" + _P + rb"c>)", re.DOTALL)
REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,9})[\"']")
ROW_NUMBER = re.compile(rb"^[^>]*?\br=[\"']([0-9]{1,9})[\"']")
IN_PERCENT = (
    rb"<(?:\w+:)?c\s(?=[^>]*\bs=[\"'](?:%b)[\"'])[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,9})[\"'][^>]*(?<!/)>"
)
ERROR = re.compile(rb"\bt=[\"']e[\"']")
TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")
FORMULA = re.compile(rb"<" + _P + rb"f[\s>/]")
FORMULA_TEXT = re.compile(rb"<" + _P + rb"f(?:\s[^>]*)?>(.*?)</" + _P + rb"f>", re.DOTALL)
VALUE = re.compile(rb"<" + _P + rb"v(?:\s[^>]*)?>(.*?)</" + _P + rb"v>", re.DOTALL)
QUOTED = re.compile(rb"\"[^\"]*\"|&quot;.*?&quot;")
UNCALCULATED = "=?"


@dataclass
class Scanned:
    """How far the filled cells of a sheet reach, and its cells that hold no value: errors, as they are shown,
    and formulas without a result. `texts` counts the cells that name a text of the workbook's list, and
    `percent` are the places of cells that are shown in percent.
    """

    rows: int = 0
    columns: int = 0
    texts: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: list[tuple[int, int]] = field(default_factory=list)


def scan_sheets(book: zipfile.ZipFile) -> dict[str, Scanned]:
    """Every sheet by its name; RefusedError where together they would take more cells than are read."""
    parts = dict(_parts(book))
    styles = percent_styles(book)
    in_percent = IN_PERCENT % b"|".join(sorted(style.encode() for style in styles)) if styles else b""
    sheets = {name: _scan(book, part, in_percent) for name, part in parts.items()}
    expect_little_text(book, parts.values(), cells=sum(sheet.texts for sheet in sheets.values()))
    if sum(sheet.rows * sheet.columns for sheet in sheets.values()) > MAXIMUM_CELLS:
        name, sheet = max(sheets.items(), key=lambda pair: pair[1].rows * pair[1].columns)
        raise RefusedError(
            f"has more than {MAXIMUM_CELLS:,} cells: the sheet {name} reaches to cell "
            f"{letters(sheet.columns)}{sheet.rows}. Delete what stands far away from the table",
            code="too_large",
        )
    return sheets


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of every sheet that is a table of cells."""
    names = {name.lower(): name for name in book.namelist()}
    try:
        related = {
            one.get("Id", ""): one.get("Target", "")
            for one in ElementTree.fromstring(book.read(names["xl/_rels/workbook.xml.rels"]))
        }
        listed = ElementTree.fromstring(book.read(names["xl/workbook.xml"]))
    except (ElementTree.ParseError, KeyError):
        raise RefusedError("is damaged: save it again as .xlsx") from None
    for sheet in listed.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = related.get(relation, "")
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if place.lower() in names and "chartsheets" not in place:
            yield sheet.get("name", ""), names[place.lower()]


def _scan(book: zipfile.ZipFile, part: str, in_percent: bytes) -> Scanned:
    scanned = Scanned()
    with book.open(part) as stream:
        for block in _blocks(stream):
            _measure(block, scanned)
            scanned.texts += block.count(b't="s"') + block.count(b"t='s'")
            if in_percent:
                cells = re.findall(in_percent, block)
                scanned.percent += [(int(row), column_number(name)) for name, row in cells]
            if ERROR.search(block) or FORMULA.search(block):
                _look_closely(block, scanned)
    return scanned


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The sheet in pieces of whole rows."""
    pending = b""
    while chunk := stream.read(CHUNK):
        pending += chunk
        end = pending.rfind(b"row>") + len(b"row>")
        if end >= len(b"row>"):
            yield pending[:end]
            pending = pending[end:]
        if len(pending) > LONGEST_ROW:
            raise RefusedError("has a row that is too long to be one", code="too_large")
    yield pending


def _measure(block: bytes, scanned: Scanned) -> None:
    """How far the block's filled cells reach."""
    cells = set(FILLED.findall(block))
    if len(ANY_CELL.findall(block)) > len(PLACED.findall(block)):  # some cells do not say where they are
        counts = [len(ANY_CELL.findall(row)) for row in ROW.split(block)]
        scanned.columns, scanned.rows = max(scanned.columns, *counts), scanned.rows + len(counts)
    if cells:
        scanned.columns = max(scanned.columns, *(column_number(name) for name in {name for name, _ in cells}))
        scanned.rows = max(scanned.rows, max(int(row) for _, row in cells))
    if scanned.rows > MAXIMUM_ROWS or scanned.columns > MAXIMUM_COLUMNS:
        raise RefusedError(
            f"has a cell beyond row {MAXIMUM_ROWS:,} or column {letters(MAXIMUM_COLUMNS)}, as no sheet has",
            code="too_large",
        )


def _look_closely(block: bytes, scanned: Scanned) -> None:
    """The cells of the block that hold no value are listed."""
    row = 0
    for part in ROW.split(block)[1:]:
        numbered = ROW_NUMBER.match(part)
        row, column = int(numbered[1]) if numbered else row + 1, 0
        for cell in CELL.finditer(part):
            attributes, body = cell[1], cell[2] or b""
            place = REFERENCE.search(attributes)
            column = column_number(place[1]) if place else column + 1
            fault = _fault(attributes, body)
            if fault:
                scanned.faults[row, column] = fault


def _fault(attributes: bytes, body: bytes) -> str:
    """What is wrong with the cell; empty where it holds a value."""
    value = VALUE.search(body)
    if ERROR.search(attributes):
        return value[1].decode(errors="replace") if value else "#VALUE!"
    if not FORMULA.search(body):
        return ""
    text = FORMULA_TEXT.search(body)
    if text and b"|" in QUOTED.sub(b"", text[1]):  # nothing else in a formula is written with a bar
        raise RefusedError("has a formula that starts another program (DDE): remove it, and save it again")
    has_result = value is not None and (value[1] or TEXT_RESULT.search(attributes))
    return "" if has_result else UNCALCULATED


def column_number(name: bytes) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def letters(number: int) -> str:
    """The letters of a column: A for 1, AA for 27."""
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
