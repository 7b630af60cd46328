"""Workbooks that would cost memory, run something or hide something are refused, each with a reason."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.scenario.load import check
from planner.scenario.reading.workbook import limits, texts
from planner.scenario.reading.workbook.limits import RefusedError, expect_harmless, open_zip
from planner.scenario.reading.workbook.scan import scan_sheets
from tests.scenario.reading.workbook.conftest import Book

Edit = Callable[[dict[str, bytes]], None]


@pytest.fixture
def edited(book: Book, tmp_path: Path) -> Callable[[Edit], Path]:
    """The bakery's workbook with its parts changed by hand."""

    def write(edit: Edit) -> Path:
        with zipfile.ZipFile(book()) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        edit(parts)
        path = tmp_path / "edited.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in parts.items():
                new.writestr(name, content)
        return path

    return write


def part(name: str, content: bytes = b"x") -> Edit:
    return lambda parts: parts.update({name: content})


def sheet(rows: bytes) -> Edit:
    """The last sheet with such rows."""
    text = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
    return lambda parts: parts.update({f"xl/worksheets/sheet{_last(parts)}.xml": text % rows})


def _last(parts: dict[str, bytes]) -> int:
    return sum(name.startswith("xl/worksheets/sheet") for name in parts)


def a_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as inner:
        inner.writestr("bomb", b"0" * 1000)
    return content.getvalue()


LINKED = b'<externalLink xmlns="x"><externalBook/></externalLink>'
DDE = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
VALUE = b"<v>1</v></c></row>"


@pytest.mark.parametrize(("edit", "reason"), [
    (part("xl/vbaProject.bin"), "holds macros, which are not read: save it as .xlsx, without macros"),
    (part("xl/macrosheets/sheet1.xml"), "holds macros, which are not read: save it as .xlsx, without macros"),
    (part("xl/externalLinks/externalLink1.xml", LINKED), "has formulas that look into other files, whose figures may be out of date: break "
     "the links (Data, Edit Links, Break Link), and save it again"),
    (part("xl/externalLinks/externalLink1.xml", DDE), "has a link that starts another program (DDE): remove it, and save it again"),
    (sheet(b'<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A0</f>' + VALUE), "has a formula that starts another program (DDE): remove it, and save "
     "it again"),
    (part("xl/embeddings/oleObject1.bin"), "holds other files or controls inside it: remove them, and save it again"),
    (part("xl/media/inner.zip", a_zip()), "holds other files or controls inside it: remove them, and save it again"),
    (part("xl/theme/theme1.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>'), "declares XML entities, as no spreadsheet program does"),
    (sheet(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576">' + VALUE),
     "has more than 20,000,000 cells: the sheet lanes reaches to cell XFD1048576. Delete what stands far away from the table"),
    (sheet(b'<row r="1"><c r="XFE1">' + VALUE), "has a cell beyond row 1,048,576 or column XFD, as no sheet has"),
    (sheet(b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 10_000_001, 1_000_000))),
     "has a cell beyond row 1,048,576 or column XFD, as no sheet has"),
    (sheet(b"<row><c><v>1</v></c></row>" * 1_100_000), "has a cell beyond row 1,048,576 or column XFD, as no sheet has"),
    (sheet(b'<row r="1">' + b" " * (70 << 20)), "has a row that is too long to be one"),
    (lambda parts: parts.pop("xl/workbook.xml"), "is no .xlsx workbook: save it as .xlsx"),
    (part("xl/workbook.xml", b"<workbook"), "is damaged: save it again as .xlsx"),
    (part("xl/_rels/workbook.xml.rels", b"<x"), "is damaged: save it again as .xlsx"),
], ids=range(16))
def test_a_workbook_that_is_more_than_tables_is_refused(edited: Callable[[Edit], Path], edit: Edit, reason: str) -> None:
    tracemalloc.start()
    assert [str(problem) for problem in check(edited(edit))] == [f"edited.xlsx: {reason}"]
    tracemalloc.stop()


def test_a_stray_format_far_away_costs_nothing_and_is_no_cell(edited: Callable[[Edit], Path]) -> None:
    def far(parts: dict[str, bytes]) -> None:
        name = f"xl/worksheets/sheet{_last(parts)}.xml"
        parts[name] = parts[name].replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')

    assert check(edited(far)) == []


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(edited: Callable[[Edit], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 1_000_000)
    with open_zip(edited(part("xl/media/image1.png", b"\0" * 1_000_000))) as opened, pytest.raises(RefusedError, match="unpacks to more than 1,000,000 bytes"):
        expect_harmless(opened)
    monkeypatch.setattr(limits, "MAXIMUM_PARTS", 10)
    with open_zip(edited(part("more"))) as opened, pytest.raises(RefusedError, match="has more than 10 parts"):
        expect_harmless(opened)


def test_one_long_text_that_many_cells_name_is_refused_before_it_is_repeated(edited: Callable[[Edit], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def bomb(parts: dict[str, bytes]) -> None:
        sheet(b"".join(b'<row r="%d"><c r="A%d" t="s"><v>1</v></c></row>' % (row, row) for row in range(1, 1001)))(parts)
        parts["xl/sharedStrings.xml"] = b"<sst><si><t>short</t></si><si><t>%b</t></si></sst>" % (b"long" * 250)

    monkeypatch.setattr(texts, "MAXIMUM_TEXT", 1_000_000)  # 1,000 cells x (1,000 letters and tags)
    with open_zip(edited(bomb)) as opened:
        with pytest.raises(RefusedError, match="has texts of more than 1,000,000 letters together"):
            scan_sheets(opened)
        monkeypatch.setattr(texts, "MAXIMUM_TEXT", 1_100_000)
        assert list(scan_sheets(opened))


def test_a_size_that_is_a_lie_is_found(book: Book, tmp_path: Path) -> None:
    with zipfile.ZipFile(book()) as old, zipfile.ZipFile(tmp_path / "lie.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/media/image1.png", b"\0" * 5_000_000)
        new.filelist[-1].file_size = 10
    assert [str(problem) for problem in check(tmp_path / "lie.xlsx")] == ["lie.xlsx: is damaged: save it again as .xlsx"]


@pytest.mark.parametrize(("content", "reason"), [
    (b"item,quantity\n", "is no Excel workbook, or a damaged one: save it again as .xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is protected by a password, or an old .xls file: save it as a plain .xlsx file"),
    (b"PK\x03\x04", "is no Excel workbook, or a damaged one: save it again as .xlsx"),
    (a_zip(), "is no .xlsx workbook: save it as .xlsx"),
    (b"", "is no Excel workbook, or a damaged one: save it again as .xlsx"),
])
def test_what_is_no_workbook_says_so(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "b.xlsx").write_bytes(content)
    assert [str(problem) for problem in check(tmp_path / "b.xlsx")] == [f"b.xlsx: {reason}"]


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".xlsb", ".ods"])
def test_workbooks_of_other_kinds_are_to_be_saved_as_xlsx(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"b{suffix}").write_bytes(b"x")
    assert [str(problem) for problem in check(tmp_path / f"b{suffix}")] == [
        f"b{suffix}: {suffix} files are not read: save it as an .xlsx workbook"
    ]
