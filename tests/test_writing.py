"""Files and folders are written whole or not at all."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner import writing
from planner.errors import OutputError
from planner.writing import (
    expect_file,
    expect_folder,
    expect_list,
    standing,
    whole_file,
    whole_folder,
    write_text,
)

OWN = ("table.csv", "parts", "marker.json")


def fill(folder: Path, text: str) -> None:
    with whole_folder(folder, own=OWN, marker="marker.json") as new:
        (new / "parts").mkdir()
        for name in ("table.csv", "parts/one.csv", "marker.json"):
            (new / name).write_text(text)


def held(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def whole(text: str) -> dict[str, str]:
    return dict.fromkeys(("table.csv", "parts/one.csv", "marker.json"), text)


# ---------------------------------------------------------------------------------------------------- files


def test_a_file_and_its_folder_are_written(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "a.csv", "é\n")
    assert (tmp_path / "new" / "a.csv").read_bytes() == "é\n".encode()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.csv"]


def test_what_is_no_unicode_is_written_with_question_marks(tmp_path: Path) -> None:
    write_text(tmp_path / "a.html", "a\ud800b")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "a?b"


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"this is a folder\. Choose a file name, like "):
        write_text(tmp_path, "text")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("older")
    with pytest.raises(OutputError, match=r"file/page.html: cannot be written \(.+\)\. What was there is left unchanged"):
        write_text(tmp_path / "file" / "page.html", "text")
    assert (tmp_path / "file").read_text() == "older"


def test_a_full_disk_leaves_the_older_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a.csv").write_text("older")
    monkeypatch.setattr(os, "fsync", full)
    for target in (tmp_path / "a.csv", tmp_path / "new" / "deep" / "b.csv"):
        with pytest.raises(OutputError, match=r"csv: cannot be written \(No space left on device\)"):
            write_text(target, "newer")
    assert held(tmp_path) == {"a.csv": "older"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_link_goes_on_pointing_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("older")
    (tmp_path / "page.html").symlink_to("real.html")
    write_text(tmp_path / "page.html", "newer")
    assert (tmp_path / "page.html").is_symlink()
    assert (tmp_path / "real.html").read_text() == "newer"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE) as reader:
        write_text(tmp_path / "pipe", "text")
        assert reader.communicate()[0] == b"text"
    assert (tmp_path / "pipe").is_fifo()


def test_permissions_of_what_was_there_are_kept(tmp_path: Path) -> None:
    write_text(tmp_path / "a.html", "older")
    fill(tmp_path / "plan", "older")
    secret = (tmp_path / "a.html", tmp_path / "plan" / "parts" / "one.csv", tmp_path / "plan")
    for place, mode in zip(secret, (0o600, 0o640, 0o700), strict=True):
        place.chmod(mode)
    write_text(tmp_path / "a.html", "newer")
    fill(tmp_path / "plan", "newer")
    assert [place.stat().st_mode & 0o777 for place in secret] == [0o600, 0o640, 0o700]


# -------------------------------------------------------------------------------------------------- folders


def as_renamed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is exchanged by renaming it."""


def as_a_volume(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is one that the system does not rename."""
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path == folder:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)


def as_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)


WAYS = (as_renamed, as_a_volume, as_the_current_one)


@pytest.mark.parametrize("stands", WAYS)
def test_a_folder_is_exchanged_and_what_people_keep_in_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stands: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    fill(tmp_path / "plan", "older")
    (tmp_path / "plan" / "parts" / "two.csv").write_text("of the older one only")
    (tmp_path / "plan" / "note.txt").write_text("agreed")
    stands(tmp_path / "plan", monkeypatch)

    fill(tmp_path / "plan", "newer")

    assert held(tmp_path / "plan") == {**whole("newer"), "note.txt": "agreed"}
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_the_current_folder_stays_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "plan", "older")
    monkeypatch.chdir(tmp_path / "plan")
    before = Path().stat().st_ino
    fill(Path(), "newer")
    assert Path().resolve().stat().st_ino == before
    assert Path("table.csv").read_text() == "newer"


@pytest.mark.parametrize("stands", WAYS)
@pytest.mark.parametrize("step", ["copytree", "copy2", "rmtree", "rename", "replace", "unlink", "fsync"])
@pytest.mark.parametrize("kind", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_whatever_fails_on_the_way_leaves_one_whole_folder(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, kind: BaseException,
        stands: Callable[[Path, pytest.MonkeyPatch], None]) -> None:
    """Each call of the step fails once, one after the other; what stands at last is older or newer, never
    both.
    """
    for count in range(6):
        folder = tmp_path / str(count) / "plan"
        fill(folder, "older")
        with monkeypatch.context() as patched:
            stands(folder, patched)
            home = {"copytree": shutil, "copy2": shutil, "rmtree": shutil, "fsync": os}.get(step, Path)
            left, real = [count], getattr(home, step)

            def failing(*arguments, real=real, left=left, **keywords):
                left[0] -= 1
                if left[0] == -1:
                    raise kind
                return real(*arguments, **keywords)

            patched.setattr(home, step, failing)
            try:
                fill(folder, "newer")
                failed = False
            except (OutputError, KeyboardInterrupt):
                failed = True
        found = {name: text for name, text in held(folder).items() if not name.startswith(".previous")}
        assert found in ([whole("older"), whole("newer")] if failed else [whole("newer")])
        fill(folder, "newest")
        assert held(folder) == whole("newest")
        assert [path.name for path in folder.parent.iterdir()] == ["plan"]


KILLED = """
import os, pathlib, shutil, sys
from planner.writing import whole_folder
from pathlib import Path
folder, step, count, current = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "current"
if current:
    os.chdir(folder)
home = {"copytree": shutil, "copy2": shutil, "rmtree": shutil}.get(step, Path)
real, left = getattr(home, step), [count]
def dying(*arguments, **keywords):
    left[0] -= 1
    if left[0] < 0:
        os._exit(9)
    return real(*arguments, **keywords)
with whole_folder(folder, own=("table.csv", "parts", "marker.json"), marker="marker.json") as new:
    (new / "parts").mkdir()
    for name in ("table.csv", "parts/one.csv", "marker.json"):
        (new / name).write_text("newer")
    setattr(home, step, dying)
"""


@pytest.mark.parametrize(("step", "count", "current"), [
    ("rename", 0, ""), ("rename", 1, ""), ("rmtree", 0, ""), ("rename", 0, "current"), ("copytree", 0, "current"),
    ("unlink", 0, "current"), ("replace", 0, "current"), ("replace", 1, "current"), ("replace", 2, "current"), ("rmtree", 1, "current"),
])
def test_a_process_that_is_killed_leaves_a_whole_folder_and_the_next_one_cleans_up(
    tmp_path: Path, step: str, count: int, current: str
) -> None:
    folder = tmp_path / "plan"
    fill(folder, "older")
    command = [sys.executable, "-c", KILLED, str(folder), step, str(count), current]
    assert subprocess.run(command, check=False).returncode == 9
    assert held(tmp_path) != {f"plan/{name}": text for name, text in whole("newer").items()}

    place = standing(folder, "marker.json")
    found = {name: (place / name).read_text() for name in whole("")}
    assert found in (whole("older"), whole("newer"))

    with pytest.raises(KeyboardInterrupt), whole_folder(folder, own=OWN, marker="marker.json"):
        raise KeyboardInterrupt
    assert {name: (folder / name).read_text() for name in whole("")} == found
    fill(folder, "newest")
    assert held(tmp_path) == {f"plan/{name}": text for name, text in whole("newest").items()}


def test_what_another_process_is_still_writing_is_left_alone(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.txt") as file:
        file.write_text("a")
        write_text(tmp_path / "b.txt", "b")
    assert held(tmp_path) == {"a.txt": "a", "b.txt": "b"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_whose_parent_may_not_be_written_is_filled(tmp_path: Path) -> None:
    fill(tmp_path / "locked" / "plan", "older")
    (tmp_path / "locked").chmod(0o500)
    try:
        fill(tmp_path / "locked" / "plan", "newer")
        assert held(tmp_path / "locked" / "plan") == whole("newer")
    finally:
        (tmp_path / "locked").chmod(0o700)


# ------------------------------------------------------------------------------------------ before the work


def test_a_place_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for expect in (expect_file, expect_folder):
        expect(tmp_path / "new" / "deep" / "place")
        with pytest.raises(OutputError, match=r"place: cannot be written, because of .*file\. Choose"):
            expect(tmp_path / "file" / "place")
    with pytest.raises(OutputError, match="this is a folder"):
        expect_file(tmp_path)
    with pytest.raises(OutputError, match="file: is a file"):
        expect_folder(tmp_path / "file")


@pytest.mark.parametrize("record", ["scenario.yaml", "plan.json", "forecast.json", "cycle.yaml"])
def test_a_list_replaces_no_file_of_a_scenario_a_plan_or_a_cycle(tmp_path: Path, record: str) -> None:
    expect_list(tmp_path / "demand.csv", example="sweep.csv")
    (tmp_path / record).write_text("")
    with pytest.raises(OutputError, match=r"demand.csv: is in the folder of a scenario, a plan or a cycle, which keeps"):
        expect_list(tmp_path / "demand.csv", example="sweep.csv")


def test_a_list_does_not_go_among_the_tables_of_a_plan(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "plan.json").write_text("")
    with pytest.raises(OutputError, match="keeps its own files only"):
        expect_list(tmp_path / "tables" / "sales.csv", example="sweep.csv")


def test_a_place_in_a_folder_that_may_not_be_written_is_said_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html").write_text("older")
    monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != tmp_path)
    with pytest.raises(OutputError, match=r"page.html: cannot be written, because of "):
        expect_file(tmp_path / "page.html")


# ------------------------------------------------------------------------------------------------ CSV tables

def test_a_file_can_be_told_by_its_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("abc")
    assert writing.fingerprint(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
