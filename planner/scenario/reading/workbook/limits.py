"""What a workbook may be, seen before it is read: a zip file of plain sheets that fit into memory.

Imported by the process that reads workbooks, which must start at once: nothing but the standard library here.
"""

import re
import zipfile
from pathlib import Path

LARGEST_FILE = 200_000_000  # bytes
MAXIMUM_PARTS = 10_000  # files in the zip file; a workbook of a scenario has about a hundred
LARGEST_UNPACKED = 1_000_000_000  # bytes, of all parts together
MAXIMUM_ROWS, MAXIMUM_COLUMNS = 1_048_576, 16_384  # of a sheet; more cannot be in a real one
MAXIMUM_CELLS = 20_000_000  # of all sheets together, blanks between filled ones included
MAXIMUM_TEXT = 400_000_000  # letters in all cells together: one text may stand in many
MEMORY = 4_000_000_000  # bytes for the process that reads
SECONDS = 300.0  # after which it is stopped

CHUNK = 1 << 20
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
NESTED = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".ods", ".jar", ".7z", ".gz", ".rar")


class RefusedError(Exception):
    """The workbook is not read; says why, and what to do. `code` is the kind of problem."""

    def __init__(self, reason: str, *, code: str = "workbook") -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


def open_zip(path: Path) -> zipfile.ZipFile:
    """The workbook as a zip file; RefusedError where it is none."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedError("is protected by a password, or an old .xls file: save it as a plain .xlsx file")
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        raise RefusedError("is no Excel workbook, or a damaged one: save it again as .xlsx") from None


def expect_harmless(book: zipfile.ZipFile) -> None:
    """The list of parts names nothing that a table of figures does not need, and not too much of it."""
    parts = book.infolist()
    if len(parts) > MAXIMUM_PARTS:
        raise RefusedError(f"has more than {MAXIMUM_PARTS:,} parts", code="too_large")
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise RefusedError(f"unpacks to more than {LARGEST_UNPACKED:,} bytes", code="too_large")
    names = [part.filename.replace("\\", "/").lower().lstrip("/") for part in parts]
    if "xl/workbook.xml" not in names:
        raise RefusedError("is no .xlsx workbook: save it as .xlsx")
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedError("is protected by a password: save it without one")
    for name in names:
        _expect_plain(name)


def _expect_plain(name: str) -> None:
    if name.endswith("vbaproject.bin") or name.startswith(("xl/macrosheets/", "xl/dialogsheets/")):
        raise RefusedError("holds macros, which are not read: save it as .xlsx, without macros")
    if name.startswith(("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")) or name.endswith(NESTED):
        raise RefusedError("holds other files or controls inside it: remove them, and save it again")


def expect_sizes(book: zipfile.ZipFile) -> None:
    """Every part unpacks to the size that the zip file says, and declares no XML entities."""
    for part in book.infolist():
        try:
            with book.open(part) as stream:
                first = stream.read(CHUNK)
                _expect_no_links(part.filename, first)
                if DOCTYPE.search(first[:4096]):
                    raise RefusedError("declares XML entities, as no spreadsheet program does")
                while stream.read(CHUNK):
                    pass
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
            raise RefusedError("is damaged: save it again as .xlsx") from error


def _expect_no_links(name: str, start: bytes) -> None:
    if not name.lower().startswith("xl/externallinks/") or name.lower().endswith(".rels"):
        return
    if b"ddeLink" in start:
        raise RefusedError("has a link that starts another program (DDE): remove it, and save it again")
    raise RefusedError(
        "has formulas that look into other files, whose figures may be out of date: break the links (Data, "
        "Edit Links, Break Link), and save it again"
    )
