"""Files are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from planner.errors import OutputError
from planner.report.files import write_whole


def test_files_and_their_folder_are_written(tmp_path: Path) -> None:
    write_whole({tmp_path / "new" / "a.csv": "a\n", tmp_path / "new" / "b.csv": "é\n"})
    assert {file.name: file.read_bytes() for file in (tmp_path / "new").iterdir()} == {
        "a.csv": b"a\n",
        "b.csv": "é\n".encode(),
    }


def test_what_is_no_unicode_is_written_with_question_marks(tmp_path: Path) -> None:
    write_whole({tmp_path / "a.html": "a\ud800b"})
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "a?b"


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"this is a folder\. Choose a file name, like "):
        write_whole({tmp_path: "text"})


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("older")
    with pytest.raises(
        OutputError, match=r"file/page.html: cannot be written \(.+\). What stood there is untouched"
    ):
        write_whole({tmp_path / "file" / "page.html": "text"})
    assert (tmp_path / "file").read_text() == "older"


def test_a_full_disk_leaves_every_older_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for target in targets:
        target.write_text("older")
    written: list[int] = []

    def full_after_the_first(handle: int) -> None:
        written.append(handle)
        if len(written) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_after_the_first)
    with pytest.raises(OutputError, match=r"b.csv: cannot be written \(No space left on device\)"):
        write_whole(dict.fromkeys(targets, "newer"))
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "a.csv": "older",
        "b.csv": "older",
    }
