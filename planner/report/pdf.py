"""A pack as PDF: the page as Chromium prints it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from planner.errors import OutputError
from planner.writing import expect_file, whole_file

MAGIC = b"%PDF-"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
VARIABLE = "PLANNER_BROWSER"  # names the browser where none is on the path
PATIENCE = 120  # seconds: a pack takes two or three
DATES = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")
REMEDY = (
    f"Install Chromium (Debian: apt-get install chromium), or set {VARIABLE} to a Chromium, Chrome or Edge. "
    "Without one, write pack.html and print it from any browser"
)


def expect_pdf(target: Path) -> None:
    """A PDF can be written at the place, and replaces nothing but a PDF; OutputError otherwise, also where
    there is no browser to print it.
    """
    expect_file(target, example="pack.pdf")
    if target.is_file():
        with target.open("rb") as stream:
            begun = stream.read(len(MAGIC))
        if begun and begun != MAGIC:
            raise OutputError(f"{target}: is there already and is no PDF. Choose another name")
    browser()


def browser() -> str:
    """The program that prints; OutputError says how to get one."""
    choice = os.environ.get(VARIABLE, "")
    program = shutil.which(choice) if choice else next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        missing = (
            f"{VARIABLE} = {choice}: there is no such program" if choice else "no browser to print a PDF with"
        )
        raise OutputError(f"{missing}. {REMEDY}")
    return program


def write_pdf(path: Path, text: str) -> None:
    """The page stands at the path as PDF, whole; OutputError says why it could not be printed. The same
    page gives the same bytes with the same browser.
    """
    expect_pdf(path)
    with TemporaryDirectory(prefix="planner-") as place:
        page, printed = Path(place, "pack.html"), Path(place, "pack.pdf")
        page.write_text(text, encoding="utf-8")
        _print(page, printed, profile=Path(place, "profile"))
        with whole_file(path) as file:
            file.write_bytes(DATES.sub(_undated, printed.read_bytes()))


def _print(page: Path, printed: Path, *, profile: Path) -> None:
    command = [
        browser(),
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # Chromium has no sandbox for root
    try:
        ended = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"{command[0]} has not printed the pack within {PATIENCE} seconds. {REMEDY}"
        ) from error
    if ended.returncode or not printed.is_file():
        messages = ended.stderr.decode(errors="replace").strip().splitlines()
        reason = f": {messages[-1]}" if messages else ""
        raise OutputError(f"{command[0]} could not print the pack{reason}. {REMEDY}")


def _undated(match: "re.Match[bytes]") -> bytes:
    """The date without the day of printing, as long as before, so that no place in the file moves."""
    head = b"/" + match[1] + b" (D:"
    blank = len(match[0]) - len(head) - 1
    return head + b"20000101000000+00'00'"[:blank].ljust(blank, b"0") + b")"
