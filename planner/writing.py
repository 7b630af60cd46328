"""Files and folders that are written whole or not at all: a fault never leaves half a result or costs an
older one.

Whatever is new is written beside its place first, in a folder whose name begins with `.planner-`, and moved
when it is complete. A folder that is there already is exchanged by two renames; where that cannot be (a
mounted volume, somebody's current folder, a parent that may not be written), its files are exchanged one by
one while a whole copy of the older ones stands inside. Either way `standing` finds a whole folder at any
moment, even after the process or the machine was stopped half-way.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from planner.errors import OutputError

UNFINISHED = ".planner-"  # what is being written; left behind only by a process that was killed
RECORDS = ("scenario.yaml", "plan.json", "forecast.json", "cycle.yaml")  # each tells whose folder it is
PREVIOUS = ".previous"  # the older files of a folder whose files are being exchanged one by one
# A folder cannot be renamed: mounted, on another device, not ours to rename, or with a name that is too long.
NO_RENAME = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG)


# ------------------------------------------------------------------------------------------ before the work


def expect_file(target: Path, *, example: str = "page.html") -> None:
    """A file can be written at the place, as far as one can tell before there is anything to write."""
    refuse_folder(target, example=example)
    _expect_writable(target, target.parent)


def expect_list(target: Path, *, example: str) -> None:
    """A list or a chart can be written at the place, and replaces no file of a scenario, plan or cycle."""
    expect_file(target, example=example)
    refuse_record(target.parent, target)


def refuse_record(folder: Path, target: Path) -> None:
    """The folder is not that of a scenario, a plan, a forecast or a cycle; OutputError otherwise: what is put
    there would replace one of its files, or be taken for one.
    """
    held = next((name for name in RECORDS if (folder / name).is_file()), None)
    if held is not None or (folder.name == "tables" and (folder.parent / "plan.json").is_file()):
        raise OutputError(
            f"{target}: is in the folder of a scenario, a plan or a cycle, which keeps its own files only. "
            "Choose another folder"
        )


def expect_folder(target: Path) -> None:
    """A folder can be written at the place, as far as one can tell before there is anything to write."""
    _expect_writable(target, target)


def refuse_folder(target: Path, *, example: str = "page.html") -> None:
    """The place is no folder; OutputError otherwise: a file is to be written there."""
    if target.is_dir():
        raise OutputError(f"{target}: this is a folder. Choose a file name, like {target / example}")


def _expect_writable(target: Path, first: Path) -> None:
    absolute = Path(os.path.abspath(first))  # noqa: PTH100  # it need not exist, and links stay as they are
    nearest = next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        if nearest == Path(os.path.abspath(target)) and not nearest.is_dir():  # noqa: PTH100
            raise OutputError(f"{target}: is a file. Choose the name of a folder")
        raise OutputError(
            f"{target}: cannot be written, because of {nearest}. Choose a place that can be written"
        )


# ---------------------------------------------------------------------------------------------------- files


def write_text(target: Path, text: str) -> None:
    """The file holds the text, whole; a text that is no valid Unicode has question marks where it is not."""
    with whole_file(target) as file:
        file.write_text(text, encoding="utf-8", errors="replace", newline="\n")


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file to write, which takes the target's place when the block ends well; else nothing is changed."""
    refuse_folder(target)
    with _as_output_errors(target):
        if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
            yield target
            return
        place = Path(os.path.realpath(target))  # a link goes on pointing to its file
        with _parents(place), _unfinished(place.parent) as beside:
            yield beside / place.name
            _like(place, beside / place.name)
            _settle(beside)
            (beside / place.name).replace(place)


def current_folder() -> Path | None:
    """The current folder; none where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


def fingerprint(file: Path) -> str:
    """The SHA-256 of what the file holds."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# -------------------------------------------------------------------------------------------------- folders


@contextmanager
def whole_folder(folder: Path, *, own: Sequence[str], marker: str) -> Iterator[Path]:
    """A folder to fill with `own` files, which takes the target's place when the block ends well; else
    nothing is changed.

    What else people keep in the target stays there. The marker is the file without which the folder is not
    whole. Permissions of what was there are kept.
    """
    with _as_output_errors(folder):
        target = Path(os.path.realpath(folder))
        own = sorted(own, key=lambda one: one == marker)  # the marker comes last, and goes first
        _recover(target, own=own, marker=marker)
        stays = target.is_dir() and not _may_be_renamed(target)
        with _parents(target), _unfinished(target if stays else target.parent) as beside:
            new = beside / target.name
            new.mkdir()
            yield new
            for name in own:
                _like(target / name, new / name)
            _settle(new)
            _exchange(new, target, own=own, marker=marker, stays=stays)


def standing(folder: Path, marker: str) -> Path:
    """Where the folder stands whole: at its place, or aside after a write that was killed half-way."""
    target = Path(os.path.realpath(folder))
    places = (target, _aside(target), target / PREVIOUS)
    return next((place for place in places if (place / marker).is_file()), target)


def _recover(target: Path, *, own: Sequence[str], marker: str) -> None:
    """A write that was killed half-way leaves nothing behind: the older files are back, or gone if the newer
    ones are whole.
    """
    aside, inside = _aside(target), target / PREVIOUS
    if os.path.lexists(aside) and not os.path.lexists(target):
        aside.rename(target)
    if (inside / marker).is_file() and not (target / marker).is_file():
        _put_back(inside, target, own)
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(inside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}{PREVIOUS}")


def _may_be_renamed(target: Path) -> bool:
    """Whether another folder can take its place: it is no volume, and nobody's current folder that we know
    of.
    """
    current = current_folder()
    is_current = current is not None and (target == current or target in current.parents)
    return not (is_current or target.is_mount()) and os.access(target.parent, os.W_OK | os.X_OK)


def _exchange(new: Path, target: Path, *, own: Sequence[str], marker: str, stays: bool) -> None:
    """The new files stand at the target, by renaming the folder where that can be."""
    if not target.exists():
        new.rename(target)
        return
    if not stays:
        _keep_what_is_not_ours(target, new, own)
        try:
            _swap(new, target)
            return
        except OSError as error:
            if error.errno not in NO_RENAME:
                raise
    _exchange_files(new, target, own=own, marker=marker)


def _keep_what_is_not_ours(old: Path, new: Path, own: Sequence[str]) -> None:
    """Pages and notes that people keep in the folder survive a new one in its place."""
    for entry in old.iterdir():
        if entry.name in own or entry.name == PREVIOUS or entry.name.startswith(UNFINISHED):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)


def _swap(new: Path, target: Path) -> None:
    """The new folder stands where the old one stood. At every moment one of the two is whole, under a name
    that is known.
    """
    aside = _aside(target)
    _like(target, new)
    target.rename(aside)
    try:
        new.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _exchange_files(new: Path, target: Path, *, own: Sequence[str], marker: str) -> None:
    """The files of the new folder stand in the old one, the marker last. Until it is there, a whole copy of
    the older files is.
    """
    inside = target / PREVIOUS
    with _unfinished(target) as space:
        shutil.copytree(new, space / "new")  # nothing is moved before there is room for everything
        (space / "old").mkdir()
        for name in own:
            _copy(target / name, space / "old" / name)
        (space / "old").rename(inside)
        try:
            (target / marker).unlink(missing_ok=True)
            for name in own:
                _move(space / "new" / name, target / name)
        except BaseException:
            _put_back(inside, target, own)
            raise
        finally:  # unless putting back has failed, too: then they are what is left
            if (target / marker).exists() or not (inside / marker).exists():
                shutil.rmtree(inside, ignore_errors=True)


def _put_back(inside: Path, target: Path, own: Sequence[str]) -> None:
    """The older files stand at their places again; the copies stay until all are."""
    names = [name for name in own if (inside / name).exists()]
    for name in reversed(own):
        _remove(target / name)
    for name in names:
        _copy(inside / name, target / name)


def _copy(old: Path, new: Path) -> None:
    """A copy, if there is anything to copy."""
    if old.is_dir():
        shutil.copytree(old, new)
    elif old.exists():
        shutil.copy2(old, new)


def _move(new: Path, place: Path) -> None:
    """The new thing stands at the place; what stood there is gone, whether or not there is a new one."""
    if not new.is_file():
        _remove(place)
    if new.exists():
        new.replace(place)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


# ---------------------------------------------------------------------------------------------- small steps


@contextmanager
def _as_output_errors(target: Path) -> Iterator[None]:
    """What the system refuses becomes an OutputError that names the place."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        if not target.is_absolute() and current_folder() is None:
            reason = "the current folder is no longer there"
        raise OutputError(
            f"{target}: cannot be written ({reason}). What was there is left unchanged. "
            "Choose a place that can be written"
        ) from error


@contextmanager
def _parents(target: Path) -> Iterator[None]:
    """The folders above the target are there; those that were made for it are gone again if the block
    fails.
    """
    missing = [parent for parent in target.parents if not parent.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


@contextmanager
def _unfinished(parent: Path) -> Iterator[Path]:
    """A folder for what is being written, gone at the end. What killed processes have left here goes, too."""
    for leftover in parent.glob(f"{UNFINISHED}*"):
        with _locked(leftover) as is_ours:
            if is_ours:  # nobody is writing there any more
                shutil.rmtree(leftover, ignore_errors=True)
    unseen = parent / f".{uuid4().hex}"
    unseen.mkdir()
    folder = unseen.with_name(f"{UNFINISHED}{unseen.name[1:]}")
    try:
        with _locked(unseen):
            unseen.rename(folder)  # only now: others take away what they find unlocked
            yield folder
    finally:
        shutil.rmtree(unseen, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Whether the folder is locked for this process until the block ends; the system unlocks what a killed
    one had locked.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # no such locks on this system, or somebody was faster
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = True
    except OSError:
        is_ours = False
    try:
        yield is_ours
    finally:
        os.close(handle)


def _like(old: Path, new: Path) -> None:
    """The new file or folder has the permissions of the older one, and its owner where that may be given."""
    if not (old.exists() and new.exists()):
        return
    shutil.copymode(old, new)
    state = old.stat()
    with suppress(OSError, AttributeError):
        os.chown(new, state.st_uid, state.st_gid)
    if old.is_dir():
        for entry in new.iterdir():
            _like(old / entry.name, entry)


def _settle(folder: Path) -> None:
    """All that stands in the folder is on the disk; a full one may say so only now."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
