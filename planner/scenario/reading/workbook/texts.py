"""How much text the cells of a workbook name: one long text may be named by a million cells.

Imported by the process that reads workbooks, which must start at once: nothing but the standard library here.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator

from planner.scenario.reading.workbook.limits import CHUNK, MAXIMUM_TEXT, RefusedError

SHARED = "xl/sharedstrings.xml"
LONGEST_PIECE = 64 << 20  # bytes; a cell holds 32,767 letters
END = b"</si>"
SHARED_TEXT = re.compile(rb"\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<")


def expect_little_text(book: zipfile.ZipFile, sheets: Iterable[str], *, cells: int) -> None:
    """The texts that cells of the sheets name are not too long together; RefusedError where they are."""
    lengths = [len(text) for text in _shared(book)]
    if cells * max(lengths, default=0) <= MAXIMUM_TEXT:
        return
    total = 0
    for sheet in sheets:
        for block in _pieces(book, sheet, b"</row>"):
            total += sum(lengths[at] for at in map(int, SHARED_TEXT.findall(block)) if at < len(lengths))
            if total > MAXIMUM_TEXT:
                reason = f"has texts of more than {MAXIMUM_TEXT:,} letters together"
                raise RefusedError(reason, code="too_large")


def _shared(book: zipfile.ZipFile) -> Iterator[bytes]:
    """The texts that cells name by number."""
    part = next((name for name in book.namelist() if name.lower() == SHARED), None)
    for block in _pieces(book, part, END) if part else ():
        yield from block.split(END)[:-1]


def _pieces(book: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """The part in pieces, each of which ends with that tag."""
    pending = b""
    with book.open(part) as stream:
        while chunk := stream.read(CHUNK):
            whole, tag, pending = (pending + chunk).rpartition(end)
            yield whole + tag
            if len(pending) > LONGEST_PIECE:
                raise RefusedError("has a text or a row that is too long to be one", code="too_large")
    yield pending
