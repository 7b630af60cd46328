"""Faults around the command line: interrupts, full disks, readers that leave, places that cannot be written."""

import json
import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.plan.plan import make_plan
from planner.progress import Progress
from planner.scenario.load import load_scenario

ROOT = Path(__file__).parents[1]
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # as people run it
PATIENCE = 240  # seconds after which a test gives up


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "planner", *map(str, arguments)]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "starter"
    subprocess.run(command("new", folder), check=True, capture_output=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def older(starter: Path) -> Path:
    """A plan that stands there already."""
    folder = starter.with_name("plan")
    subprocess.run(command("solve", starter, "--output", folder), check=True, capture_output=True, cwd=ROOT)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ----------------------------------------------------------------------------------------------------- interrupts


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario whose every pass takes long enough to be interrupted: many ways to make and to send many products."""
    folder = tmp_path_factory.mktemp("slow") / "scenario"
    folder.mkdir()
    counts = {"item": 60, "plant": 3, "depot": 3, "market": 6}
    names = {kind: [f"{kind}-{number}" for number in range(count)] for kind, count in counts.items()}
    periods = [f"2026-{month:02d}" for month in range(1, 13)]
    tables: dict[str, list[str]] = {
        "items": ["item,price", *(f"{item},{90 + place}" for place, item in enumerate(names["item"]))],
        "sites": ["site", *names["plant"], *names["depot"]],
        "markets": ["market", *names["market"]],
        "demand": ["item,market,period,quantity", *(
            f"{item},{market},{period},{50 + (17 * i + 29 * m + 41 * p) % 60}" for i, item in enumerate(names["item"])
            for m, market in enumerate(names["market"]) for p, period in enumerate(periods))],
        "service_terms": ["item,market,lost_sale_cost", ",,900"],
        "routings": ["item,site,routing,unit_cost", *(
            f"{item},{plant},usual,{10 + (7 * i + 5 * p) % 13}" for i, item in enumerate(names["item"])
            for p, plant in enumerate(names["plant"]))],
        "routing_steps": ["item,site,routing,work_center,hours_per_unit", *(
            f"{item},{plant},usual,line,{0.5 + (3 * i + p) % 7 / 10}" for i, item in enumerate(names["item"])
            for p, plant in enumerate(names["plant"]))],
        "work_centers": ["site,work_center,available_hours,hour_cost,overtime_hours,overtime_hour_cost", *(
            f"{plant},line,4000,10,600,15" for plant in names["plant"])],
        "inventory": ["item,site,holding_cost", *(f"{item},{site},{0.5 + i % 5 / 10}" for i, item in enumerate(names["item"])
                                                  for site in names["plant"] + names["depot"])],
        "lanes": ["origin,destination,mode,item,unit_cost,lead_time", *(
            f"{plant},{depot},{mode},,{cost + (p + d) % 3},{lead}" for p, plant in enumerate(names["plant"])
            for d, depot in enumerate(names["depot"]) for mode, cost, lead in (("road", 4, 0), ("rail", 1, 1))),
            *(f"{depot},{market},road,,{1 + (d * m) % 5},0" for d, depot in enumerate(names["depot"])
              for m, market in enumerate(names["market"]))],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (folder / "scenario.yaml").write_text("name: Slow\ncalendar: {start: 2026-01, periods: 12}\n", encoding="utf-8")
    return folder


def interrupted(arguments: list[str], *, when: str, by: signal.Signals = signal.SIGINT,
                columns: int = 200) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command that gets a signal when its progress says so."""
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=its_end, cwd=ROOT, text=True,
                               env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns)})
    os.close(its_end)
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    seen = _watched(terminal, lambda text: when in text, lambda: process.send_signal(by))
    printed = process.stdout.read() if process.stdout else ""
    code = process.wait()
    watchdog.cancel()
    return code, printed, seen


def _watched(terminal: int, is_time: Callable[[str], bool], act: Callable[[], None]) -> str:
    """Everything that comes to the terminal; acts once, when it is time."""
    seen, acted = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
        if not acted and is_time(seen.decode(errors="replace")):
            act()
            acted = True
    os.close(terminal)
    return seen.decode(errors="replace")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_in_the_last_pass_keeps_the_best_plan(slow: Path, tmp_path: Path, by: signal.Signals) -> None:
    arguments = command("solve", slow, "--output", tmp_path / "plan")
    code, printed, seen = interrupted(arguments, when="operations cost", by=by, columns=80)
    assert "pass 3 of 3" in seen and "best " in seen  # at 80 columns
    assert code == 0
    assert "interrupted: the best plan found" in printed
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["status"] == "interrupted"


def test_an_interrupt_just_before_the_last_pass_keeps_the_best_plan(starter: Path) -> None:
    def interrupt_at_last(record: Progress) -> None:
        if record.goal == "operations cost":
            raise KeyboardInterrupt

    plan = make_plan(load_scenario(starter), progress=interrupt_at_last)
    assert (plan.status, [step.name for step in plan.passes][-1]) == ("interrupted", "operations cost")


@pytest.mark.parametrize(("by", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_to_end_before_the_first_plan_leaves_an_older_one_alone(
    slow: Path, older: Path, tmp_path: Path, by: signal.Signals, expected: int
) -> None:
    shutil.copytree(older, tmp_path / "plan")
    arguments = command("solve", slow, "--output", tmp_path / "plan")
    code, printed, seen = interrupted(arguments, when="building", by=by)
    assert (code, printed) == (expected, "")
    assert "cancelled while" in seen and "Traceback" not in seen
    assert contents(tmp_path / "plan") == contents(older)


def test_progress_is_told_to_a_terminal_and_cleared_away(starter: Path) -> None:
    code, printed, seen = interrupted(command("solve", starter), when="nothing of the kind")
    assert code == 0
    assert "solving pass" in seen and "operations cost" in seen
    assert "solving pass" not in printed


# ------------------------------------------------------------------------------------------ disks, pipes, places


FULL_DISK = """
import resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # no file may grow beyond a page: what a full disk does
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from planner.cli import main
from planner.progress import Progress
main()
"""


def on_a_full_disk(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", FULL_DISK, *map(str, arguments)], capture_output=True, text=True, check=False,
                          cwd=ROOT)


def test_a_full_disk_costs_no_older_plan_and_the_result_is_seen(starter: Path, older: Path, tmp_path: Path) -> None:
    shutil.copytree(older, tmp_path / "plan")
    result = on_a_full_disk("solve", starter, "--output", tmp_path / "plan")
    assert result.returncode == 2
    assert "cannot be written (File too large). What was there is left unchanged" in result.stderr
    assert "optimal: best achievable service" in result.stdout
    assert contents(tmp_path / "plan") == contents(older)
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]


def test_a_full_disk_costs_no_older_page(older: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html>older")
    result = on_a_full_disk("report", older, "--output", tmp_path / "page.html")
    assert result.returncode == 2
    assert "cannot be written (File too large). What was there is left unchanged" in result.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"page.html": "<!doctype html>older"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_disk_behind_stdout_is_told(older: Path, options: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command("explain", older, *options), stdout=full, stderr=subprocess.PIPE, text=True,
                                check=False, cwd=ROOT, env=BUFFERED)
    assert (result.returncode, result.stderr) == (2, "standard output: No space left on device\n")


def test_a_reader_that_leaves_is_no_reason_to_complain(older: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run(command("explain", older), stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT,
                            env=BUFFERED)
    os.close(writing)
    assert (result.returncode, result.stderr) == (141, "")  # as a command that dies of SIGPIPE


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_closed_by_the_caller_are_no_reason_to_fail(closed: str, older: Path) -> None:
    line = f"{shlex.join(command('explain', older))} {closed}"
    result = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_terminal_that_cannot_show_a_letter_shows_a_question_mark(starter: Path, tmp_path: Path) -> None:
    shutil.copytree(starter, tmp_path / "été")
    result = subprocess.run(command("check", tmp_path / "été"), capture_output=True, check=False, cwd=ROOT,
                            env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{tmp_path}/?t?: no problems\n".encode(), b"")
