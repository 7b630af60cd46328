"""Files that are written whole or not at all, so that a fault never leaves half a result or costs an older
one.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from planner.errors import OutputError


def write_whole(texts: Mapping[Path, str]) -> None:
    """Every file holds its text; when one of them cannot be written, all hold what they held before.

    A text that is no valid Unicode is written with question marks where it is not.
    """
    new = {target: target.with_name(f".{target.name}.{uuid4().hex}") for target in texts}
    target = next(iter(texts))
    try:
        for target, text in texts.items():
            refuse_folder(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(new[target], text)
        for target in texts:
            new[target].replace(target)
    except OSError as error:
        raise OutputError(
            f"{target}: cannot be written ({error.strerror or error}). What stood there is untouched. "
            "Choose a place that can be written"
        ) from error
    finally:
        for leftover in new.values():
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def expect_writable(target: Path) -> None:
    """The place can be written, as far as one can tell before there is anything to write; OutputError
    otherwise.
    """
    nearest = next(place for place in (target, *target.absolute().parents) if place.exists())
    if (nearest != target and not nearest.is_dir()) or not os.access(nearest, os.W_OK):
        raise OutputError(
            f"{target}: cannot be written, because of {nearest}. Choose a place that can be written"
        )


def refuse_folder(target: Path) -> None:
    """The place is no folder; OutputError otherwise: a file is to be written there."""
    if target.is_dir():
        raise OutputError(f"{target}: this is a folder. Choose a file name, like {target / 'page.html'}")


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())  # a full disk may say so only now
