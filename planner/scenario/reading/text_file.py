"""Reading a file as text, or saying why it cannot be."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import Problem


class UnreadableError(Exception):
    """A file, or a part of it, cannot be read; carries the problem. Never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


LARGEST_TABLE = 2_000_000_000  # bytes
LONGEST_CELL = 100_000  # letters
WINDOWS = "cp1252"  # what Excel saves as CSV in western Europe and America, where it does not save UTF-8
MARKS = (b"\xff\xfe", b"\xfe\xff")  # with which UTF-16 begins


def expect_file(path: Path, *, file: str, largest: int | None) -> None:
    """The path is an ordinary file of a size that can be read; else UnreadableError."""
    if path.is_dir():
        raise UnreadableError(Problem("is a folder; a file is expected", file=file, code="file.folder"))
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise UnreadableError(Problem("is not an ordinary file", file=file, code="file.no_file"))
    try:
        size = path.stat().st_size
        if largest is not None and size > largest:
            reason = f"is larger than {largest:,} bytes"
            raise UnreadableError(Problem(reason, file=file, code="file.too_large"))
    except OSError as error:
        raise UnreadableError(_unreadable(error, file)) from None


def _unreadable(error: OSError, file: str) -> Problem:
    return Problem(f"cannot be read: {error.strerror}", file=file, code="file.unreadable")


def read_text(path: Path, *, file: str, largest: int, if_empty: str) -> str:
    """The text of a UTF-8 file, with or without a byte order mark; anything else raises UnreadableError."""
    content = read_content(path, file=file, largest=largest, if_empty=if_empty)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = "is not UTF-8 text. Save it as UTF-8"
        raise UnreadableError(Problem(reason, file=file, line=line, code="file.no_utf8")) from None
    return _expect_text(text, file)


def read_any_text(
    path: Path, *, file: str, largest: int, if_empty: str, encoding: str | None
) -> tuple[str, str]:
    """The text of a file in any of the usual encodings, or in the one that is said, and the encoding.

    Byte order marks and valid UTF-8 are plain; what is neither is the encoding of Windows, if all its letters
    are there.
    """
    content = read_content(path, file=file, largest=largest, if_empty=if_empty)
    chosen = encoding or _marked(content) or "utf-8-sig"
    try:
        return _expect_text(content.decode(chosen).removeprefix("\ufeff"), file), chosen
    except UnicodeDecodeError as error:
        first = error.start
    line = content.count(b"\n", 0, first) + 1
    try:
        if encoding is None and not content.startswith(MARKS):
            return _expect_text(content.decode(WINDOWS), file), WINDOWS
    except UnicodeDecodeError:
        pass
    reason = (f"is not {encoding} text" if encoding else "is not UTF-8 text")
    remedy = "Save it as UTF-8, or say what it is with formats: {encoding: ...} in scenario.yaml"
    raise UnreadableError(Problem(f"{reason}. {remedy}", file=file, line=line, code="file.no_utf8"))


def read_content(path: Path, *, file: str, largest: int, if_empty: str) -> bytes:
    """What the file holds, which is not nothing; else UnreadableError."""
    expect_file(path, file=file, largest=largest)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(_unreadable(error, file)) from None
    if not content.strip():
        raise UnreadableError(Problem(f"is empty: {if_empty}", file=file, code="file.empty"))
    return content


def _marked(content: bytes) -> str:
    """The encoding that a byte order mark tells of."""
    return "utf-16" if content.startswith(MARKS) else ""


def _expect_text(text: str, file: str) -> str:
    if "\0" in text:
        reason = "is not a text file: it holds zero bytes"
        raise UnreadableError(Problem(reason, file=file, code="file.no_text"))
    return text


@contextmanager
def without_collector() -> Iterator[None]:
    """The garbage collector rests: it would walk over a million cells again and again, and they hold no
    cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
